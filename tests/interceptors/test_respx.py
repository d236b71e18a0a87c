"""The router: the fake behind respx's own routes."""

import asyncio

import httpx
import httpx2
import msgspec
import pytest
import respx

import emoji_mock
from emoji_mock import Fake
from emoji_mock.contract import routes
from emoji_mock.contract.exchange import Fault, Response
from emoji_mock.contract.model import TaskModel
from emoji_mock.contract.models import MODELS
from emoji_mock.fake.endpoints.registry import REGISTRY

LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
ASYNC = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])


def post(library, good, *, is_async=False, url=None):
    """Send a good call with `library`."""
    _, home, headers, body = good
    if not is_async:
        return library.post(url or home, headers=headers, content=body)

    async def go():
        async with library.AsyncClient() as client:
            return await client.post(url or home, headers=headers, content=body)

    return asyncio.run(go())


@LIBRARIES
@ASYNC
def test_the_route_answers_with_the_fake_and_counts(library, is_async, good):
    """The fake answers a call to face-detect, and the named route counts it."""
    with emoji_mock.router() as router:
        assert post(library, good, is_async=is_async).json()["usage"] == {"image_count": 1}
        assert router["face_detect"].call_count == 1
        assert router["face_detect"].calls.last.request.method == "POST"


SERVED = [endpoint for endpoint in REGISTRY.endpoints if endpoint.model is not None]
HOSTS = ["dashscope.aliyuncs.com", "vpc-cn-beijing.dashscope.aliyuncs.com", "ws-1.cn-beijing.maas.aliyuncs.com"]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("endpoint", SERVED, ids=[endpoint.model.name for endpoint in SERVED])
def test_the_route_of_every_model_answers(endpoint, host):
    """At every host that serves the models; with and without the API prefix and a slash at the end."""
    path, example = endpoint.route.path, next(iter(endpoint.documentation.request_examples.values()))
    headers = {"authorization": "Bearer sk-mock-test", "content-type": "application/json"}
    if isinstance(endpoint.model, TaskModel):
        headers["x-dashscope-async"] = "enable"
    with emoji_mock.router() as router:
        for url in (f"https://{host}/api/v1{path}", f"https://{host}{path}/", f"http://{host}:80{path}?a=b"):
            answer = httpx.post(url, headers=headers, content=msgspec.json.encode(example))
            assert (answer.status_code, "output" in answer.json()) == (200, True), answer.text
        assert router[endpoint.route.name].call_count == 3
        assert [route.call_count for route in router.routes] == [
            3 * (one.name == endpoint.route.name) for one in router.routes
        ]


def test_every_model_has_a_route():
    """The router's routes are the registry's, and so are the models."""
    assert {endpoint.model.name for endpoint in SERVED} == set(MODELS)
    named = {
        "face_detect",
        "aa_detect",
        "uploads",
        "storage",
        "video_synthesis",
        "aa_template",
        "task",
        "tasks",
        "cancel_task",
    }
    assert {route.name for route in emoji_mock.router().routes} == named | {"video", "vendor", "elsewhere"}


@LIBRARIES
@pytest.mark.parametrize("host", ["dashscope-new.aliyuncs.com", "ws-1.us-east-1.maas.aliyuncs.com"])
def test_hosts_that_refuse_the_key_are_answered_too(library, good, host):
    """Other regions, and hosts whose region is not known."""
    with emoji_mock.router():
        assert post(library, good, url=f"https://{host}/api/v1{routes.FACE_DETECT.path}").status_code == 401


@pytest.mark.parametrize("host", ["dashscope-x.oss-cn-beijing.aliyuncs.com", "notdashscope-a.aliyuncs.com"])
def test_hosts_of_others_pass_through(host):
    """A bucket of somebody's, and a host that only looks like the vendor's."""
    ours, theirs = httpx.Request("GET", "https://dashscope-new.aliyuncs.com/"), httpx.Request("GET", f"https://{host}/")
    pattern = emoji_mock.router()["vendor"].pattern
    assert (bool(pattern.match(ours)), bool(pattern.match(theirs))) == (True, False)


@LIBRARIES
def test_other_vendor_paths_are_answered_too(library, good):
    """The fake answers the vendor's other paths too, on the route `vendor`."""
    with emoji_mock.router() as router:
        assert post(library, good, url="https://dashscope.aliyuncs.com/nowhere").status_code == 404
        assert (router["face_detect"].call_count, router["vendor"].call_count) == (0, 1)


@LIBRARIES
@ASYNC
def test_other_hosts_pass_through(library, is_async, good, elsewhere):
    """A call to another host arrives there, with its body."""
    with emoji_mock.router():
        assert post(library, good, is_async=is_async, url=elsewhere).content == b"elsewhere"


OVERRIDES = {
    "mock": lambda router, _: router["face_detect"].mock(return_value=httpx.Response(503)),
    "respond": lambda router, _: router["face_detect"].respond(503),
    "percent": lambda router, _: router["face_detect"] % 503,
    "return_value": lambda router, _: setattr(router["face_detect"], "return_value", httpx.Response(503)),
    "by name": lambda router, url: router.post(url, name="face_detect").respond(503),
    "a route of one's own": lambda router, url: router.post(url).respond(503),
}


@LIBRARIES
@pytest.mark.parametrize("name", OVERRIDES)
def test_a_user_overrides_a_route_as_in_respx(name, library, good):
    """Every way of respx to override a route works, and the other routes still answer."""
    with emoji_mock.router() as router:
        OVERRIDES[name](router, good[1])
        assert post(library, good).status_code == 503
        assert post(library, good, url="https://dashscope.aliyuncs.com/nowhere").status_code == 404


