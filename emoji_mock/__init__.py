"""A faithful offline fake of Alibaba Cloud's Emoji face-detect API (`emoji-detect-v1` on DashScope).

Importing this package loads nothing else; each public name loads what it needs when it is first used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emoji_mock.assembly import Fake as Fake
    from emoji_mock.contract.codes import Code as Code
    from emoji_mock.contract.exchange import Request as Request
    from emoji_mock.contract.exchange import Response as Response
    from emoji_mock.contract.row import Outcome as Outcome
    from emoji_mock.fake.accounting.journal import Entry as Entry
    from emoji_mock.fake.accounting.ledger import Ledger as Ledger
    from emoji_mock.fake.accounting.limits import Limits as Limits
    from emoji_mock.fake.clock import Clock as Clock
    from emoji_mock.fake.options import Options as Options
    from emoji_mock.fake.rules.rule import Rule as Rule
    from emoji_mock.interceptors.respx import FakeRouter as FakeRouter
    from emoji_mock.interceptors.respx import router as router
    from emoji_mock.testing.api import EmojiApi as EmojiApi
    from emoji_mock.testing.api import intercept as intercept
    from emoji_mock.testing.serving.emoji_server import EmojiServer as EmojiServer
    from emoji_mock.verdict.verdict import Verdict as Verdict

__version__ = "0.2.0"
__all__ = [
    "Clock",
    "Code",
    "EmojiApi",
    "EmojiServer",
    "Entry",
    "Fake",
    "FakeRouter",
    "Ledger",
    "Limits",
    "Options",
    "Outcome",
    "Request",
    "Response",
    "Rule",
    "Verdict",
    "__version__",
    "intercept",
    "router",
]

_MODULES = {
    "Clock": "emoji_mock.fake.clock",
    "Code": "emoji_mock.contract.codes",
    "EmojiApi": "emoji_mock.testing.api",
    "EmojiServer": "emoji_mock.testing.serving.emoji_server",
    "Entry": "emoji_mock.fake.accounting.journal",
    "Fake": "emoji_mock.assembly",
    "FakeRouter": "emoji_mock.interceptors.respx",
    "Ledger": "emoji_mock.fake.accounting.ledger",
    "Limits": "emoji_mock.fake.accounting.limits",
    "Options": "emoji_mock.fake.options",
    "Outcome": "emoji_mock.contract.row",
    "Request": "emoji_mock.contract.exchange",
    "Response": "emoji_mock.contract.exchange",
    "Rule": "emoji_mock.fake.rules.rule",
    "Verdict": "emoji_mock.verdict.verdict",
    "intercept": "emoji_mock.testing.api",
    "router": "emoji_mock.interceptors.respx",
}


if not TYPE_CHECKING:  # so that a type checker reports a misspelt name

    def __getattr__(name: str) -> Any:  # noqa: ANN401 - a class or a function
        """Load a public name when it is first used (PEP 562)."""
        if name not in _MODULES:
            raise AttributeError(f"module 'emoji_mock' has no attribute {name!r}; choose from {', '.join(__all__)}")
        from importlib import import_module  # noqa: PLC0415

        value = getattr(import_module(_MODULES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
