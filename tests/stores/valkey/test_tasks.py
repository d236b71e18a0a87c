"""Tasks in Valkey: what only a queue that several replicas share can do wrong."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_helpers import new_prefix, running_valkey, valkey_store, video_task
from valkey import Valkey

from emoji_mock.contract.documents.motions import Status
from emoji_mock.fake.store import task_queue
from emoji_mock.fake.store.memory import MemoryStore
from emoji_mock.stores.valkey import tasks

ODD_NAMES = ("a", "a\0", "a\0b", "1:a", "a0", "", "\U0001f600", "\n")
DATA_URL = "data:image/png;base64," + "A" * 1024 * 1024


@pytest.fixture
def replicas():
    """Two replicas of one store."""
    prefix = new_prefix()
    return [valkey_store(prefix=prefix) for _ in range(2)]


def test_tasks_of_all_replicas_run_one_after_another(replicas):
    """However they come: no two of one account and model run at a time, and those of another model do not wait."""
    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(
                lambda number: replicas[number % 2].add_task(
                    video_task(f"{number}", takes=0.1, model="emoji-v1" if number % 4 < 2 else "wan2.2-s2v")
                ),
                range(80),
            )
        )
    ends = 0.0
    for task in sorted((task for task in made if task.model == "emoji-v1"), key=lambda task: task.begins):
        assert task.begins == ends
        ends = task.begins + 0.1
    assert len({task.begins for task in made if task.model == "wan2.2-s2v"}) == 40
    assert replicas[0].tasks("a") == replicas[1].tasks("a") == [*reversed(replicas[0].latest_tasks(99))]


def test_one_replica_cancels_what_another_has_queued(replicas):
    """Of several that try at once one does; those behind it move up for all."""
    one, two = replicas
    for name in ("1", "2", "3"):
        one.add_task(video_task(name))
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda number: replicas[number % 2].cancel_task("2", "a", 10.0), range(16)))
    assert done.count(True) == 1
    assert [(task.begins, task.status(30.0)) for task in two.tasks("a")] == [
        (0.0, Status.RUNNING), (60.0, Status.CANCELED), (60.0, Status.PENDING),
    ]  # fmt: skip
    assert one.add_task(video_task("4", created=10.0)).begins == 120.0


@pytest.mark.parametrize("now", [0.1 + 0.2, 1_795_366_800.123456789, 2.0**52 + 0.5, 1e300, 5e-324])
def test_times_are_exact(replicas, now):
    """No digit of a time is lost, whoever reads it, so that a status changes for all replicas at once."""
    one, two = replicas
    first = one.add_task(video_task("1", created=now, takes=1 / 3))
    second = two.add_task(video_task("2", created=now, takes=1 / 3))
    assert (first.begins, second.begins) == (now, now + 1 / 3)
    assert one.task("2") == second == two.tasks("a")[1]
    if now < second.begins:
        assert one.cancel_task("2", "a", now)
        assert two.task("2").cancelled == now


def test_a_task_that_holds_a_file_is_sent_once(replicas):
    """A caller asks again and again until it is done: each replica reads its `data:` URL once."""
    one, two = replicas
    one.add_task(video_task("0"))
    one.add_task(video_task("1", image_url=DATA_URL))
    with Valkey(port=running_valkey().port) as client:
        assert two.task("1").image_url == DATA_URL
        before = client.info("stats")["total_net_output_bytes"]
        assert (two.task("1").image_url, two.task("1").begins) == (DATA_URL, 60.0)
        assert one.cancel_task("1", "a", 10.0)
        assert two.task("1").cancelled == 10.0
        assert client.info("stats")["total_net_output_bytes"] - before < 64 * 1024
    one.add_task(video_task("1", image_url=DATA_URL + "B"))
    assert two.task("1").image_url == DATA_URL + "B"


def test_a_reset_reaches_its_own_namespace_alone(replicas):
    """Whatever is in the names; a task after it begins at once."""
    for number, name in enumerate(ODD_NAMES):
        for each in ("1\0", "2"):
            replicas[number % 2].add_task(video_task(f"{each}{name}", namespace=name))
    for number, name in enumerate(ODD_NAMES):
        replicas[number % 2].reset(name)
        assert [len(replicas[0].tasks(one)) for one in ODD_NAMES] == [0] * (number + 1) + [2] * (7 - number)
    assert replicas[1].add_task(video_task("3")).begins == 0.0


def test_an_account_with_many_tasks_gives_way_to_the_others(replicas, monkeypatch):
    """One task of another account stays, however many a first one adds through either replica."""
    monkeypatch.setattr(tasks, "TASKS", 20)
    replicas[0].add_task(video_task("quiet", namespace="quiet"))
    for number in range(50):
        replicas[number % 2].add_task(video_task(f"{number}", namespace="busy"))
    assert [task.id for task in replicas[0].latest_tasks(99)] == [
        *(f"{number}" for number in range(49, 30, -1)),
        "quiet",
    ]


def test_long_queues_move_up(replicas):
    """Also one that is longer than what the engine looks at in one step, with tasks of another model in between."""
    one, two = replicas
    memory = MemoryStore()
    for number in range(1200):
        task = video_task(f"{number}", takes=1.0, model="emoji-v1" if number % 3 else "wan2.2-s2v")
        assert one.add_task(task) == memory.add_task(task)
    for number, now in ((400, 100.5), (500, 120.0), (1198, 700.0)):
        assert two.cancel_task(f"{number}", "a", now) is memory.cancel_task(f"{number}", "a", now) is True
        assert one.tasks("a") == memory.tasks("a")


IDS = st.sampled_from(["1", "2", "3", "4", "5"])
NAMES = st.sampled_from(ODD_NAMES[:3])
STEPS = st.one_of(
    st.tuples(
        st.just("add_task"), IDS, NAMES, st.sampled_from(["emoji-v1", "wan2.2-s2v"]), st.sampled_from([0.1, 60.3, 1e5]),
        st.sampled_from([10, 20_000]),
    ),
    st.tuples(st.just("cancel_task"), IDS, NAMES),
    st.tuples(st.just("task"), IDS),
    st.tuples(st.just("tasks"), NAMES),
    st.tuples(st.just("latest_tasks"), st.integers(0, 5)),
    st.tuples(st.just("reset"), NAMES | st.none()),
)  # fmt: skip
PAUSES = st.sampled_from([0.0, 0.1, 30.0, 86_400.0, -50.0])  # a clock may be set back


def done(store, now, name, *given):
    """Return what a step does to a store, at the time `now`."""
    if name == "add_task":
        task_id, namespace, model, takes, length = given
        url = "x" * length
        return store.add_task(
            video_task(task_id, namespace=namespace, model=model, created=now, takes=takes, image_url=url)
        )
    return store.cancel_task(*given, now) if name == "cancel_task" else getattr(store, name)(*given)


@given(st.lists(st.tuples(PAUSES, STEPS), max_size=60))
def test_replicas_do_what_one_store_in_memory_does(steps):
    """Whatever is done in turns through two of them, with the same results, and every sum is right at the end."""
    prefix, now = new_prefix(), 1000.0
    replicas = [valkey_store(prefix=prefix) for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        for module in (task_queue, tasks):
            patch.setattr(module, "TASK_BYTES", 60_000)
        memory = MemoryStore()
        for number, (pause, step) in enumerate(steps):
            now += pause
            assert done(replicas[number % 2], now, *step) == done(memory, now, *step)
    for namespace in ODD_NAMES[:3]:
        replicas[0].reset(namespace)
    with Valkey(port=running_valkey().port) as client:
        assert client.hmget(f"{prefix}:tasks:total", "items", "bytes") in ([b"0", b"0"], [None, None])
        for part in ("held", "data", "order", "of", "free", "items", "bytes", "idle"):
            assert not client.exists(f"{prefix}:tasks:{part}")
