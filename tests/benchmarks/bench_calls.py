"""The figures of a call in process: the fake alone, httpx beside respx, entering and leaving."""

import json
from contextlib import contextmanager
from functools import partial
from itertools import count

import httpx
import msgspec
import respx
from detection import ANSWER, BODY, HEADERS, URL, vendor_request
from measuring import Goal, cpu_per_call, in_turns, ratio

import emoji_mock

WARM_UP = 50


@contextmanager
def faked(client):
    """Give a call of a client that the fake answers."""
    with emoji_mock.intercept(emoji_mock.Fake()):
        yield partial(client.post, URL, json=BODY)


@contextmanager
def static_respx(client):
    """Give a call of an httpx client that a respx route answers."""
    with respx.mock() as router:
        router.post(URL).respond(200, json=ANSWER)
        yield partial(client.post, URL, json=BODY)


@contextmanager
def through(library, transport):
    """Give a call through a transport that answers."""
    with library.Client(transport=transport, headers=HEADERS) as client:
        yield partial(client.post, URL, json=BODY)


def static_transport(library):
    """Return a MockTransport whose handler reads the JSON, and sends as many headers as the fake."""
    headers = emoji_mock.Fake().answer(vendor_request()).headers

    def handler(request):
        json.loads(request.content)
        return library.Response(200, headers=headers, content=msgspec.json.encode(ANSWER))

    return library.MockTransport(handler)


def turn_of(way):
    """Return a function that measures `calls` of what the context manager `way` gives."""

    def turn(calls):
        with way() as call:
            cpu_per_call(call, WARM_UP)
            return cpu_per_call(call, calls)

    return turn


def compare(report, plan, ours, theirs, goal=None, *, calls=21_000, rounds=21):
    """Measure two turns, each a name and a function that takes the number of calls, and print their ratio."""
    calls, rounds = plan.turns(calls, rounds)
    measures = {name: partial(turn, calls) for name, turn in (ours, theirs)}
    one, other = in_turns(measures, rounds).values()
    report.micros(ours[0], one)
    report.micros(theirs[0], other)
    report.row("... against it", ratio(one, other), goal=goal)


def answers(report, plan):
    """Measure the fake alone, with one picture and with new ones."""
    calls, rounds = plan.turns(21_000, 21)
    fake, numbers, same = emoji_mock.Fake(), count(), vendor_request()

    def new():
        ready = iter([vendor_request(next(numbers)) for _ in range(calls)])
        return cpu_per_call(lambda: fake.answer(next(ready)), calls)

    measures = {"same": lambda: cpu_per_call(lambda: fake.answer(same), calls), "new": new}
    in_turns(measures, 1)
    figures = in_turns(measures, rounds)
    report.heading("the fake alone")
    report.micros("Fake().answer, the same picture", figures["same"])
    report.micros("Fake().answer, new pictures", figures["new"])
    report.row("new pictures against the same", ratio(figures["new"], figures["same"]))


def httpx_calls(report, plan):
    """Measure a call of httpx: intercepted, and through MockTransport."""
    from emoji_mock.interceptors.httpx import transport

    client = httpx.Client(headers=HEADERS)
    report.heading("httpx")
    ours = ("a call, faked", turn_of(partial(faked, client)))
    theirs = ("a call, static respx route", turn_of(partial(static_respx, client)))
    compare(report, plan, ours, theirs, Goal(0.75, 0.7))
    ours = ("MockTransport, the fake", turn_of(lambda: through(httpx, transport(emoji_mock.Fake()))))
    theirs = (
        "MockTransport, a handler with the same headers",
        turn_of(lambda: through(httpx, static_transport(httpx))),
    )
    compare(report, plan, ours, theirs, Goal(1.2))


def entering(report, plan, where=""):
    """Measure what each test of httpx pays: entering and leaving, with and without a call."""
    client = httpx.Client(headers=HEADERS)

    def ours():
        with emoji_mock.intercept(emoji_mock.Fake()):
            pass

    def theirs():
        with respx.mock():
            pass

    def our_test():
        with faked(client) as call:
            call()

    def their_test():
        with static_respx(client) as call:
            call()

    for work in (ours, theirs, our_test, their_test):
        work()
    report.heading(f"entering and leaving{where}")
    pair = [
        (name, partial(cpu_per_call, work)) for name, work in (("intercept(Fake())", ours), ("respx.mock()", theirs))
    ]
    compare(report, plan, *pair, Goal(0.1))
    pair = [
        ("intercept(Fake()) and one call of httpx", partial(cpu_per_call, our_test)),
        ("respx.mock(), a route and one call of httpx", partial(cpu_per_call, their_test)),
    ]
    compare(report, plan, *pair, calls=5_000)
