"""Tasks by the clock: one runs, the others wait; their states, cancelling, the list."""

import json

import pytest
from helpers import call, status_and_body, video

from emoji_mock import Fake, Options, Rule


def create(fake, changes=None, **more):
    """Create a task and return its id."""
    return json.loads(fake.answer(video(changes, **more)).body)["output"]["task_id"]


def get(fake, task, **more):
    """Return the state of a task."""
    return json.loads(fake.answer(call(b"", method="GET", target=f"/api/v1/tasks/{task}", **more)).body)


def status(fake, task, **more):
    """Return the state of a task."""
    return get(fake, task, **more)["output"]["task_status"]


def cancel(fake, task, **more):
    """Return the answer to cancelling a task."""
    return fake.answer(call(b"", target=f"/api/v1/tasks/{task}/cancel", **more))


def listed(fake, query="", **more):
    """Return the list of tasks."""
    return fake.answer(call(b"", method="GET", target=f"/api/v1/tasks?{query}", **more))


def test_a_task_byte_for_byte(fake, clock):
    """RUNNING, then SUCCEEDED with its video: the vendor's key order, and times of China."""
    task = create(fake)
    clock.now += 1
    running = fake.answer(call(b"", method="GET", target=f"/api/v1/tasks/{task}"))
    times = '"submit_time":"2026-11-23 01:00:00.000","scheduled_time":"2026-11-23 01:00:00.000"'
    assert status_and_body(running) == (
        200,
        f'{{"request_id":"ID","output":{{"task_id":"{task}","task_status":"RUNNING",{times}}}}}',
    )
    ends = fake.store.task(task).ends
    assert 60 <= ends - 1_795_366_800 <= 300
    clock.now = ends
    done = status_and_body(fake.answer(call(b"", method="GET", target=f"/api/v1/tasks/{task}/")))[1]
    end_time = json.loads(done)["output"]["end_time"]
    assert end_time.startswith("2026-11-23 01:0")
    video = json.loads(done)["output"]["video_url"]
    folder = f"1d/{task[:2]}/20261123/{task[-8:]}"
    assert video.startswith(f"https://dashscope-result-bj.oss-cn-beijing.aliyuncs.com/{folder}/ID.mp4?Expires=")
    assert done == (
        f'{{"request_id":"ID","output":{{"task_id":"{task}","task_status":"SUCCEEDED",{times},'
        f'"end_time":"{end_time}","video_url":"{video}"}},"usage":{{"video_duration":1,"video_ratio":"standard"}}}}'
    )


def test_the_headers_of_tasks_differ(fake):
    """Another media type, no x-request-id, no mark of the gateway; for a list, a task and an error alike."""
    for answer in (listed(fake), cancel(fake, "none"), fake.answer(call(b"", method="GET", target="/tasks/none"))):
        assert [name for name, _ in answer.headers] == [
            "content-type",
            "req-cost-time",
            "req-arrive-time",
            "resp-start-time",
            "x-envoy-upstream-service-time",
            "date",
            "server",
            "vary",
        ]
        assert answer.headers[0][1] == "application/json;charset=UTF-8"


def test_times_have_milliseconds(fake, clock):
    """submit_time has three digits of them."""
    clock.now += 0.817
    assert get(fake, create(fake))["output"]["submit_time"] == "2026-11-23 01:00:00.817"


def test_one_runs_and_the_rest_wait(fake, clock):
    """The next begins when the one before it is over; another account does not wait for it."""
    tasks = [create(fake) for _ in range(3)]
    other = create(fake, key="sk-mock-other")
    assert [status(fake, task) for task in tasks] == ["RUNNING", "PENDING", "PENDING"]
    assert "scheduled_time" not in get(fake, tasks[1])["output"]
    assert status(fake, other, key="sk-mock-other") == "RUNNING"
    clock.now = fake.store.task(tasks[0]).ends
    assert [status(fake, task) for task in tasks] == ["SUCCEEDED", "RUNNING", "PENDING"]
    clock.now += 600
    assert [status(fake, task) for task in tasks] == ["SUCCEEDED"] * 3


def test_a_waiting_task_can_be_cancelled(fake, clock):
    """Then those behind it move up, and it stays CANCELED."""
    first, second, third = (create(fake) for _ in range(3))
    clock.now += 5
    assert status_and_body(cancel(fake, second)) == (200, '{"request_id":"ID"}')
    assert get(fake, second)["output"] == {
        "task_id": second,
        "task_status": "CANCELED",
        "submit_time": "2026-11-23 01:00:00.000",
        "end_time": "2026-11-23 01:00:05.000",
    }
    clock.now = fake.store.task(first).ends
    assert [status(fake, task) for task in (first, second, third)] == ["SUCCEEDED", "CANCELED", "RUNNING"]


def error(code, message):
    """An error in the service's key order."""
    return 400, f'{{"request_id":"ID","code":"{code}","message":"{message}"}}'


