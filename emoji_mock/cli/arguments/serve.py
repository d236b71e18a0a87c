"""What `emoji-mock serve` takes; light, for every start of the command reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from emoji_mock.cli.arguments.types import failed_as, fault, latency, limit, port, positive, scale, scenario, seed

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable


def describe(add_verb: Callable[..., ArgumentParser]) -> None:
    """Add the verb to a command line."""
    serve = add_verb(
        "serve",
        help="start the fake on a socket",
        description="Start the fake on a socket.",
        epilog="Exit status: 0 it was stopped, 1 it could not start (a port that is taken, a file that is no good),"
        " 2 the command line is wrong.",
    )
    serve.set_defaults(run=_serve)
    _add_place(serve)
    _add_vendor(serve)
    _add_weather(serve)
    _add_memory(serve)
    serve.add_argument("--verbose", "-v", action="store_true", default=None, help="print a line for every call")


def _add_place(serve: ArgumentParser) -> None:
    serve.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=port, help="port to listen on, 0 for any free one (default: 8000)")
    serve.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="TOML file with any of these options, and rules; read again when it changes",
    )
    serve.add_argument(
        "--scenario", type=scenario, metavar="NAME|FILE", help="what callers meet (see `emoji-mock scenario list`)"
    )


def _add_vendor(serve: ArgumentParser) -> None:
    serve.add_argument("--seed", type=seed, help="repeat request ids and boxes")
    serve.add_argument(
        "--failed-as",
        type=failed_as,
        metavar="{200,400}",
        help="HTTP status of a failed detection (default: 200, as documented)",
    )
    serve.add_argument(
        "--details", action="store_true", default=None, help="end gateway messages with `For details, see: …`"
    )
    serve.add_argument("--retired", action="store_true", default=None, help="answer as if the model were offline")


def _add_weather(serve: ArgumentParser) -> None:
    serve.add_argument(
        "--fault",
        type=fault,
        action="append",
        metavar="KIND[=CHANCE]",
        help="let the network misbehave, always or by chance: reset=0.05 (may be repeated; see docs/faults.md)",
    )
    serve.add_argument(
        "--latency",
        type=latency,
        metavar="SECONDS|DISTRIBUTION",
        help="hold every answer back: 0.2, or lognormal:0.2,0.5",
    )
    serve.add_argument(
        "--limit",
        type=limit,
        action="append",
        metavar="NAME=VALUE",
        help="hold every account to a limit: rps=1, images=200 (may be repeated; see docs/limits.md)",
    )


def _add_memory(serve: ArgumentParser) -> None:
    serve.add_argument("--journal-size", type=positive, metavar="N", help="exchanges to remember (default: 10000)")
    serve.add_argument(
        "--replay", type=Path, metavar="DIR", help="answer with the recordings in a folder, where they fit"
    )
    serve.add_argument(
        "--time-scale",
        type=scale,
        metavar="X",
        help="share of the vendor's minutes that a video takes (default: 1)",
    )
    serve.add_argument(
        "--upload-bytes", type=positive, metavar="N", help="bytes of uploaded pictures to keep (default: 67108864)"
    )
    serve.add_argument("--upload-dir", type=Path, metavar="DIR", help="keep uploaded pictures there, not in memory")


def _serve(chosen: Namespace) -> int:
    from emoji_mock.cli.serve import serve  # noqa: PLC0415

    return serve(chosen)
