"""The page of the findings of the verdict."""

from __future__ import annotations

from layout import code, page, plain, table

from emoji_mock.verdict.findings import Kind, Severity

_INTRODUCTION = """\
A finding is one kind of mistake of one caller. `emoji_api.verdict`, `emoji-mock report` and
`GET /_mock/verdict` list them, and `emoji-mock explain gave-up` prints
one. [The verdict](../explanations/verdict.md) says more about how they are recognised.
"""
_SEVERITIES = {
    Severity.WRONG: "It fails, or reveals a secret, under any network conditions. It always counts.",
    Severity.WASTEFUL: "It costs money or quota without a benefit. It counts with `strict`.",
    Severity.RISKY: "It works until many callers do it, or something else fails. It counts with `strict`.",
}
_USES = (
    ('`emoji_api.assert_resilient(strict=True, ignore=["constant-backoff"])`', "fail a test"),
    ("`emoji-mock report --strict --ignore constant-backoff`", "judge the callers of a running server"),
    ("`emoji-mock run --verdict=strict -- COMMAND`", "judge a program"),
)


def pages() -> dict[str, str]:
    """Return the page by its path."""
    return {
        "findings.md": page(
            "Findings",
            _INTRODUCTION,
            *(part for severity in Severity for part in _section(severity)),
            "## Where it is used",
            table(("By", "To"), _USES),
        )
    }


def _section(severity: Severity) -> tuple[str, ...]:
    """Return the findings of one severity, below a heading."""
    rows = [
        (code(one.value.title), one.value.recognised, plain(one.value.instead))
        for one in Kind
        if one.value.severity is severity
    ]
    heading = f"## {severity.capitalize()}"
    return heading, _SEVERITIES[severity], table(("Finding", "How it is recognised", "What to do instead"), rows)