NOT_PENDING = error(
    "UnsupportedOperation", "Failed to cancel the task, please confirm if the task is in PENDING status."
)
WRONG = error("InvalidParameter", "The request parameter is invalid, please check the request parameter.")


def test_what_does_not_wait_cannot_be_cancelled(fake):
    """Nor can what is another account's, unknown, or cancelled already."""
    running, waiting = create(fake), create(fake)
    assert status_and_body(cancel(fake, running)) == NOT_PENDING
    assert status_and_body(cancel(fake, waiting, key="sk-mock-other")) == NOT_PENDING
    assert status_and_body(cancel(fake, "none")) == NOT_PENDING
    assert cancel(fake, waiting).status == 200
    assert status_and_body(cancel(fake, waiting)) == NOT_PENDING


def test_unknown_tasks(fake, clock):
    """One that never was, another account's, and one of yesterday: the id is echoed, and the status is 200."""
    task = create(fake)
    for name, key in (("none", "sk-mock-test"), (task, "sk-mock-other")):
        assert get(fake, name, key=key)["output"] == {"task_id": name, "task_status": "UNKNOWN"}
    clock.now += 24 * 3600 - 1
    assert status(fake, task) == "SUCCEEDED"
    clock.now += 1
    assert get(fake, task)["output"] == {"task_id": task, "task_status": "UNKNOWN"}
    assert json.loads(listed(fake).body)["total"] == 0


@pytest.mark.parametrize("way", ["rule", "URL", "picture"])
def test_a_task_fails_by_rule_by_url_and_by_picture(fake, clock, way):
    """What fails a detection fails the task: accepted, and FAILED once it is over, without usage."""
    changes = {
        "rule": {},
        "URL": {"image_url": "https://emoji-mock.test/failed/FacePose.png"},
        "picture": {"image_url": "https://emoji-mock.test/passed/399x800.png"},
    }[way]
    if way == "rule":
        fake.store.add_rule(Rule(outcome="failed", code="FacePose", model="emoji-v1"))
    task = create(fake, changes)
    assert status(fake, task) == "RUNNING"
    clock.now += 300
    said = get(fake, task)
    assert list(said) == ["request_id", "output"]
    assert list(said["output"]) == [
        "task_id",
        "task_status",
        "submit_time",
        "scheduled_time",
        "end_time",
        "code",
        "message",
    ]
    assert said["output"]["task_status"] == "FAILED"
    assert said["output"]["code"] == ("InvalidFile.Resolution" if way == "picture" else "InvalidFile.FacePose")


def test_time_can_be_scaled(clock):
    """0 makes a video at once, a tenth in a tenth of the time."""
    at_once, faster = (Fake(Options(time_scale=scale), clock=clock) for scale in (0, 0.1))
    assert status(at_once, create(at_once)) == "SUCCEEDED"
    task = create(faster)
    assert status(faster, task) == "RUNNING"
    clock.now += 30
    assert status(faster, task) == "SUCCEEDED"


def test_the_list_byte_for_byte(fake, clock):
    """A page as recorded: keys in their order, times in milliseconds."""
    task = create(fake)
    clock.now += 600
    ends = int(fake.store.task(task).ends * 1000)
    created = fake.store.task(task).request_id
    assert status_and_body(listed(fake))[1] == (
        '{"total":1,"data":[{"api_key_id":"c44250774e1d","caller_parent_id":"1000000000000000",'
        f'"caller_uid":"1000000000000000","end_time":{ends},"gmt_create":1795366800000,"model_name":"emoji-v1",'
        '"region":"cn-beijing","request_id":"ID","start_time":1795366800000,"status":"SUCCEEDED",'
        f'"task_id":"{task}","user_api_unique_key":"apikey:v1:aigc:image2video:video-synthesis:emoji-v1"}}],'
        '"total_page":1,"page_no":1,"request_id":"ID","page_size":10}'
    )
    assert json.loads(listed(fake).body)["data"][0]["request_id"] == created


def test_the_list_is_filtered_and_paged(fake, clock):
    """By status, model and time; newest first; another account's are not in it."""
    tasks = []
    for _ in range(5):
        tasks.append(create(fake))
        clock.now += 1
    create(fake, key="sk-mock-other")

    def ids(query):
        return [tasks.index(row["task_id"]) for row in json.loads(listed(fake, query).body)["data"]]

    assert ids("") == [4, 3, 2, 1, 0]
    assert ids("page_size=2") == [4, 3]
    assert ids("page_no=3&page_size=2") == [0]
    assert ids("page_no=4&page_size=2") == []
    assert ids("status=RUNNING") == [0]
    assert ids("status=PENDING&model_name=emoji-v1") == [4, 3, 2, 1]
    assert ids("model_name=emo-v1") == []
    assert ids("start_time=20261123010001&end_time=20261123010003") == [3, 2, 1]
    clock.now += 0.999
    tasks.append(create(fake))
    clock.now += 0.001
    tasks.append(create(fake))
    assert ids("start_time=20261123010005&end_time=20261123010005") == [5]
    assert ids("start_time=20261123010006") == [6]
    page = json.loads(listed(fake, "page_size=2").body)
    assert (page["total"], page["total_page"], page["page_no"], page["page_size"]) == (7, 4, 1, 2)


