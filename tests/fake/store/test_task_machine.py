"""Tasks and uploads of two accounts through all their states, against models written from contract.md, sections 5 and 6."""

import json
from itertools import product
from math import ceil

import pytest
from helpers import body, call, fields_of, form, policy_for, post, video
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from serialising_store import SerialisingStore
from store_helpers import valkey_store
from task_calls import task_call

from emoji_mock import Fake, Options, Rule
from emoji_mock.conformance.cases.payloads import black_png
from emoji_mock.contract.geometry import Size
from emoji_mock.fake.store.memory import MemoryStore

NAMES = st.sampled_from(["one", "two"])
MODELS = st.sampled_from(["emoji-v1", "wan2.2-s2v", "animate-anyone-template-gen2"])
DAY = 24 * 3600
RUNNING = ("PRE-PROCESSING", "RUNNING", "POST-PROCESSING")
STATES = ("PENDING", *RUNNING, "SUCCEEDED", "FAILED", "CANCELED")
FRAMED = ("animate-anyone-template-gen2",)


class Clock:
    """A clock that the state machine sets."""

    def __init__(self):
        self.now = 1_795_366_800.0

    def __call__(self):
        return self.now


class ModelTask:
    """A task in the model: whose and of which model it is, when it was created, how long it runs, how it fails."""

    def __init__(self, name, made_by, created, takes, code):
        self.name, self.made_by, self.created, self.takes, self.code = name, made_by, created, takes, code
        self.cancelled = None


