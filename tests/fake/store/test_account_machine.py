"""Rules, journal and ledger of two callers against a model that was written from design.md, not from the code."""

import json
from collections import Counter
from fnmatch import fnmatchcase
from hashlib import sha256

from helpers import body, call
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from serialising_store import SerialisingStore

from emoji_mock import Fake, Options
from emoji_mock.fake.store.memory import MemoryStore
from emoji_mock.strategies import rules

KEPT = 6
NAMES = st.sampled_from(["0", "1"])
OWNERS = st.sampled_from(["0", "1", "*"])
URLS = st.sampled_from(
    ["https://example.com/me.png", "https://example.org/blurred/a.png", "https://example.org/b.webp"]
)
KEYS = NAMES.map("sk-mock-{}".format)


class Accounts(RuleBasedStateMachine):
    """Two callers, their rules and everyone's, with the store in memory."""

    make_store = MemoryStore

    def __init__(self):
        super().__init__()
        self.fake = Fake(Options(seed=0), store=self.make_store(journal_size=KEPT))
        self.active = {"0": [], "1": [], "*": []}  # owner: [[rule, how often it may still be used], …]
        self.journal = []  # (namespace, outcome, code)
        self.bills = {}  # namespace: how many calls ended in each outcome

    @rule(given=rules(KEYS), owner=OWNERS)
    def add(self, given, owner):
        """A rule that is added goes before the others of its owner."""
        self.fake.store.add_rule(given, owner)
        self.active[owner].insert(0, [given, given.times])

    @rule(given=st.lists(rules(KEYS), max_size=3), owner=OWNERS)
    def replace(self, given, owner):
        """A list replaces the owner's rules, in its order."""
        self.fake.store.replace_rules(given, owner)
        self.active[owner] = [[one, one.times] for one in given]

    @rule(owner=st.none() | OWNERS)
    def clear(self, owner):
        """Rules are removed, journal and ledger stay."""
        gone = [owner] if owner else ["0", "1", "*"]
        assert self.fake.store.clear_rules(owner) == sum(len(self.active[one]) for one in gone)
        self.active |= {one: [] for one in gone}

    @rule(owner=st.none() | OWNERS)
    def reset(self, owner):
        """Everything of the owner is cleared."""
        self.fake.store.reset(owner)
        gone = [owner] if owner else ["0", "1", "*"]
        self.active |= {one: [] for one in gone}
        self.journal = [line for line in self.journal if line[0] not in gone]
        self.bills = {one: bill for one, bill in self.bills.items() if one not in gone}

    @rule(name=NAMES, url=URLS)
    def ask(self, name, url):
        """The first rule that applies and is not spent decides: the caller's own, then everyone's; else it passes."""
        response = self.fake.answer(call(body(url), key=f"sk-mock-{name}"))
        taken = self.take(name, url)
        if taken is None or taken.outcome == "passed":
            self.ended(name, "passed", "")
            output = json.loads(response.body)["output"]
            assert response.status == 200
            assert taken is None or taken.face is None or output["bbox_face"] == list(taken.face)
            return
        row = taken.row
        self.ended(name, str(taken.outcome), str(row.code or ""))
        assert response.status == row.status
        assert str(row.code or "") in response.body.decode()

    @rule(name=NAMES)
    def ask_badly(self, name):
        """A request that is refused before its picture matters uses no rule."""
        assert self.fake.answer(call(b"[]", key=f"sk-mock-{name}")).status == 400
        self.ended(name, "error", "InvalidParameter")

    def take(self, name, url):
        """Return the rule that decides, and use it."""
        for active in (*self.active[name], *self.active["*"]):
            given, left = active
            fingerprint = "key:" + sha256(f"sk-mock-{name}".encode()).hexdigest()[:12]
            if (
                left != 0
                and given.model in (None, "emoji-detect-v1")
                and given.key in (None, fingerprint)
                and fnmatchcase(url, given.image_url or "*")
            ):
                active[1] = left and left - 1
                return given
        return None

    def ended(self, name, outcome, code):
        """Note a call in the model's journal and bill."""
        self.journal = [*self.journal, (name, outcome, code)]
        if len(self.journal) > KEPT:
            self.journal.remove(next(line for line in self.journal if line[0] == self.largest()))
        self.bills.setdefault(name, Counter())[outcome] += 1

    def largest(self):
        """Return the caller with the most exchanges; of two, the one that was idle."""
        counts = Counter(name for name, *_ in self.journal)
        return max(counts, key=lambda name: (counts[name], name != self.journal[-1][0]))

    @invariant()
    def the_journal_agrees(self):
        """The journal holds the last exchanges in order, of everybody and of each; whoever has the most makes room."""
        entries = self.fake.store.journal().entries
        assert [(entry.namespace, entry.outcome, entry.code) for entry in entries] == self.journal
        own = self.fake.store.journal(namespace="1")
        assert [entry.code for entry in own.entries] == [code for name, _, code in self.journal if name == "1"]

    @invariant()
    def the_ledger_agrees(self):
        """Passed and failed are billed, errors are not; the ledger forgets nothing that the journal drops."""
        ledgers = self.fake.store.ledgers()
        assert {name: ledger.images for name, ledger in ledgers.items()} == {
            name: bill["passed"] + bill["failed"] for name, bill in self.bills.items()
        }
        assert {name: ledger.errors for name, ledger in ledgers.items()} == {
            name: bill["error"] for name, bill in self.bills.items()
        }

    @invariant()
    def the_rules_agree(self):
        """Rules are listed in the order in which they are tried, with how often they may still be used."""
        for owner, active in self.active.items():
            listed = [(one.rule, one.rule.times and one.rule.times - one.used) for one in self.fake.store.rules(owner)]
            assert listed == [tuple(one) for one in active]


class SerialisedAccounts(Accounts):
    """The same, with a store that serialises."""

    make_store = SerialisingStore


TestAccounts = Accounts.TestCase
TestSerialisedAccounts = SerialisedAccounts.TestCase
TestAccounts.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestSerialisedAccounts.settings = TestAccounts.settings
