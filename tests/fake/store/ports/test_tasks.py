"""The port of tasks: one of a namespace and model runs at a time."""

from store_helpers import EACH, THREADS, in_threads, video_task

from emoji_mock.contract.documents.motions import Status


def test_tasks_run_one_after_another(store):
    """Each begins when the one before it ends, or when it comes; namespaces do not wait for each other."""
    tasks = [store.add_task(video_task(name, created=created)) for name, created in (("1", 0), ("2", 10), ("3", 500))]
    assert [(task.begins, task.ends) for task in tasks] == [(0, 60), (60, 120), (500, 560)]
    assert store.add_task(video_task("4", namespace="b")).begins == 0
    assert store.tasks("a") == tasks
    assert (store.task("2"), store.task("5")) == (tasks[1], None)


def test_tasks_of_different_models_do_not_wait_for_each_other(store):
    """Nor does one move up when a task of another model is cancelled."""
    for name, model in (("1", "emoji-v1"), ("2", "wan2.2-s2v"), ("3", "emoji-v1"), ("4", "wan2.2-s2v")):
        store.add_task(video_task(name, model=model, created=float(name)))
    assert [task.begins for task in store.tasks("a")] == [1, 2, 61, 62]
    assert store.cancel_task("3", "a", 10.0)
    assert [task.begins for task in store.tasks("a")] == [1, 2, 61, 62]
    assert store.add_task(video_task("5", created=20.0)).begins == 61


def test_a_task_with_steps_around_running(store):
    """The first and the last tenth of its time."""
    store.add_task(video_task("1", takes=100.0, framed=True))
    task = store.task("1")
    assert [str(task.status(now)) for now in (0.0, 9.9, 10.0, 89.9, 90.0, 99.9, 100.0)] == [
        "PRE-PROCESSING", "PRE-PROCESSING", "RUNNING", "RUNNING", "POST-PROCESSING", "POST-PROCESSING", "SUCCEEDED",
    ]  # fmt: skip


def test_a_cancelled_task_lets_the_others_move_up(store):
    """Only a pending one of the own namespace can be; those behind it begin earlier."""
    for name in ("1", "2", "3", "4"):
        store.add_task(video_task(name))
    assert not store.cancel_task("2", "b", 10.0)
    assert not store.cancel_task("1", "a", 10.0)
    assert not store.cancel_task("5", "a", 10.0)
    assert store.cancel_task("2", "a", 10.0)
    assert not store.cancel_task("2", "a", 11.0)
    assert [(task.begins, task.status(30.0)) for task in store.tasks("a")] == [
        (0, Status.RUNNING), (60, Status.CANCELED), (60, Status.PENDING), (120, Status.PENDING)
    ]  # fmt: skip
    assert store.add_task(video_task("6", created=10.0)).begins == 180


def test_tasks_never_overlap_under_threads(store):
    """Of tasks that are added concurrently, one runs at a time."""
    tasks = in_threads(lambda number: store.add_task(video_task(f"{number}-{id(object())}", takes=1.0)))
    begins = sorted(task.begins for task in tasks)
    assert begins == [float(second) for second in range(THREADS * EACH)]


def test_the_latest_tasks_of_all_namespaces_are_listed(store):
    """Newest first, at most so many, without those that a reset dropped."""
    tasks = [store.add_task(video_task(name, namespace=name)) for name in ("a", "b", "c")]
    assert store.latest_tasks(2) == [tasks[2], tasks[1]]
    store.reset("c")
    assert store.latest_tasks(9) == [tasks[1], tasks[0]]
