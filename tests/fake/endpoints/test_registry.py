"""The registry: an endpoint's declaration is all that routing, manual, respx routes and catalogue need."""

import asyncio
import json

import httpx
import pytest
from helpers import PATH, body, call, status_and_body
from msgspec import Struct

from emoji_mock import Fake, FakeRouter, Options, Rule
from emoji_mock.contract import routes
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import failed, service
from emoji_mock.fake import responses
from emoji_mock.fake.checks import account, image
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.checks.request import JsonDecision
from emoji_mock.fake.endpoints.documentation import Documentation
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.endpoints.explain import explain
from emoji_mock.fake.endpoints.registry import ENDPOINTS, REGISTRY, EndpointRegistry
from emoji_mock.fake.request_head import read_head
from emoji_mock.server.app import Front
from emoji_mock.server.openapi.manual import create_app

# What follows, up to the tests, is the file that a sibling model would be.
MADE_UP = "made-up-detect"


class MadeUpOutput(Struct):
    """Whether the picture is fit for the model."""

    check_pass: bool


class MadeUpResponse(Struct):
    """HTTP 200: the answer of the made-up model."""

    output: MadeUpOutput
    request_id: str


def require_picture(_, decision):
    """Refuse a request without a picture."""
    if not decision.image_url:
        raise Refused(service.FIELD_REQUIRED, field="image_url")


def answer(_, __, request_id):
    """Return the body of the answer."""
    return responses.encode(MadeUpResponse(MadeUpOutput(check_pass=True), request_id))


MADE_UP_DETECT = Endpoint(
    route=routes.FACE_DETECT,
    models=(MADE_UP,),
    decision=JsonDecision,
    checks=(account.check_account, account.limit_rate, require_picture, image.apply_rule, image.inspect_image),
    body=answer,
    outcome=Outcome.PASSED,
    provokes={failed.FULL_FACE: f"the model {MADE_UP} with half a face"},
    documentation=Documentation(
        summary=f"Check a portrait ({MADE_UP})",
        description="Say whether the picture is fit.",
        response=MadeUpResponse,
        success={200: "The picture is fit."},
        examples=lambda _: {"fit": {"output": {"check_pass": True}, "request_id": "r"}},
    ),
)


@pytest.fixture
def fake():
    """A fake that serves the made-up model, too."""
    return Fake(Options(seed=7), registry=EndpointRegistry([*ENDPOINTS, MADE_UP_DETECT]))


def ask(model=MADE_UP, **changes):
    """Return a request to the path that both models share."""
    return call(body(model=model, **changes))


def test_a_sibling_model_answers_on_the_path_that_it_shares(fake):
    """The model decides which endpoint answers; the other models there answer as before."""
    reply = fake.answer(ask())
    document = json.loads(reply.body)
    assert list(document) == ["output", "request_id"]
    assert document["output"] == {"check_pass": True}
    assert set(json.loads(fake.answer(ask("emoji-detect-v1")).body)["output"]) == {"bbox_face", "ext_bbox_face"}
    entries = fake.store.journal().entries
    assert [(entry.endpoint, entry.model, entry.outcome) for entry in entries] == [
        ("face_detect", MADE_UP, "passed"),
        ("face_detect", "emoji-detect-v1", "passed"),
    ]


def test_a_sibling_model_makes_its_own_checks(fake):
    """Those until the model is known are the path's; after that no other model's checks are made."""
    assert fake.answer(ask(parameters=None)).status == 200
    without_picture = status_and_body(fake.answer(call(json.dumps({"model": MADE_UP}).encode())))
    assert without_picture == (
        400,
        '{"request_id":"ID","code":"InvalidParameter","message":"Field required: image_url"}',
    )
    assert fake.answer(call(body(model=MADE_UP), key="sk-mock-invalid")).status == 401
    assert fake.answer(call(body(model=MADE_UP), key="sk-mock-arrears")).status == 400


def test_rules_and_policies_know_a_sibling_model(fake):
    """A rule can name it, and a picture can be uploaded for it."""
    fake.store.add_rule(Rule(outcome="failed", code="FullFace", model=MADE_UP, times=1))
    assert fake.answer(ask("emoji-detect-v1")).status == 200
    assert b"InvalidFile.FullFace" in fake.answer(ask()).body
    policy = call(b"", method="GET", target=f"/api/v1/uploads?action=getPolicy&model={MADE_UP}")
    assert fake.answer(policy).status == 200


