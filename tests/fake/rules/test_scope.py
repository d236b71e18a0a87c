"""Rules at every endpoint: who is met, in which form, and what cannot be asked of an endpoint."""

import json

import pytest
from helpers import URL, call, fields_of, form, picture, policy_for, post
from helpers import video as ask

from emoji_mock import Fake, Options, Request, Rule
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.contract.exchange import Fault
from emoji_mock.fake.endpoints.explain import ways_to_provoke

FILE = picture()
IMAGE2VIDEO = "/api/v1/services/aigc/image2video"
DETECTING = {"face_detect", "aa_detect", "video_synthesis", "aa_template"}
JSON = "application/json"
TASK_KIND = "application/json;charset=UTF-8"


@pytest.fixture
def fake(clock):
    """A fake whose videos are there at once."""
    return Fake(Options(seed=7, time_scale=0), clock=clock)


@pytest.fixture(autouse=True)
def film(monkeypatch):
    """Every video is the same few bytes."""
    monkeypatch.setattr("emoji_mock.media.videos.make_video", lambda _: b"a video")


def prepared(fake):
    """Return a good request for each endpoint, by its name."""
    made = json.loads(fake.answer(ask()).body)["output"]["task_id"]
    url = json.loads(fake.answer(get(f"/tasks/{made}")).body)["output"]["video_url"]
    _, _, host, path = url.split("/", 3)
    fake.options = Options(seed=7, time_scale=1)
    fake.answer(ask())
    waits = json.loads(fake.answer(ask({"driven_id": "jingdian_lei"})).body)["output"]["task_id"]
    return {
        "face_detect": call(),
        "aa_detect": animate_call(),
        "uploads": get("/uploads?action=getPolicy&model=emoji-detect-v1"),
        "storage": post(form(fields_of(policy_for(fake)), FILE)),
        "video_synthesis": ask(),
        "aa_template": template_call(),
        "cancel_task": call(b"", target=f"/tasks/{waits}/cancel"),
        "task": get(f"/tasks/{made}"),
        "tasks": get("/tasks"),
        "video": Request("GET", f"/{path}", (("host", host),)),
    }


def animate_call():
    """Return a good request for the detection of animate-anyone."""
    sent = {"model": "animate-anyone-detect-gen2", "input": {"image_url": URL}}
    return call(json.dumps(sent).encode(), target=f"{IMAGE2VIDEO}/aa-detect")


def template_call():
    """Return a good request for the template of animate-anyone."""
    sent = {"model": "animate-anyone-template-gen2", "input": {"video_url": "https://example.com/me.mp4"}}
    target = f"{IMAGE2VIDEO}/aa-template-generation"
    return call(json.dumps(sent).encode(), target=target, x_dashscope_async="enable")


def get(target):
    """Return a request that asks for something."""
    return call(b"", method="GET", target=target)


