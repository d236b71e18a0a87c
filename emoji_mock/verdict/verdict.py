"""The verdict on a journal: every finding in it, account by account, and its text."""

from collections.abc import Collection, Iterable, Iterator

from emoji_mock.fake.accounting.journal import Entry
from emoji_mock.verdict import requests, retries, tasks, videos
from emoji_mock.verdict.attempts import jobs, others
from emoji_mock.verdict.findings import SHOWN, Case, Finding, Kind, Severity


class Verdict(list[Finding]):
    """Findings, the worst first; printed, it tells them all."""

    def __init__(self, findings: Iterable[Finding] = (), *, judged: int = 0) -> None:
        super().__init__(findings)
        self.judged = judged
        """How many exchanges were judged."""

    def against(self, *, strict: bool = False, ignore: Collection[str] = ()) -> "Verdict":
        """Return the findings that speak against the caller: the wrong ones, with `strict` all; `ignore` names some.

        A single name may be given as it is. Raises ValueError for a name that there is not.
        """
        ignore = (ignore,) if isinstance(ignore, str) else ignore
        if unknown := [repr(name) for name in ignore if name not in NAMES]:
            raise ValueError(f"ignore: no finding {', '.join(unknown)}; there are {', '.join(NAMES)}")
        counted = tuple(Severity) if strict else (Severity.WRONG,)
        kept = [finding for finding in self if finding.severity in counted and finding.name not in ignore]
        return Verdict(kept, judged=self.judged)

    def __str__(self) -> str:
        calls = f"{self.judged} exchange{'s' * (self.judged != 1)} judged"
        if not self:
            return f"{calls}: nothing found."
        return "\n".join([f"{calls}, {len(self)} finding{'s' * (len(self) != 1)}:", *map(told, self)])


NAMES = tuple(kind.value.title for kind in Kind)
"""The names of all findings."""


def judge(entries: Iterable[Entry]) -> Verdict:
    """Return what the callers of `entries`, oldest first, did wrong; each namespace is judged for itself."""
    accounts: dict[str, list[Entry]] = {}
    for entry in entries:
        accounts.setdefault(entry.namespace, []).append(entry)
    findings = [finding for namespace, mine in accounts.items() for finding in _findings(namespace, mine)]
    findings.sort(key=lambda finding: NAMES.index(finding.name))
    return Verdict(findings, judged=sum(map(len, accounts.values())))


def told(finding: Finding) -> str:
    """Return a finding as indented lines."""
    lines = [
        f"  {finding.severity}  {finding.name}: {finding.done}",
        f"      shown by {exchanges(finding)}",
        f"      instead: {finding.instead}",
    ]
    return "\n".join(lines)


def exchanges(finding: Finding) -> str:
    """Return the exchanges of a finding as a person reads them, and of which namespace they are."""
    shown = ", ".join(f"#{number}" for number in finding.exchanges[:10])
    owner = f"namespace {finding.namespace}" if finding.namespace else "without a key"
    more = f" and {len(finding.exchanges) - 10} more" if len(finding.exchanges) > 10 else ""  # noqa: PLR2004
    return f"{shown}{more} ({owner})"


def _findings(namespace: str, entries: list[Entry]) -> Iterator[Finding]:
    found: dict[Kind, list[Case]] = {}
    for case in _cases(entries):
        found.setdefault(case.kind, []).append(case)
    for kind, cases in found.items():
        title, severity, instead = kind.value
        more = f" (and {len(cases) - 1} more like it)" if len(cases) > 1 else ""
        shown = sorted({number for case in cases for number in case.exchanges})[:SHOWN]
        yield Finding(title, severity, namespace, cases[0].done + more, tuple(shown), instead, len(cases))


def _cases(entries: list[Entry]) -> Iterator[Case]:
    wanted = jobs(entries)
    without_video, outages = tasks.without_video(entries), retries.outages(wanted)
    for job in wanted:
        yield from retries.judge(job, without_video, outages)
    for job in others(entries):
        yield from retries.judge_other(job)
    yield from retries.waited_out(entries)
    yield from videos.judge(entries)
    yield from requests.judge(entries)
