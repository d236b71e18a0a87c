"""A report as one self-contained HTML page: no script, and no font, picture or style from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from emoji_mock import __version__
from emoji_mock.conformance.judge.result import AGREES, Assessment
from emoji_mock.conformance.report.report import (
    count_by_assessment,
    describe_spending,
    group_alike,
    in_words,
    merge_comparisons,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emoji_mock.conformance.judge.result import CaseResult, Comparison
    from emoji_mock.conformance.report.report import Report

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2024; --soft: #60646c; --line: #e0e1e6; --ground: #fcfcfd; --panel: #fff;
  --good: #18794e; --bad: #c62a2f; --note: #8a5a00; --cold: #3a5bc7; }
@media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --soft: #a1a4ab; --line: #363a3f; --ground: #111113;
  --panel: #18191b; --good: #3dd68c; --bad: #ff9592; --note: #ffca16; --cold: #9eb1ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 2rem 1.25rem 4rem; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .75rem; }
p { margin: .25rem 0; } .soft { color: var(--soft); }
code { font: .9em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0; padding: 0; list-style: none; }
.counts li { border: 1px solid var(--line); border-radius: .5rem; background: var(--panel); padding: .5rem .9rem; }
.counts b { font-size: 1.3rem; margin-right: .35rem; font-variant-numeric: tabular-nums; }
article { border: 1px solid var(--line); border-left: 4px solid currentColor; border-radius: .5rem; margin: .75rem 0;
  background: var(--panel); padding: .8rem 1rem; }
article details { margin-top: .5rem; padding: .5rem 0 0; }
article > * { color: var(--ink); }
article ul { list-style: none; margin: .5rem 0 0; padding: 0; } small { color: var(--soft); }
.scroll { overflow-x: auto; } .five { min-width: 36rem; table-layout: fixed; } .five th { width: 20%; }
table { border-collapse: collapse; width: 100%; margin-top: .5rem; font-size: .92em; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-top: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; white-space: nowrap; border-top: 0; }
details { border-top: 1px solid var(--line); padding: .6rem 0; } summary { cursor: pointer; }
.conforms { color: var(--good); } .drifted, .breaking { color: var(--bad); } .tighten, .notable { color: var(--note); }
.not-served, .undecided { color: var(--cold); } .skipped, .cosmetic { color: var(--soft); }
"""

_SHORT_LIST = 5
"""A longer list of case names is folded."""

_CLASS = {
    Assessment.CONFORMS: "conforms",
    Assessment.CAN_TIGHTEN: "tighten",
    Assessment.DRIFTED: "drifted",
    Assessment.NOT_SERVED: "not-served",
    Assessment.UNDECIDED: "undecided",
    Assessment.SKIPPED: "skipped",
}
_HEADINGS = {
    Assessment.DRIFTED: "Drift: the target differs from what is documented or observed",
    Assessment.NOT_SERVED: "Not served: the vendor denies this account or model, which is not drift",
    Assessment.CAN_TIGHTEN: "The contract can be tightened: a guess can now be settled",
    Assessment.UNDECIDED: "Undecided: run these again",
}


def page(report: Report, day: str) -> str:
    """Return the HTML page of `report`, made on `day`."""
    title = f"{report.target}: {report.assessment}"
    totals = "".join(
        f'<li class="{_CLASS[Assessment(name)]}"><b>{number}</b>{escape(name)}</li>'
        for name, number in count_by_assessment(report).items()
    )
    made = f"Tested against the contract on {day} by emoji-mock {__version__}."
    sections = "".join(_section(assessment, report) for assessment in _HEADINGS)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(title)}</title><style>{_STYLE}</style></head><body>
<h1>{escape(report.target)} <span class="{_CLASS[report.assessment]}">{escape(report.assessment)}</span></h1>
<p class="soft">{escape(made)} {escape(describe_spending(report))}</p>
<ul class="counts">{totals}</ul>
{_models(report)}{sections}
<h2>All cases</h2>
{_list("Conforms", Assessment.CONFORMS, report.results)}{_list("Skipped", Assessment.SKIPPED, report.results)}
{_list_strays(report)}
</body></html>
"""


def _models(report: Report) -> str:
    rows = "".join(
        f'<tr><td><code>{escape(model)}</code><td class="{_CLASS[part.assessment]}">{part.assessment}'
        f'<td class="soft">{", ".join(in_words(*count) for count in count_by_assessment(part).items())}</tr>'
        for model, part in report.models.items()
    )
    return f"<h2>Models</h2><table>{rows}</table>"


def _section(assessment: Assessment, report: Report) -> str:
    articles = "".join(map(_article, group_alike(report, assessment)))
    return f"<h2>{_HEADINGS[assessment]}</h2>{articles}" if articles else ""


def _article(results: list[CaseResult]) -> str:
    first = results[0]
    reason = f"<p>{escape(first.reason)}</p>" if first.reason else ""
    rows = "".join(_row(one) for one in merge_comparisons(results))
    head = "".join(f"<th>{word}" for word in ("what", "where", "contract", "fake", "target"))
    table = f'<div class="scroll"><table class="five"><tr>{head}</tr>{rows}</table></div>' if rows else ""
    return f'<article class="{_CLASS[first.assessment]}">{reason}{table}{_names(results)}</article>'


def _names(results: list[CaseResult]) -> str:
    names = "".join(
        f"<li><code>{escape(one.case.name)}</code> "
        f'<span class="soft">{one.case.model}: {escape(str(one.case.provenance))}</span>'
        for one in results
    )
    listed = f"<ul>{names}</ul>"
    return (
        f"<details><summary>{len(results)} cases</summary>{listed}</details>" if len(results) > _SHORT_LIST else listed
    )


def _row(comparison: Comparison) -> str:
    weight = f"{comparison.severity}, a guess" if comparison.guess else str(comparison.severity)
    cells = "".join(
        f'<td class="soft">{AGREES}' if value == AGREES else f"<td><code>{escape(value)}</code>"
        for value in (comparison.contract, comparison.fake, comparison.target)
    )
    return (
        f'<tr><td><span class="{comparison.severity}">{escape(comparison.kind)}</span><br><small>{weight}</small>'
        f"<td><code>{escape(comparison.where)}</code>{cells}</tr>"
    )


def _list(heading: str, assessment: Assessment, results: Iterable[CaseResult]) -> str:
    chosen = [one for one in results if one.assessment is assessment]
    if not chosen:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(one.case.name)}</code><td>{one.case.model}"
        f'<td class="soft">{escape(one.reason or str(one.case.provenance))}</tr>'
        for one in chosen
    )
    return f"<details><summary>{heading}: {len(chosen)}</summary><table>{rows}</table></details>"


def _list_strays(report: Report) -> str:
    names = "".join(f"<li><code>{escape(name)}</code>" for name in report.strays)
    head = "Strays: recorded, but no longer a case of the contract"
    return f"<details open><summary>{head}</summary><ul>{names}</ul></details>" if names else ""
