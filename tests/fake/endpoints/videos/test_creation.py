"""Tasks of every model: accepted, their states and documents byte for byte, and the mistakes that all refuse alike."""

import json
import re

import pytest
from helpers import VIDEO_INPUT, call, status_and_body
from hypothesis import given
from hypothesis import strategies as st
from task_calls import INPUTS, PATHS, create_task, get_task, make_template, service_error, task_call

from emoji_mock import Fake, Rule
from emoji_mock.contract.model import TaskModel
from emoji_mock.contract.models import MODELS

TIMES = '"submit_time":"SUBMIT","scheduled_time":"BEGIN","end_time":"END"'
STORED = '"video_url":"LINK"'
MADE = {
    "emo-v1": ('"results":{"video_url":"LINK"}', '{"video_duration":SECONDS,"video_ratio":"1:1"}'),
    "wan2.2-s2v": ('"results":{"video_url":"LINK"}', '{"duration":SECONDS,"video_count":1,"SR":480}'),
    "liveportrait": ('"results":{"video_url":"LINK"}', '{"video_duration":SECONDS,"video_ratio":"standard"}'),
    "animate-anyone-template-gen2": (
        '"template_id":"AACT.TASK"',
        '{"video_duration":SECONDS,"video_ratio":"standard"}',
    ),
    "animate-anyone-gen2": (STORED, '{"video_duration":SECONDS,"video_ratio":"standard"}'),
    "videoretalk": (STORED, '{"video_duration":SECONDS,"size":"1080*1920","video_ratio":"standard","fps":25}'),
}
LINK = r"https://dashscope-result-bj\.oss-cn-beijing\.aliyuncs\.com/1d/[^\"]+\.mp4\?Expires=[^\"]+"


def template_of(fake, clock, model):
    """Return the changes that a valid call needs: a template of the account, for the model that takes one."""
    return {"template_id": make_template(fake, clock)} if model == "animate-anyone-gen2" else {}


def masked(said, task):
    """Return the document of a task with what differs between two runs replaced by words."""
    said = re.sub(LINK, "LINK", said).replace(task, "TASK")
    said = re.sub(r'"request_id":"[0-9a-f-]{36}"', '"request_id":"ID"', said)
    said = re.sub(r'uration":\d\.\d\d?(?=[,}])', 'uration":SECONDS', said)
    for name, mark in (("submit_time", "SUBMIT"), ("scheduled_time", "BEGIN"), ("end_time", "END")):
        said = re.sub(rf'"{name}":"2026-11-23 01:\d\d:\d\d\.\d\d\d"', f'"{name}":"{mark}"', said)
    return said


@pytest.mark.parametrize("model", INPUTS)
def test_a_task_is_accepted_byte_for_byte(fake, clock, model):
    """The task's id first, as the siblings' pages show it; a slash at the end of the path changes nothing."""
    changes = template_of(fake, clock, model)
    path = f"/api/v1/services/aigc/image2video/{PATHS[model]}"
    for target in (path, f"{path}/", path.removeprefix("/api/v1")):
        status, said = status_and_body(fake.answer(task_call(model, changes, target=target)))
        task = json.loads(said)["output"]["task_id"]
        assert (status, said) == (200, f'{{"output":{{"task_id":"{task}","task_status":"PENDING"}},"request_id":"ID"}}')
    assert fake.store.ledgers()["test"].images == 0


@pytest.mark.parametrize("model", INPUTS)
def test_a_task_succeeds_byte_for_byte(fake, clock, model):
    """Result and usage stand where the model's own page has them; wan2.2-s2v alone puts the request id last."""
    task = create_task(fake, model, template_of(fake, clock, model))
    clock.now += 300
    result, usage = MADE[model]
    output = f'"output":{{"task_id":"TASK","task_status":"SUCCEEDED",{TIMES},{result}}}'
    ends = f'{{{output},"usage":{usage},"request_id":"ID"}}'
    begins = f'{{"request_id":"ID",{output},"usage":{usage}}}'
    assert masked(get_task(fake, task).decode(), task) == (ends if model == "wan2.2-s2v" else begins)