def test_without_its_endpoint_the_model_does_not_exist():
    """Nothing else declares it."""
    assert status_and_body(Fake().answer(ask())) == (
        400,
        '{"code":"InvalidParameter","message":"Model not exist.","request_id":"ID"}',
    )


def test_the_manual_describes_a_sibling_model(fake):
    """The manual shows its schema and its example beside those of the model on the same path."""
    document = create_app(fake, Front(fake).vendor, asyncio.Event()).openapi()
    operation = document["paths"][PATH]["post"]
    content = operation["responses"]["200"]["content"]["application/json"]
    names = [schema["$ref"].rpartition("/")[2] for schema in content["schema"]["anyOf"]]
    assert names[:2] == ["PassedResponse_Boxes_", "FailedResponse_FailedOutput_"]
    assert names[-1] == "MadeUpResponse"
    assert document["components"]["schemas"]["MadeUpOutput"]["properties"] == {"check_pass": {"type": "boolean"}}
    assert content["examples"]["fit"]["value"]["output"] == {"check_pass": True}
    assert "Say whether the picture is fit." in operation["description"]


def test_the_catalogue_says_how_a_sibling_model_provokes_a_row(fake):
    """Its way stands before those by a magic URL and a rule; the default registry does not have it."""
    way = f"the model {MADE_UP} with half a face"
    assert explain(failed.FULL_FACE, fake.registry).provoke[0] == way
    assert way not in explain(failed.FULL_FACE).provoke


def test_the_respx_route_of_the_path_answers_for_a_sibling_model(fake):
    """The named route of face-detect serves every model there."""
    with FakeRouter(fake) as router:
        request = ask()
        headers = [(name, value) for name, value in request.headers if name != "host"]
        reply = httpx.post(f"https://dashscope.aliyuncs.com{PATH}", headers=headers, content=request.body)
        assert reply.json()["output"] == {"check_pass": True}
        assert router["face_detect"].call_count == 1


def test_respx_routes_are_those_of_the_registry():
    """A registry with one endpoint has one named route, beside those for all other paths and hosts."""
    fake = Fake(registry=EndpointRegistry([MADE_UP_DETECT]))
    assert {route.name for route in FakeRouter(fake).routes} == {"face_detect", "vendor", "elsewhere"}


@pytest.mark.parametrize(
    ("method", "target", "host", "name"),
    [
        ("POST", PATH, "", "face_detect"),
        ("GET", PATH, "", "face_detect"),
        ("POST", f"{PATH.removeprefix('/api/v1')}/", "", "face_detect"),
        ("GET", "/api/v1/tasks", "", "tasks"),
        ("GET", "/api/v1/tasks/cancel", "", "task"),
        ("GET", "/api/v1/tasks/a/cancel", "", "cancel_task"),
        ("POST", "/dashscope-file-mgr", "", "storage"),
        ("OPTIONS", "/dashscope-file-mgr/a/b", "", "storage"),
        ("GET", "/dashscope-result-bj/a", "", "video"),
        ("GET", "/dashscope-result-bj", "", None),
        ("POST", "/", "dashscope-file-mgr.oss-cn-beijing.aliyuncs.com", "storage"),
        ("GET", "/dashscope-result-bj/a", "dashscope-file-mgr.oss-cn-beijing.aliyuncs.com", "storage"),
        ("PUT", "/", "dashscope-result-bj.oss-cn-beijing.aliyuncs.com", "video"),
        ("GET", "/", "", None),
        ("GET", "/nowhere", "", None),
    ],
)
def test_a_request_finds_its_route(method, target, host, name):
    """By path, or by a host of the route's own; of a path's endpoints, a wrong method finds the one that refuses it."""
    request = call(b"", method=method, target=target, host=host)
    assert REGISTRY.find(read_head(request)).route.name == name


def test_a_model_is_served_by_the_first_endpoint_that_declares_it():
    """So an endpoint of one's own takes a model from the one that serves it by default."""
    emo = Endpoint(route=routes.FACE_DETECT, models=("emo-detect-v1",), decision=JsonDecision, body=answer)
    served = EndpointRegistry([ENDPOINTS[0], emo, *ENDPOINTS[1:]])
    taken, usual = (fake.answer(ask("emo-detect-v1")).body for fake in (Fake(registry=served), Fake()))
    assert (b"face_bbox" in taken, b"face_bbox" in usual) == (False, True)
