"""The page of the limits of an account: each limit, the vendor's numbers for each model, and where limits are set."""

from __future__ import annotations

from layout import code, page, plain, table

from emoji_mock.config.schemas import scenario_schema
from emoji_mock.contract.endpoint import TASK_QPS
from emoji_mock.contract.model import TaskModel
from emoji_mock.contract.models import MODELS

_INTRODUCTION = """\
Accounts are not limited by default. Each account, that is each namespace, has its own counts, by
the fake's clock. [Money](../explanations/money.md#limits-and-budgets) says what counts, and how
to move that clock in a test.
"""
_LIMITS = {
    "rps": ("429", "Throttling.RateQuota"),
    "burst": ("429", "Throttling.BurstRate"),
    "concurrency": ("429", "Throttling"),
    "task_qps": ("429", "Throttling.RateQuota"),
    "images": ("403", "AllocationQuota.FreeTierOnly"),
    "seconds": ("403", "AllocationQuota.FreeTierOnly"),
    "spend": ("400", "Arrearage"),
}
"""How a call above a limit is refused."""
_PLACES = (
    ("a test, while it runs", "`emoji_api.limit(rps=1, images=200)`; `rps=None` lifts one"),
    ("the mark of a test", '`@pytest.mark.emoji(limits={"rps": 1})`'),
    ("all tests", "`--emoji-limits rps=1,images=200`, or `emoji_limits = rps=1 images=200` in the ini file"),
    ("a server", "`emoji-mock serve --limit rps=1 --limit images=200`, or `--limit documented`"),
    ("its file, or a scenario", "the table `[limits]` with `rps = 1`"),
    (
        "the control API",
        (
            '`PUT /_mock/limits?namespace=alice` with `{"rps": 1}` replaces the limits of `alice`, `{}` lifts them.'
            " Without `namespace` it is for everyone. `GET` lists them, `DELETE` drops them"
        ),
    ),
    ("Python", "`Fake(Options(limits=Limits(rps=1)))`"),
)
_ORDER = """\
For each account, the first of these applies as a whole: its own limits, everyone's limits, the
limits that the fake was started with. A reset drops limits that were set later, and restarts
every count.
"""


def pages() -> dict[str, str]:
    """Return the page by its path."""
    schemas = scenario_schema()["$defs"]
    described = {name: plain(one["description"]) for name, one in schemas["Limits"]["properties"].items()}
    rows = [
        (code(name), described.pop(name), f"{status} [`{refusal}`](catalogue/{refusal}.md)")
        for name, (status, refusal) in _LIMITS.items()
    ]
    return {
        "limits.md": page(
            "Limits of an account",
            _INTRODUCTION,
            table(("Limit", "Most", "Answer above it"), rows),
            "Two more keys change how limits work:",
            table(("Key", "If it is true"), [(code(name), text) for name, text in described.items()]),
            "## The vendor's numbers",
            f"They are set by `documented`, with {TASK_QPS} for `task_qps`. [Models](models.md) has their sources.",
            table(("Model", "`rps`", "`images`", "`seconds`"), map(_numbers, MODELS)),
            "The vendor gives no number for `burst`, `concurrency` and `spend`.",
            "## Where limits are set",
            table(("In", "How"), _PLACES),
            _ORDER,
        )
    }


def _numbers(name: str) -> tuple[str, ...]:
    model = MODELS[name]
    free = str(model.free)
    return code(name), str(model.rps), *(("", free) if isinstance(model, TaskModel) else (free, ""))
