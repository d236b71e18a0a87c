"""The page of the findings of the verdict."""

from __future__ import annotations

from layout import code, page, plain, table

from emoji_mock.verdict.findings import Kind, Severity

_INTRODUCTION = """\
A finding is one kind of mistake of one caller. `emoji_api.verdict`, `emoji-mock report` and
`GET /_mock/verdict` list them. `emoji-mock explain gave-up`
prints one. [The verdict](../explanations/verdict.md) says more about how they are recognised.
"""
_SEVERITIES = {
    Severity.WRONG: ("it fails, or reveals a secret, under any network conditions", "always"),
    Severity.WASTEFUL: ("it costs money or quota without a benefit", "with `strict`"),
    Severity.RISKY: ("it works until many callers do it, or something else fails", "with `strict`"),
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
            table(
                ("Finding", "Severity", "How it is recognised", "What to do instead"),
                [
                    (code(one.value.title), str(one.value.severity), one.value.recognised, plain(one.value.instead))
                    for one in Kind
                ],
            ),
            "## Severities",
            table(("Severity", "Meaning", "Counts"), [(str(one), *_SEVERITIES[one]) for one in Severity]),
            "## Where it is used",
            table(("By", "To"), _USES),
        )
    }