@pytest.mark.parametrize("model", INPUTS)
def test_a_task_fails_byte_for_byte(fake, clock, model):
    """A rule fails the task, which has neither result nor usage; the request id comes first for every model."""
    changes = template_of(fake, clock, model)
    if model == "animate-anyone-template-gen2":
        changes = {"video_url": "https://emoji-mock.test/failed/FacePose.mp4"}
    else:
        fake.store.add_rule(Rule(outcome="failed", code="InternalError.Algo", endpoint="video_synthesis", model=model))
    task = create_task(fake, model, changes)
    clock.now += 300
    said = {
        "animate-anyone-template-gen2": ("InvalidFile.Template.Content", "Invalid template content."),
        "liveportrait": ("InternalError.Algo", "An internal error has occured during algorithm execution."),
    }.get(
        model,
        (
            "InternalError.Algo",
            "An internal error has occured during execution, please try again later or contact service support.",
        ),
    )
    assert masked(get_task(fake, task).decode(), task) == (
        f'{{"request_id":"ID","output":{{"task_id":"TASK","task_status":"FAILED",{TIMES},'
        f'"code":"{said[0]}","message":"{said[1]}"}}}}'
    )


STATES = {
    "PENDING": '"submit_time":"SUBMIT"',
    "RUNNING": '"submit_time":"SUBMIT","scheduled_time":"BEGIN"',
    "CANCELED": '"submit_time":"SUBMIT","end_time":"END"',
}


@pytest.mark.parametrize("model", INPUTS)
def test_one_task_of_a_model_runs_at_a_time(fake, clock, model):
    """The second of a model waits and can be cancelled; a task of another model, or of another account, does not wait."""
    changes = template_of(fake, clock, model)
    running, waiting, third = (create_task(fake, model, changes) for _ in range(3))
    other = create_task(fake, "wan2.2-s2v" if model != "wan2.2-s2v" else "liveportrait")
    states = [json.loads(get_task(fake, task))["output"]["task_status"] for task in (running, waiting, third, other)]
    begun = "PRE-PROCESSING" if model.startswith("animate") else "RUNNING"
    assert states == [begun, "PENDING", "PENDING", "RUNNING"]
    assert fake.answer(call(b"", target=f"/api/v1/tasks/{waiting}/cancel")).status == 200
    for task, state in ((waiting, "CANCELED"), (third, "PENDING")):
        assert masked(get_task(fake, task).decode(), task) == (
            f'{{"request_id":"ID","output":{{"task_id":"TASK","task_status":"{state}",{STATES[state]}}}}}'
        )
    clock.now = fake.store.task(running).ends
    assert json.loads(get_task(fake, third))["output"]["task_status"] == begun


@pytest.mark.parametrize("model", INPUTS)
def test_a_task_of_another_account_is_unknown(fake, clock, model):
    """Its id is echoed, and it cannot be cancelled."""
    changes = template_of(fake, clock, model)
    create_task(fake, model, changes)
    task = create_task(fake, model, changes)
    assert masked(get_task(fake, task, key="sk-mock-other").decode(), task) == (
        '{"request_id":"ID","output":{"task_id":"TASK","task_status":"UNKNOWN"}}'
    )
    assert fake.answer(call(b"", target=f"/api/v1/tasks/{task}/cancel", key="sk-mock-other")).status == 400


def test_the_list_knows_every_model(fake, clock):
    """Each model's tasks can be listed alone, with the path's last segment in the key of the caller."""
    template = make_template(fake, clock)
    for model in INPUTS:
        create_task(fake, model, {"template_id": template} if model == "animate-anyone-gen2" else {})
    for model in INPUTS:
        answer = fake.answer(call(b"", method="GET", target=f"/api/v1/tasks?model_name={model}"))
        rows = json.loads(answer.body)["data"]
        assert {row["model_name"] for row in rows} == {model}
        assert {row["user_api_unique_key"] for row in rows} == {f"apikey:v1:aigc:image2video:{PATHS[model]}:{model}"}
    seen = json.loads(fake.answer(call(b"", method="GET", target="/api/v1/tasks?status=PRE-PROCESSING")).body)["data"]
    assert {row["model_name"] for row in seen} == {"animate-anyone-template-gen2", "animate-anyone-gen2"}
    assert all("end_time" not in row and "start_time" in row for row in seen)