class Tasks(RuleBasedStateMachine):
    """Tasks come, wait for the one before them, run, end; time passes."""

    make_store = MemoryStore
    tasks = Bundle("tasks")

    def __init__(self):
        super().__init__()
        self.clock = Clock()
        self.fake = Fake(Options(seed=3), store=self.make_store(), clock=self.clock)
        self.model = {}  # id: ModelTask, in the order in which they came
        self.failing = 0

    def spans(self, name):
        """Return when each task of an account begins and ends: one of a model at a time, in their order."""
        free, spans = {}, {}
        for task, one in self.model.items():
            if one.name == name and one.cancelled is None:
                begins = max(one.created, free.get(one.made_by, 0.0))
                free[one.made_by] = begins + one.takes
                spans[task] = begins, free[one.made_by]
        return spans

    def state(self, task, name):
        """Return the status of a task that the account `name` must get."""
        one = self.model.get(task)
        if one is None or one.name != name or self.clock.now >= one.created + DAY:
            return "UNKNOWN"
        if one.cancelled is not None:
            return "CANCELED"
        begins, ends = self.spans(name)[task]
        if self.clock.now < begins:
            return "PENDING"
        if self.clock.now < ends:
            return self.step((self.clock.now - begins) / (ends - begins)) if one.made_by in FRAMED else "RUNNING"
        return "FAILED" if one.code else "SUCCEEDED"

    def step(self, done):
        """Return the state of a task of which the share `done` is over, if there are states around RUNNING."""
        return "PRE-PROCESSING" if done < 0.1 else "RUNNING" if done < 0.9 else "POST-PROCESSING"

    @rule(target=tasks, name=NAMES, model=MODELS, count=st.integers(1, 3))
    def create(self, name, model, count):
        """Some tasks are asked for at once."""
        return multiple(*(self.create_one(name, model) for _ in range(count)))

    def create_one(self, name, model):
        """A task is accepted as PENDING; it runs for one to five minutes, which is left to chance."""
        key = f"sk-mock-{name}"
        answer = json.loads(self.fake.answer(video(key=key) if model == "emoji-v1" else task_call(model, key=key)).body)
        task = answer["output"]["task_id"]
        takes = self.fake.store.task(task).takes
        assert answer["output"]["task_status"] == "PENDING"
        assert 60 <= takes <= 300
        fails = self.failing and model not in FRAMED  # the rule is for video-synthesis
        self.failing -= bool(fails)
        code = "InvalidFile.FacePose" if fails else ""
        self.model[task] = ModelTask(name, model, self.clock.now, takes, code)
        return task

    @rule(name=NAMES)
    def create_badly(self, name):
        """A request with a mistake makes no task and uses no rule."""
        assert self.fake.answer(video({"driven_id": "smile"}, key=f"sk-mock-{name}")).status == 400

    @rule(times=st.integers(1, 2))
    def task_failure(self, times):
        """A rule makes the next tasks fail."""
        self.fake.store.replace_rules(
            [Rule(outcome="failed", code="FacePose", times=times, endpoint="video_synthesis")]
        )
        self.failing = times

    @rule(seconds=st.sampled_from([0.001, 1, 59, 60, 150, 300, 3600, DAY - 300, DAY]))
    def time_passes(self, seconds):
        """The clock goes on."""
        self.clock.now += seconds

    @rule(name=NAMES)
    def time_passes_to_the_next_change(self, name):
        """The clock goes on to the moment at which the next task ends."""
        ends = [end for _, end in self.spans(name).values() if end > self.clock.now]
        self.clock.now = min(ends, default=self.clock.now)

    @rule(task=tasks | st.just("none"), name=NAMES)
    def ask(self, task, name):
        """The owner gets the task's status, with what belongs to it; another account gets UNKNOWN."""
        document = json.loads(
            self.fake.answer(call(b"", method="GET", target=f"/tasks/{task}", key=f"sk-mock-{name}")).body
        )
        state = self.state(task, name)
        output = document["output"]
        assert (output["task_id"], output["task_status"]) == (task, state)
        results = [name for name in ("video_url", "results", "template_id") if name in output]
        assert ("usage" in document) is (len(results) == 1) is (state == "SUCCEEDED")
        assert output.get("code", "") == (self.model[task].code if state == "FAILED" else "")
        assert ("submit_time" in output) is (state != "UNKNOWN")
        assert ("scheduled_time" in output) is (state in (*RUNNING, "SUCCEEDED", "FAILED"))
        assert ("end_time" in output) is (state in ("SUCCEEDED", "FAILED", "CANCELED"))

    @rule(task=tasks | st.just("none"), name=NAMES)
    def cancel(self, task, name):
        """Only the owner can cancel, and only a pending task."""
        answer = self.fake.answer(call(b"", target=f"/tasks/{task}/cancel", key=f"sk-mock-{name}"))
        if self.state(task, name) == "PENDING":
            assert (answer.status, list(json.loads(answer.body))) == (200, ["request_id"])
            self.model[task].cancelled = self.clock.now
        else:
            assert (answer.status, json.loads(answer.body)["code"]) == (400, "UnsupportedOperation")

    @rule(
        name=NAMES, state=st.none() | st.sampled_from(STATES), page=st.integers(1, 3), size=st.sampled_from([1, 2, 10])
    )
    def list_them(self, name, state, page, size):
        """An account's tasks of the last day, the newest first, those in one state alone if wanted, by pages."""
        query = f"page_no={page}&page_size={size}" + (f"&status={state}" if state else "")
        document = json.loads(
            self.fake.answer(call(b"", method="GET", target=f"/tasks?{query}", key=f"sk-mock-{name}")).body
        )
        states = {task: self.state(task, name) for task in reversed(self.model)}
        fitting = [(task, now) for task, now in states.items() if now != "UNKNOWN" and state in (None, now)]
        assert [(row["task_id"], row["status"]) for row in document["data"]] == fitting[(page - 1) * size : page * size]
        assert (document["total"], document["total_page"]) == (len(fitting), ceil(len(fitting) / size))

    @invariant()
    def every_task_agrees(self):
        """Every task has the status that the model predicts."""
        for task, one in self.model.items():
            asked = call(b"", method="GET", target=f"/tasks/{task}", key=f"sk-mock-{one.name}")
            status = json.loads(self.fake.answer(asked).body)["output"]["task_status"]
            assert status == self.state(task, one.name)

    @invariant()
    def one_runs(self):
        """Of an account and model one task runs while any waits, and no more than one ever."""
        for name, model in product(("one", "two"), ("emoji-v1", "wan2.2-s2v", *FRAMED)):
            states = [self.state(task, name) for task, one in self.model.items() if one.made_by == model]
            running = sum(state in RUNNING for state in states)
            assert running <= 1
            assert "PENDING" not in states or running

    @rule(name=NAMES)
    def cancel_the_first_that_waits(self, name):
        """Those behind it move up."""
        waiting = [task for task in self.model if self.state(task, name) == "PENDING"]
        if waiting:
            self.cancel(waiting[0], name)


PICTURES = (black_png(Size(400, 400)), black_png(Size(400, 900)))
ROOM = 2 * len(PICTURES[0]) + len(PICTURES[1])
MODELS = st.sampled_from(["emoji-detect-v1", "emoji-v1"])