def test_an_override_lasts_as_long_as_the_router(good):
    """When a router is started again, the fake answers, and the counts are zero."""
    router = emoji_mock.router()
    with router:
        router["face_detect"].respond(503)
        assert post(httpx, good).status_code == 503
    with router:
        assert router["face_detect"].call_count == 0
        assert post(httpx, good).status_code == 200


@LIBRARIES
@ASYNC
def test_an_exception_is_the_librarys_own(library, is_async, good):
    """An exception of httpx as a side effect becomes httpx2's for a user of httpx2."""
    with emoji_mock.router() as router:
        router["face_detect"].mock(side_effect=httpx.ReadTimeout)
        with pytest.raises(library.ReadTimeout):
            post(library, good, is_async=is_async)


@LIBRARIES
@ASYNC
def test_a_body_that_breaks_off_raises_the_librarys_own_exception(library, is_async, good):
    """An exception within a body is translated too."""
    with emoji_mock.router(_Broken()), pytest.raises(library.RemoteProtocolError, match="expected 180"):
        post(library, good, is_async=is_async)


class _Broken(Fake):
    def answer(self, request):
        del request
        return Fault("truncated_body", Response(200, (("content-type", "application/json"),), b"0" * 180))


def test_it_decorates(good):
    """A router decorates functions and coroutine functions, and passes itself if they take it."""

    @emoji_mock.router()
    def plain():
        return post(httpx, good).status_code

    @emoji_mock.router()
    async def coroutine(respx_mock):
        async with httpx.AsyncClient() as client:
            await client.post(good[1], headers=good[2], content=good[3])
        return respx_mock["face_detect"].call_count

    assert plain() == 200
    assert asyncio.run(coroutine()) == 1


def test_the_inner_router_answers(good):
    """Of two nested routers the inner one answers, and then the outer one again."""
    outer, inner = emoji_mock.router(), emoji_mock.router()
    with outer:
        with inner:
            post(httpx, good)
        post(httpx, good)
        assert outer["face_detect"].call_count == 1


def test_nothing_is_left_patched():
    """Leaving restores exactly what was there."""
    before = httpx.HTTPTransport.handle_request, httpx2.AsyncHTTPTransport.handle_async_request
    with emoji_mock.router():
        assert httpx.HTTPTransport.handle_request is not before[0]
    assert (httpx.HTTPTransport.handle_request, httpx2.AsyncHTTPTransport.handle_async_request) == before


def test_a_fake_that_breaks_answers_in_the_vendors_shape(good):
    """An error in the fake is logged, and answered as the vendor's internal error."""

    class Buggy(Fake):
        def answer(self, request) -> Response:
            raise KeyError(request)

    with emoji_mock.router(Buggy()):
        assert post(httpx, good).json()["code"] == "InternalError"


@pytest.mark.parametrize(
    ("name", "method", "url", "status"),
    [
        ("uploads", "GET", "https://dashscope.aliyuncs.com/api/v1/uploads?action=getPolicy&model=emoji-detect-v1", 200),
        ("storage", "POST", "https://dashscope-file-mgr.oss-cn-beijing.aliyuncs.com/", 400),
        (
            "video_synthesis",
            "POST",
            "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/video-synthesis/",
            400,
        ),
        ("tasks", "GET", "https://dashscope.aliyuncs.com/api/v1/tasks?page_no=1", 200),
        ("task", "GET", "https://dashscope.aliyuncs.com/tasks/0cd52e9d-3c1a-4f2c-a3b5-0a2a8e1f9d11", 200),
        (
            "cancel_task",
            "POST",
            "https://dashscope.aliyuncs.com/api/v1/tasks/0cd52e9d-3c1a-4f2c-a3b5-0a2a8e1f9d11/cancel",
            400,
        ),
        ("video", "GET", "https://dashscope-result-bj.oss-cn-beijing.aliyuncs.com/a.mp4", 403),
    ],
)
def test_every_endpoint_has_a_named_route(name, method, url, status):
    """Uploads, tasks and videos have routes, counted and overridden like face-detect's."""
    headers = {"authorization": "Bearer sk-mock-a", "x-dashscope-async": "enable"}
    with emoji_mock.router() as router:
        assert httpx.request(method, url, headers=headers).status_code == status
        assert [each.name for each in router.routes if each.called] == [name]
        router[name].respond(503)
        assert httpx.request(method, url, headers=headers).status_code == 503


@ASYNC
def test_a_users_own_mock_that_starts_later_goes_first(good, fake, is_async):
    """Inside `intercept` a user's respx route answers; the fake answers other and later calls."""
    with emoji_mock.intercept(fake):
        with respx.mock(assert_all_called=False) as router:
            router.post(good[1]).respond(418)
            assert post(httpx, good, is_async=is_async).status_code == 418
            assert post(httpx, good, is_async=is_async, url="https://dashscope.aliyuncs.com/nowhere").status_code == 404
            assert post(httpx2, good, is_async=is_async).status_code == 200
            router.post(good[1]).pass_through()
            assert post(httpx, good, is_async=is_async).status_code == 200
        assert post(httpx, good, is_async=is_async).status_code == 200


def test_a_users_own_mock_that_started_before_does_not(good, fake):
    """The newest interception answers."""
    with respx.mock(assert_all_called=False) as router:
        router.post(good[1]).respond(418)
        with emoji_mock.intercept(fake):
            assert post(httpx, good).status_code == 200
        assert post(httpx, good).status_code == 418
