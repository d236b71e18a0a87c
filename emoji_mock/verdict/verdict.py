"""Judge a journal, account by account, and format the findings."""

from collections.abc import Collection, Iterable, Iterator

from emoji_mock._support.validation import unknown
from emoji_mock.fake.accounting.journal import Entry
from emoji_mock.verdict import requests, retries, tasks, videos
from emoji_mock.verdict.attempts import group_jobs, group_other_requests
from emoji_mock.verdict.findings import MAX_EXCHANGES, Finding, Kind, Occurrence, Severity


class Verdict(list[Finding]):
    """The findings, the worst first. `str` formats them all."""

    def __init__(self, findings: Iterable[Finding] = (), *, judged: int = 0) -> None:
        super().__init__(findings)
        self.judged = judged
        """The number of judged exchanges."""

    def against(self, *, strict: bool = False, ignore: Collection[str] = ()) -> "Verdict":
        """Return the findings that count against the caller: the wrong ones, with `strict` all.

        `ignore` is a name, or names, of findings that do not count. Raises ValueError for an unknown name.
        """
        ignore = (ignore,) if isinstance(ignore, str) else ignore
        for name in ignore:
            if name not in NAMES:
                raise ValueError(f"ignore: {unknown('finding', name, NAMES)}")
        counted = tuple(Severity) if strict else (Severity.WRONG,)
        kept = [finding for finding in self if finding.severity in counted and finding.name not in ignore]
        return Verdict(kept, judged=self.judged)

    def __str__(self) -> str:
        calls = f"{self.judged} exchange{'s' * (self.judged != 1)} judged"
        if not self:
            return f"{calls}: nothing found."
        return "\n".join([f"{calls}, {len(self)} finding{'s' * (len(self) != 1)}:", *map(format_finding, self)])


NAMES = tuple(kind.value.title for kind in Kind)
"""The names of all findings."""


def judge(entries: Iterable[Entry]) -> Verdict:
    """Return what the callers of `entries`, oldest first, did wrong. Each namespace is judged separately."""
    accounts: dict[str, list[Entry]] = {}
    for entry in entries:
        accounts.setdefault(entry.namespace, []).append(entry)
    findings = [finding for namespace, mine in accounts.items() for finding in _findings(namespace, mine)]
    findings.sort(key=lambda finding: NAMES.index(finding.name))
    return Verdict(findings, judged=sum(map(len, accounts.values())))


def format_finding(finding: Finding) -> str:
    """Return a finding as indented lines."""
    lines = [
        f"  {finding.severity}  {finding.name}: {finding.done}",
        f"      shown by {format_exchanges(finding)}",
        f"      instead: {finding.instead}",
    ]
    return "\n".join(lines)


def format_exchanges(finding: Finding) -> str:
    """Return the exchanges of a finding, and their namespace, as text."""
    shown = ", ".join(f"#{number}" for number in finding.exchanges[:10])
    owner = f"namespace {finding.namespace}" if finding.namespace else "without a key"
    more = f" and {len(finding.exchanges) - 10} more" if len(finding.exchanges) > 10 else ""  # noqa: PLR2004
    return f"{shown}{more} ({owner})"


def _findings(namespace: str, entries: list[Entry]) -> Iterator[Finding]:
    by_kind: dict[Kind, list[Occurrence]] = {}
    for occurrence in _occurrences(entries):
        by_kind.setdefault(occurrence.kind, []).append(occurrence)
    for kind, found in by_kind.items():
        title, severity, instead, _ = kind.value
        more = f" (and {len(found) - 1} more like it)" if len(found) > 1 else ""
        shown = sorted({number for occurrence in found for number in occurrence.exchanges})[:MAX_EXCHANGES]
        yield Finding(title, severity, namespace, found[0].done + more, tuple(shown), instead, len(found))


def _occurrences(entries: list[Entry]) -> Iterator[Occurrence]:
    jobs = group_jobs(entries)
    without_video, outages = tasks.tasks_without_video(entries), retries.outages_of(jobs)
    for job in jobs:
        yield from retries.judge_job(job, without_video, outages)
    for group in group_other_requests(entries):
        yield from retries.judge_other_requests(group)
    yield from retries.judge_waits(entries)
    yield from videos.judge_videos(entries)
    yield from requests.judge_requests(entries)
