"""The text at the head of the manual: what this is, how to steer it, and which models there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.contract.endpoint import MODEL
from emoji_mock.contract.model import DetectionModel
from emoji_mock.contract.models import MODELS
from emoji_mock.fake.accounting.api_keys import RESERVED
from emoji_mock.fake.rules import magic_urls
from emoji_mock.server.pages import CONTROL

if TYPE_CHECKING:
    from emoji_mock.contract.model import Model

_SOURCES = dict.fromkeys(str(one.retirement.provenance) for one in MODELS.values() if one.retirement is not None)
_TEXT = f"""
An offline fake of Alibaba Cloud's `{MODEL}` and its siblings. Point your program's base URL here and send any
bearer key.

**Steering without code.** The picture's URL says which answer it gets:
`https://{magic_urls.HOST}/passed/640x800.png`, `https://{magic_urls.HOST}/failed/FacePose.png`,
`https://{magic_urls.HOST}/error/Throttling.RateQuota.png`. These keys always get the same answer:
{", ".join(f"`{key}`" for key in RESERVED)}.

**Namespaces.** The key `sk-mock-<name>` selects namespace `<name>`, with rules, limits, journal and ledger of its own;
any other key has a namespace of its own, named by the key's fingerprint.

**Where this comes from.** Every code says how it is known: see `GET {CONTROL}/catalogue`, or run
`emoji-mock explain CODE`.

**Models.** All answer as if they were alive, unless the fake was started for a day (`--as-of`). When a model is
retired is {", ".join(_SOURCES)}. That the others are alive is inferred: no list of retired models has them.
"""
_HEADINGS = ("model", "path", "CNY", "free", "calls a second", "retired", "instead", "known")


def about() -> str:
    """Return the text, with a table of the models, in Markdown."""
    rows = [_HEADINGS, tuple("---" for _ in _HEADINGS), *map(_row, MODELS.values())]
    return "\n".join([_TEXT, *(f"| {' | '.join(row)} |" for row in rows)])


def _row(model: Model) -> tuple[str, ...]:
    unit = "image" if isinstance(model, DetectionModel) else "s"
    prices = " · ".join(f"{price}/{unit}{f' ({tier})' if tier else ''}" for tier, price in model.prices.items())
    free = f"{model.free} {'images' if unit == 'image' else unit}"
    fate, path = model.retirement, f"`…/{model.route.path.rpartition('/')[2]}`"
    retired, successor = ("no", "") if fate is None else (f"{fate.at:%Y-%m-%d}", f"`{fate.successor}`")
    return f"`{model.name}`", path, prices, free, str(model.rps), retired, successor, str(model.terms)