@pytest.mark.parametrize(
    ("endpoint", "code", "status", "kind", "body"),
    [
        ("face_detect", "RateQuota", 429, JSON, '{"code":"Throttling.RateQuota",'),
        (
            "aa_detect",
            "InvalidFile.Size",
            400,
            JSON,
            '"message":"Invalid file size, The image file size must be smaller',
        ),
        ("aa_template", "ModelUnavailable", 503, JSON, '{"code":"ModelUnavailable",'),
        ("uploads", "InternalError", 500, JSON, '{"request_id":"'),
        ("uploads", "RateQuota", 429, JSON, '{"code":"Throttling.RateQuota",'),
        (
            "storage",
            "InternalError",
            500,
            "application/xml",
            "<Code>InternalError</Code>\n  <Message>We encountered an",
        ),
        ("storage", "policy-expired", 403, "application/xml", "Policy expired.</Message>"),
        ("video_synthesis", "ModelUnavailable", 503, JSON, '{"request_id":"'),
        ("task", "InternalError", 500, TASK_KIND, '{"request_id":"'),
        ("task", "Throttling", 429, TASK_KIND, '{"code":"Throttling",'),
        ("tasks", "RateQuota", 429, TASK_KIND, '{"code":"Throttling.RateQuota",'),
        ("cancel_task", "SystemError", 500, TASK_KIND, '{"request_id":"'),
        ("video", "InternalError", 500, "application/xml", "<HostId>dashscope-result-bj.oss-cn-beijing.aliyuncs.com<"),
        ("video", "link-expired", 403, "application/xml", "<Message>Request has expired.</Message>"),
    ],
)
def test_an_error_meets_its_endpoint_and_no_other(fake, endpoint, code, status, kind, body):
    """The endpoint gives the error in its own form and with its own headers, as often as the rule says."""
    requests = prepared(fake)
    fake.store.add_rule(Rule(outcome="error", code=code, endpoint=endpoint, times=1))
    for name, request in requests.items():
        if name != endpoint:
            assert fake.answer(request).status == 200, name
    answer = fake.answer(requests[endpoint])
    entry = fake.store.journal(limit=1000).entries[-1]
    assert answer.status == status
    assert dict(answer.headers)["content-type"] == kind
    assert body in answer.body.decode()
    assert (entry.endpoint, entry.outcome, entry.billed, entry.video) == (endpoint, "error", False, False)
    assert fake.store.rules()[0].used == 1


@pytest.mark.parametrize("endpoint", EndpointName)
def test_a_fault_and_a_wait_meet_their_endpoint(fake, endpoint):
    """The network misbehaves at one endpoint only; so does a wait that a rule says."""
    requests = prepared(fake)
    fake.store.replace_rules([Rule(fault="reset", endpoint=endpoint, times=1), Rule(latency=3, endpoint=endpoint)])
    met = {name: fake.answer(request) for name, request in requests.items()}
    assert [name for name, reply in met.items() if isinstance(reply, Fault)] == [endpoint]
    again = fake.answer(requests[endpoint])
    assert (again.status, again.delay) == (200, 3)
    waited = {entry.endpoint for entry in fake.store.journal(limit=1000).entries if entry.delay}
    assert waited == {endpoint}


def test_without_an_endpoint_an_outcome_is_for_pictures(fake):
    """An outcome meets detections and calls that create tasks, and passes the others by; a fault meets every call."""
    requests = prepared(fake)
    rule = fake.store.add_rule(Rule(outcome="error", code="RateQuota"))
    statuses = {name: fake.answer(request).status for name, request in requests.items()}
    assert {name for name, status in statuses.items() if status == 429} == DETECTING
    fake.store.clear_rules()
    fake.store.add_rule(Rule(fault="empty_reply"))
    assert all(isinstance(fake.answer(request), Fault) for request in requests.values())
    assert rule.used == 0


@pytest.mark.parametrize("fault", ["reset", "stall", "bad_gateway", "truncated_body"])
def test_what_the_network_loses_is_not_done(fake, fault):
    """A request lost before the answer has no effect; one whose answer was lost on its way has."""
    done = fault == "truncated_body"
    requests = prepared(fake)
    tasks = len(fake.store.tasks("test"))
    for name in ("video_synthesis", "cancel_task", "storage"):
        fake.store.add_rule(Rule(fault=fault, endpoint=name, times=1))
        fake.answer(requests[name])
    assert len(fake.store.tasks("test")) - tasks == done
    assert [task.cancelled is not None for task in fake.store.tasks("test")].count(True) == done
    assert fake.answer(requests["storage"]).status == (409 if done else 200)
    assert fake.store.ledgers()["test"].videos == tasks + done
    assert [entry.video for entry in fake.store.journal().entries if entry.endpoint == "video_synthesis"][-1] is done


@pytest.mark.parametrize(
    ("criteria", "met"),
    [({"model": "emoji-detect-v1"}, True), ({"model": "emoji-v1"}, False)],
)
def test_the_model_of_an_upload(fake, criteria, met):
    """The storage knows the model from the policy."""
    fake.store.add_rule(Rule(outcome="error", code="InternalError", endpoint="storage", **criteria))
    assert fake.answer(prepared(fake)["storage"]).status == (500 if met else 200)


