"""What replicas promise, as pure functions over what clients received and what the journal holds."""

from collections import Counter
from math import inf

OUTCOMES = ("passed", "failed", "errors", "done")
"""The counts of a ledger that the clients of this soak can cause; there are no faults in it."""
_COUNTED_AS = {"error": "errors", "fault": "faults"}


def is_exact(charged, received, uncertain=0):
    """Return whether a ledger has what clients received, and at most `uncertain` calls more.

    Uncertain is a call whose answer never came, or was that the engine is away: it may have been counted or not.
    """
    more = {name: charged.get(name, 0) - received.get(name, 0) for name in OUTCOMES}
    return min(more.values()) >= 0 and sum(more.values()) <= uncertain


def difference(after, before):
    """Return by how much each count of a ledger has grown."""
    return {name: after.get(name, 0) - before.get(name, 0) for name in OUTCOMES}


def most_within(spans, seconds):
    """Return how many calls at most were sent and answered within `seconds`.

    As each was admitted between the two, so many were admitted within that time, whatever the delays on the way.
    """
    ordered, most = sorted(spans), 0
    for place, (begin, _) in enumerate(ordered):
        within = 0
        for sent, received in ordered[place:]:
            if sent >= begin + seconds:
                break
            within += received < begin + seconds
        most = max(most, within)
    return most


def most_at_once(spans, lasting):
    """Return how many calls at most were in progress at one time, if each lasts `lasting` seconds in the server.

    It was admitted at the latest `lasting` before its answer came, and ended at the earliest `lasting` after it was sent.
    """
    changes = []
    for sent, received in spans:
        begin, end = received - lasting, sent + lasting
        if begin < end:
            changes += [(begin, 1), (end, -1)]
    under_way = most = 0
    for _, change in sorted(changes):
        under_way += change
        most = max(most, under_way)
    return most


def without_reason(refused, admitted, most, window):
    """Return how many calls were refused although fewer than `most` admitted ones can have counted.

    One counts while it is in progress, and for `window` seconds after it was admitted, wherever between its two ends.
    """
    count = 0
    for sent, received in refused:
        count += sum(begin < received and end > sent - window for begin, end in admitted) < most
    return count


def latest_after(absences, refused_at):
    """Return how many seconds after the end of an absence, and before the next, a caller was refused at the latest."""
    ends = [begin for begin, _ in absences[1:]] + [inf]
    return max(
        (at - back for (_, back), end in zip(absences, ends, strict=False) for at in refused_at if back < at < end),
        default=0.0,
    )


class Recount:
    """The journal read entry by entry: numbers, request ids, and each account's ledger added up from it."""

    def __init__(self):
        self.last = self.missing = self.disorder = self.repeated = 0
        self.ids = set()
        self.ledgers = {}
        self.codes = {}
        self.times = {}

    def add(self, entry):
        """Count one entry; they come in the order of their numbers."""
        number, namespace = entry["number"], entry["namespace"]
        self.disorder += number <= self.last
        self.missing += max(0, number - self.last - 1)
        self.last = max(number, self.last)
        self.repeated += entry["request_id"] in self.ids
        self.ids.add(entry["request_id"])
        sums = self.ledgers.setdefault(namespace, Counter())
        sums[_COUNTED_AS.get(entry["outcome"], entry["outcome"])] += 1
        sums["images_billed"] += entry["billed"]
        sums["images_wasted"] += entry["wasted"]
        sums["videos"] += entry["video"]
        sums["video_seconds"] += entry["video_seconds"]
        self.codes.setdefault(namespace, Counter())[entry["code"]] += 1

    def is_ledger(self, namespace, bill):
        """Return whether an account's ledger is what its entries add up to."""
        sums = self.ledgers.get(namespace, Counter())
        names = (*OUTCOMES, "faults", "images_billed", "images_wasted", "videos", "video_seconds")
        return all(abs(bill.get(name, 0) - sums[name]) < 1e-6 for name in names)