@pytest.mark.parametrize(
    "query",
    [
        "page_no=0",
        "page_no=x",
        "page_size=0",
        "page_size=101",
        "page_no=-1",
        "page_no=",
        "start_time=2026",
        "start_time=",
        "end_time=2026112500",
        "end_time=2026112512345",
        "start_time=x&model_name=nobody",
        "page_no=" + "9" * 5000,
    ],
)
def test_a_bad_query_is_refused(fake, query):
    """Numbers and times that are none, whether the account has tasks or not."""
    assert status_and_body(listed(fake, query)) == WRONG
    create(fake)
    assert status_and_body(listed(fake, query)) == WRONG


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("POST", "/api/v1/tasks/x", 400),
        ("GET", "/api/v1/tasks/x/cancel", 400),
        ("POST", "/api/v1/tasks", 400),
        ("GET", "/api/v1/tasks/x/y", 404),
        ("GET", "/api/v1/tasks/x/cancel/y", 404),
    ],
)
def test_other_methods_and_paths(fake, method, path, code):
    """A wrong method is refused, another path is not found, and a key is needed first."""
    assert fake.answer(call(b"", method=method, target=path)).status == code
    assert fake.answer(call(b"", method=method, target=path, authorization=None)).status == 401


def test_a_quoted_slash_is_part_of_the_id(fake):
    """A path is taken apart before its escapes are read."""
    answer = status_and_body(fake.answer(call(b"", method="GET", target="/api/v1/tasks/a%2Fcancel")))
    assert answer == (200, '{"request_id":"ID","output":{"task_id":"a%2Fcancel","task_status":"UNKNOWN"}}')


def test_a_missing_key_is_refused_as_on_other_paths(fake):
    """A 401 has the headers of any other 401: the key is looked at before the path."""
    answers = [
        fake.answer(call(b"", method="GET", target=target, authorization=None))
        for target in ("/api/v1/tasks/x", "/api/v1/tasks", "/nothing")
    ]
    assert {tuple(name for name, _ in answer.headers) for answer in answers} == {
        (
            "content-type",
            "x-request-id",
            "req-cost-time",
            "req-arrive-time",
            "resp-start-time",
            "x-envoy-upstream-service-time",
            "date",
            "server",
            "vary",
        )
    }
    assert {dict(answer.headers)["content-type"] for answer in answers} == {"application/json"}


def test_a_reset_forgets_tasks(fake):
    """Those of the namespace, or all."""
    task = create(fake)
    fake.store.reset("other")
    assert status(fake, task) == "RUNNING"
    fake.store.reset("test")
    assert status(fake, task) == "UNKNOWN"


def test_tasks_have_a_bound(clock, monkeypatch):
    """The oldest is forgotten first."""
    from emoji_mock.fake.store import task_queue

    monkeypatch.setattr(task_queue, "TASKS", 2)
    fake = Fake(clock=clock)
    tasks = [create(fake) for _ in range(3)]
    assert [status(fake, task) == "UNKNOWN" for task in tasks] == [True, False, False]


@pytest.mark.parametrize(
    ("second", "state_time", "list_time"),
    [
        (1_795_366_800.817, "2026-11-23 01:00:00.817", 1_795_366_800_817),
        (1_795_366_800.8179, "2026-11-23 01:00:00.817", 1_795_366_800_817),
        (1_795_366_800.9999, "2026-11-23 01:00:00.999", 1_795_366_800_999),
    ],
)
def test_of_a_millisecond_nothing_is_rounded_up(fake, clock, second, state_time, list_time):
    """The task, the list and the headers agree: what is left of a millisecond is cut off."""
    clock.now = second
    task = create(fake)
    answer = listed(fake)
    assert get(fake, task)["output"]["submit_time"] == state_time
    assert json.loads(answer.body)["data"][0]["gmt_create"] == list_time
    assert dict(answer.headers)["req-arrive-time"] == str(list_time)


def test_a_long_queue_never_runs_at_its_end(fake, clock):
    """One runs at a time; what has waited for 24 hours is not known any more."""
    tasks = [create(fake) for _ in range(1500)]
    clock.now += 86_399
    assert status(fake, tasks[-1]) == "PENDING"
    clock.now += 1
    assert status(fake, tasks[-1]) == "UNKNOWN"


def test_cancelling_the_last_frees_its_place(fake):
    """The next task begins when those that are left are made, and after a reset at once."""
    first, last = create(fake), create(fake)
    ends = fake.store.task(first).ends
    assert cancel(fake, last).status == 200
    assert fake.store.task(create(fake)).begins == ends
    fake.store.reset("test")
    assert status(fake, create(fake)) == "RUNNING"
