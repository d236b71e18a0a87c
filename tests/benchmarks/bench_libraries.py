"""The figures of the other HTTP libraries: a faked call of each beside a static mock of it."""

import asyncio
import time
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from types import SimpleNamespace

import httpx2
import requests
import responses
from bench_calls import WARM_UP, compare, entering, faked, static_transport, through, turn_of
from detection import ANSWER, BODY, HEADERS, URL

import emoji_mock
from emoji_mock.interceptors.httpx2 import transport


@contextmanager
def static_responses(session):
    """Give a call of a requests session that `responses` answers."""
    with responses.RequestsMock() as mock:
        mock.add(responses.POST, URL, json=ANSWER)
        yield partial(session.post, URL, json=BODY)


def httpx2_calls(report, plan):
    """Measure a call of httpx2 beside its MockTransport, as no other mocker is for it."""
    client = httpx2.Client(headers=HEADERS)
    report.heading("httpx2")
    theirs = (
        "MockTransport, a handler with the same headers",
        turn_of(lambda: through(httpx2, static_transport(httpx2))),
    )
    compare(report, plan, ("a call, faked", turn_of(partial(faked, client))), theirs)
    ours = turn_of(lambda: through(httpx2, transport(emoji_mock.Fake())))
    compare(report, plan, ("MockTransport, the fake", ours), theirs)


def requests_calls(report, plan):
    """Measure a call of requests beside `responses`."""
    session = requests.Session()
    session.headers.update(HEADERS)
    report.heading("requests")
    ours = ("a call, faked", turn_of(partial(faked, session)))
    compare(report, plan, ours, ("a call, responses", turn_of(partial(static_responses, session))))


@contextmanager
def static_aioresponses():
    """Answer the calls of aiohttp by `aioresponses`."""
    from aiohttp import ClientResponse
    from aioresponses import aioresponses

    class Answer(ClientResponse):
        """A response of aiohttp 3.14, which needs an argument that aioresponses 0.7.9 does not give."""

        def __init__(self, *args, **named):
            super().__init__(*args, stream_writer=SimpleNamespace(output_size=0), **named)

    with aioresponses() as mock:
        mock.post(URL, payload=ANSWER, repeat=True, response_class=Answer)
        yield


def aiohttp_calls(report, plan):
    """Measure a call of aiohttp beside `aioresponses`."""
    report.heading("aiohttp")
    if find_spec("aioresponses") is None:
        print("  skipped: needs aioresponses")
        return

    def turn(way, calls):
        with way():
            return asyncio.run(_aiohttp_turn(calls))

    ours = ("a call, faked", partial(turn, lambda: emoji_mock.intercept(emoji_mock.Fake())))
    compare(report, plan, ours, ("a call, aioresponses", partial(turn, static_aioresponses)))


async def _aiohttp_turn(calls):
    from aiohttp import ClientSession

    async with ClientSession(headers=HEADERS) as session:
        for number in range(WARM_UP + calls):
            if number == WARM_UP:
                began = time.process_time_ns()
            async with session.post(URL, json=BODY) as answer:
                await answer.read()
        return (time.process_time_ns() - began) / calls / 1e9


def entering_all(report, plan):
    """Measure entering and leaving where aiohttp, httpx2, requests and urllib3 are loaded, too."""
    import aiohttp  # noqa: F401 - to be loaded

    entering(report, plan, " where every library is loaded")