@pytest.mark.parametrize("model", ["animate-anyone-template-gen2", "animate-anyone-gen2"])
def test_the_steps_around_running(fake, clock, model):
    """The tasks of animate-anyone are PRE-PROCESSING before they run, and POST-PROCESSING after (each a tenth, inferred)."""
    task = create_task(fake, model, template_of(fake, clock, model))
    known = fake.store.task(task)
    seen = []
    for share in (0, 0.099, 0.101, 0.899, 0.901, 0.999, 1):
        clock.now = known.begins + share * known.takes
        document = json.loads(get_task(fake, task))
        seen.append(document["output"]["task_status"])
        assert ("usage" in document) is (seen[-1] == "SUCCEEDED")
        assert ("scheduled_time" in document["output"]) is True
    before, runs, after = "PRE-PROCESSING", "RUNNING", "POST-PROCESSING"
    assert seen == [before, before, runs, runs, after, after, "SUCCEEDED"]


@pytest.mark.parametrize("model", INPUTS)
def test_what_all_models_refuse_alike(fake, model):
    """The account, the asynchronous flag, the path and the shape of the body come before the fields."""
    wrong = task_call(model, target=f"/api/v1/services/aigc/image2video/{other_path(model)}")
    assert status_and_body(fake.answer(wrong)) == service_error(
        400, "InvalidParameter", "url error, please check url！"
    )
    for more, expected in (
        (
            {"asynchronous": None},
            service_error(403, "AccessDenied", "current user api does not support synchronous calls."),
        ),
        (
            {"key": "sk-mock-arrears"},
            service_error(400, "Arrearage", "Access denied, please make sure your account is in good standing."),
        ),
        (
            {"key": "sk-mock-throttled"},
            service_error(429, "Throttling.RateQuota", "Requests rate limit exceeded, please try again later."),
        ),
        ({"method": "GET"}, service_error(400, "InvalidParameter", "Request method 'GET' is not supported.")),
    ):
        assert status_and_body(fake.answer(task_call(model, **more))) == expected
    for sent, expected in (
        ({}, service_error(400, "BadRequest.EmptyInput", "Required input parameter missing from request.")),
        (
            {"input": None},
            service_error(400, "BadRequest.EmptyInput", "Required input parameter missing from request."),
        ),
        ({"input": []}, service_error(400, "BadRequest.IllegalInput", "The input parameter requires json format.")),
    ):
        payload = json.dumps({"model": model, **sent}).encode()
        target = f"/api/v1/services/aigc/image2video/{PATHS[model]}"
        assert status_and_body(fake.answer(call(payload, target=target, x_dashscope_async="enable"))) == expected
    assert fake.store.tasks("test") == []


def other_path(model):
    """Return the path of the other models that create tasks."""
    return "aa-template-generation" if PATHS[model] == "video-synthesis" else "video-synthesis"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
LIKELY = st.sampled_from(
    ["https://example.com/me", "data:,x", "data:;base64,AAAA", "oss://a/b", "https://emoji-mock.test/x", "data:", "1:1"]
)


@given(st.data(), st.sampled_from([*INPUTS, "emoji-v1"]))
def test_no_value_of_a_field_breaks_the_fake(data, model):
    """Whatever stands in a field or a parameter, the call is accepted or refused with HTTP 400."""
    known = MODELS[model]
    assert isinstance(known, TaskModel)
    names = (*known.fields, *known.optional)
    sent = {name: data.draw(VALUES | LIKELY) for name in names if data.draw(st.booleans())}
    parameters = {name: data.draw(VALUES | LIKELY) for name in known.parameters if data.draw(st.booleans())}
    usual = VIDEO_INPUT if model == "emoji-v1" else INPUTS[model]
    payload = json.dumps({"model": model, "input": {**usual, **sent}, "parameters": parameters}).encode()
    target = f"/api/v1{known.route.path}"
    answer = Fake().answer(
        call(payload, target=target, x_dashscope_async="enable", x_dashscope_ossresourceresolve="enable")
    )
    document = json.loads(answer.body)
    assert (answer.status, next(iter(document))) in [(200, "output"), (400, "code"), (400, "request_id")]


@pytest.mark.parametrize("model", ["emo-v1", "wan2.2-s2v", "liveportrait", "animate-anyone-gen2", "videoretalk"])
def test_parameters_that_are_no_object_are_refused(fake, model):
    """In the words of a bad parameter (inferred)."""
    answer = fake.answer(task_call(model, parameters=[]))
    message = "The request parameter is invalid, please check the request parameter."
    assert status_and_body(answer) == service_error(400, "InvalidParameter", message)
