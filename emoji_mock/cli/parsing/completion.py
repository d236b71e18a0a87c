"""`emoji-mock completion`: a script by which a shell completes verbs, options and values. It starts no Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emoji_mock.cli.output import print_error
from emoji_mock.cli.parsing.help_text import examples, heading

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from emoji_mock.cli.parsing.parser import VerbParser

_SHELLS = ("bash", "zsh", "fish", "powershell", "tcsh")
_PATHS = {"FILE": "FILE", "NAME|FILE": "FILE", "IMAGE": "FILE", "AUDIO": "FILE", "DIR": "DIRECTORY", "PATH": "FILE"}
"""For the metavar of an argument, what `shtab` completes: the name of its constant."""
_BASH = "${XDG_DATA_HOME:-~/.local/share}/bash-completion/completions"
_INSTALL = heading(
    "install it once, then open a new shell",
    f"emoji-mock completion bash > {_BASH}/emoji-mock",
    'emoji-mock completion zsh > "${fpath[1]}/_emoji-mock"',
    "emoji-mock completion fish > ~/.config/fish/completions/emoji-mock.fish",
)


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments."""
    parser.description = f"Print the completion script of a shell.\n\n{_INSTALL}"
    parser.epilog = examples(
        "emoji-mock completion bash",
        then="Needs shtab: pip install 'emoji-mock[completion]'. The script needs neither shtab nor Python.",
    )
    parser.set_defaults(run=completion)
    parser.add_argument("shell", choices=_SHELLS, metavar="SHELL", help=", ".join(_SHELLS))


def completion(chosen: Namespace) -> int:
    """Print the script and return the exit status."""
    try:
        import shtab  # noqa: PLC0415 - an extra
    except ImportError:
        return print_error("completion", "completion needs shtab: pip install 'emoji-mock[completion]'", 1)
    parser = chosen.command_parser
    _describe_all(parser, shtab)
    print(shtab.complete(parser, chosen.shell))
    return 0


def _describe_all(parser: VerbParser, shtab: Any) -> None:  # noqa: ANN401 - a module without types
    """Describe `parser` and those below it; say which arguments are paths."""
    for _, described in list(parser.walk()):
        actions: list[Any] = described._actions  # noqa: SLF001 - shtab reads them likewise
        for action in actions:
            if action.metavar == "VERB":
                action.help = "verb"  # shtab leaves out what help texts leave out
                _name_verbs(action)
            elif action.metavar in _PATHS and action.choices is None:
                action.complete = getattr(shtab, _PATHS[action.metavar])


def _name_verbs(action: Any) -> None:  # noqa: ANN401 - argparse's own
    """Describe each verb by the one line of the help text."""
    for one in action._choices_actions:  # noqa: SLF001 - as above
        action.choices[one.dest].description = one.help