class Uploads(RuleBasedStateMachine):
    """Policies are granted and expire, pictures are kept until there is no more room or 48 hours are over."""

    make_store = MemoryStore
    policies = Bundle("policies")
    keys = Bundle("keys")

    @initialize(target=policies, model=MODELS)
    def begin(self, model):
        """Start with one policy."""
        self.clock = Clock()
        self.fake = Fake(Options(seed=3), store=self.make_store(upload_bytes=ROOM), clock=self.clock)
        self.tried = {}  # every key that was ever tried
        self.kept = {}  # key: (bytes, model, until), the oldest first
        return self.grant(model)

    def grant(self, model):
        """Return a policy, the time until which it is good, and its model."""
        return policy_for(self.fake, model), self.clock.now + 300, model

    @rule(target=policies, model=MODELS)
    def ask_for_policy(self, model):
        """A policy is for one model, and lasts for 300 seconds."""
        return self.grant(model)

    @rule(seconds=st.sampled_from([1, 299, 300, 48 * 3600 - 300, 48 * 3600]))
    def time_passes(self, seconds):
        """The clock goes on."""
        self.clock.now += seconds

    @rule(target=keys, policy=policies, name=st.sampled_from(["a.png", "b.png"]), picture=st.sampled_from(PICTURES))
    def upload(self, policy, name, picture):
        """A good policy lets a picture in once under its key; the oldest pictures make room for it."""
        granted, until, model = policy
        key = f"{granted['upload_dir']}/{name}"
        self.tried[key] = True
        answer = self.fake.answer(post(form(fields_of(granted, name), picture)))
        if self.clock.now >= until:
            assert (answer.status, b"Policy expired." in answer.body) == (403, True)
        elif key in self.kept and self.kept[key][2] > self.clock.now:
            assert (answer.status, b"FileAlreadyExists" in answer.body) == (409, True)
        else:
            assert (answer.status, answer.body) == (200, b"")
            self.kept.pop(key, None)
            self.kept[key] = len(picture), model, self.clock.now + 48 * 3600
            while sum(size for size, *_ in self.kept.values()) > ROOM:
                del self.kept[next(iter(self.kept))]
        return multiple(key)

    @rule(policy=consumes(policies))
    def upload_elsewhere(self, policy):
        """A policy is good below its own folder only."""
        granted, until, _ = policy
        answer = self.fake.answer(post(form(fields_of(granted, key="elsewhere/a.png"), PICTURES[0])))
        message = b"Policy expired." if self.clock.now >= until else b"Policy Condition failed"
        assert (answer.status, message in answer.body) == (403, True)

    @rule(key=keys | st.just("dashscope-instant/none.png"))
    def detect(self, key):
        """What is kept, not too old and for this model is looked at; of anything else nothing can be downloaded."""
        answer = self.fake.answer(call(body(f"oss://{key}"), x_dashscope_ossresourceresolve="enable"))
        _, model, until = self.kept.get(key, (0, "", 0.0))
        if model == "emoji-detect-v1" and self.clock.now < until:
            assert (answer.status, b"bbox_face" in answer.body) == (200, True)
        else:
            assert (answer.status, b"Unable to download the media resource" in answer.body) == (400, True)

    @invariant()
    def the_oldest_make_room(self):
        """Kept uploads are those of the model, within the bound."""
        if hasattr(self, "tried"):
            assert [key for key in self.tried if self.fake.store.upload(key) is not None] == [
                key for key in self.tried if key in self.kept
            ]


class SerialisedTasks(Tasks):
    """The same, with a store that serialises."""

    make_store = SerialisingStore


class SerialisedUploads(Uploads):
    """The same, with a store that serialises."""

    make_store = SerialisingStore


class SharedTasks(Tasks):
    """The same, with a store in Valkey."""

    make_store = staticmethod(valkey_store)


class SharedUploads(Uploads):
    """The same, with a store in Valkey."""

    make_store = staticmethod(valkey_store)


TestTasks = pytest.mark.slow(Tasks.TestCase)
TestTasks.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestSerialisedTasks = pytest.mark.slow(SerialisedTasks.TestCase)
TestSerialisedTasks.settings = TestTasks.settings
TestSharedTasks = pytest.mark.slow(SharedTasks.TestCase)
TestSharedTasks.settings = settings(TestTasks.settings, max_examples=10)
TestUploads = pytest.mark.slow(Uploads.TestCase)
TestUploads.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestSerialisedUploads = pytest.mark.slow(SerialisedUploads.TestCase)
TestSerialisedUploads.settings = TestUploads.settings
TestSharedUploads = pytest.mark.slow(SharedUploads.TestCase)
TestSharedUploads.settings = settings(TestUploads.settings, max_examples=10)