def test_a_call_that_is_refused_before_uses_no_rule(fake):
    """A rule for an outcome is for calls that would succeed: no key, no policy, no such link come first."""
    requests = prepared(fake)
    fake.store.replace_rules([Rule(outcome="error", code="RateQuota", endpoint=name) for name in ("tasks", "uploads")])
    fake.store.add_rule(Rule(outcome="error", code="InternalError", endpoint="storage"))
    fake.store.add_rule(Rule(outcome="error", code="InternalError", endpoint="video"))
    assert fake.answer(call(b"", method="GET", target="/tasks", key="sk-mock-invalid")).status == 401
    assert fake.answer(post(form({}, FILE))).status == 403
    assert fake.answer(requests["video"]._replace(target="/nowhere.mp4")).status == 403
    assert [standing.used for standing in fake.store.rules()] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("InternalError.Algo", "An internal error has occured during execution, please try again later or contact"),
        ("DataInspectionFailed", "Input data may contain inappropriate content."),
        ("InvalidURL", "The request URL is invalid, please check the request URL is available and the request image"),
        ("InvalidURL.Timeout", "Download https://example.com/me.png timeout, please check network connection."),
        (
            "FacePose",
            "The pose of the detected face is invalid, please upload other image with the expected oriention.",
        ),
    ],
)
def test_a_task_fails_with_any_code_of_the_service(fake, code, message):
    """The request is accepted, and its task ends FAILED; a detection of the same picture is not concerned."""
    fake.store.add_rule(Rule(outcome="failed", code=code, endpoint="video_synthesis", times=1))
    assert json.loads(fake.answer(call()).body)["output"]["bbox_face"]
    answer = fake.answer(ask())
    assert answer.status == 200
    task = json.loads(answer.body)["output"]["task_id"]
    output = json.loads(fake.answer(get(f"/tasks/{task}")).body)["output"]
    assert (output["task_status"], list(output)[-2:]) == ("FAILED", ["code", "message"])
    assert output["code"].endswith(code)
    assert output["message"].startswith(message)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            {"endpoint": "faces"},
            "endpoint: unknown endpoint 'faces'; choose from face_detect, uploads, storage, aa_detect, video_synthesis, aa_template, task",
        ),
        (
            {"outcome": "passed", "endpoint": "task"},
            "outcome: nothing is detected at task; its rules must have error, a fault or a latency",
        ),
        ({"outcome": "failed", "code": "FacePose", "endpoint": "storage"}, "outcome: nothing is detected at storage;"),
        (
            {"outcome": "error", "code": "RateQuota", "endpoint": "storage"},
            "code: unknown code 'RateQuota' for storage; ",
        ),
        (
            {"outcome": "error", "code": "policy-expired", "endpoint": "video"},
            "code: unknown code 'policy-expired' for vi",
        ),
        ({"outcome": "error", "code": "policy-expired", "endpoint": "task"}, "code: 'policy-expired' comes from the "),
        ({"outcome": "error", "code": "policy-expired"}, "code: 'policy-expired' comes from the storage, and no pict"),
        (
            {"outcome": "failed", "code": "RateQuota", "endpoint": "video_synthesis"},
            "code: unknown code 'RateQuota' for a task that fails; ",
        ),
        (
            {"outcome": "failed", "code": "InternalError.Algo"},
            "code: 'InternalError.Algo' must have the outcome error, not fail",
        ),
        ({"fault": "malformed_json", "endpoint": "storage"}, "fault: storage answers without JSON; use truncated_body"),
        ({"fault": "reset", "endpoint": "tasks", "image_url": "*"}, "image_url: a call to tasks has none; leave it"),
        ({"fault": "reset", "endpoint": "storage", "key": "sk-mock-a"}, "key: a call to storage has none; leave it"),
        ({"fault": "reset", "endpoint": "cancel_task", "model": "m"}, "model: a call to cancel_task has none; leave"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(arguments, said):
    """The message names the field, what was wrong, and what would be right."""
    given = {"fault": "reset"} if set(arguments) == {"endpoint"} else {}
    with pytest.raises(ValueError) as error:
        Rule(**given, **arguments)
    assert str(error.value).startswith(said)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_rule_that_the_catalogue_names_is_valid(row):
    """The rule in the line, when copied, gives that answer and no other; the storage's rules name their endpoint, those of a model's own rows the model."""
    rules = [way.removeprefix("a rule: ") for way in ways_to_provoke(row) if way.startswith("a rule: ")]
    assert len(rules) == (len(row.models) or 1)
    for rule in rules:
        given = Rule(**json.loads(rule)).row
        assert (given.name, given.host) == (row.name, row.host)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            {"outcome": "failed", "code": "FullBody", "model": "emoji-detect-v1"},
            "model: emoji-detect-v1 never answers 'InvalidFile.FullBody'; emo-detect-v1 can",
        ),
        (
            {"outcome": "error", "code": "InvalidFile.Resolution", "model": "wan2.2-s2v-detect"},
            (
                "model: wan2.2-s2v-detect never answers 'animate-resolution'; animate-anyone-detect-gen2,"
                " animate-anyone-gen2 can"
            ),
        ),
        (
            {"outcome": "failed", "code": "s2v-not-passed", "model": "emo-detect-v1"},
            "model: emo-detect-v1 never answers 's2v-not-passed'; wan2.2-s2v-detect can",
        ),
        (
            {"outcome": "passed", "model": "emo-detect-v1", "endpoint": "aa_detect"},
            "model: emo-detect-v1 is called at face_detect, not at aa_detect",
        ),
        (
            {"outcome": "error", "code": "RateQuota", "model": "wan2.2-s2v", "endpoint": "face_detect"},
            "model: wan2.2-s2v is called at video_synthesis, not at face_detect",
        ),
        (
            {"outcome": "error", "code": "RateQuota", "model": "wan2.2-s2v-detct"},
            "model: unknown model 'wan2.2-s2v-detct'; did you mean wan2.2-s2v-detect?",
        ),
        (
            {"outcome": "passed", "model": "emoji-detect-v2"},
            "model: unknown model 'emoji-detect-v2'; did you mean emoji-detect-v1 or emo-detect-v1?",
        ),
    ],
    ids=str,
)
def test_a_rule_for_a_model_that_no_call_can_meet_is_refused(arguments, said):
    """A row that the model never answers, another endpoint, a misspelt name: the message names those that fit."""
    with pytest.raises(ValueError) as error:
        Rule(**arguments)
    assert str(error.value) == said


@pytest.mark.parametrize(
    "arguments",
    [
        {"outcome": "passed", "model": "my-own-model"},
        {"outcome": "passed", "model": "emoji"},
        {"fault": "reset", "model": "emoji-detect-v2"},
        {"latency": 1, "model": "emoji-detect-v2", "endpoint": "aa_detect"},
        {"outcome": "error", "code": "RateQuota", "model": "wan2.2-s2v", "endpoint": "uploads"},
        {"outcome": "failed", "code": "Algo", "model": "emo-v1"},
        {"outcome": "failed", "code": "FullBody", "model": "emo-v1"},
    ],
    ids=str,
)
def test_a_rule_for_a_model_that_a_call_may_meet_is_made(arguments):
    """A registry of one's own may serve any model, a fault meets refused calls, and a task fails in more rows."""
    assert Rule(**arguments).model == arguments["model"]


def test_an_endpoint_may_be_written_with_hyphens():
    """`video-synthesis` is `video_synthesis`."""
    assert Rule(fault="reset", endpoint="Video-Synthesis").endpoint is EndpointName.VIDEO_SYNTHESIS
