"""What each HTTP library, and our own client, make of each fault: docs/reference/faults.md has the table of it."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from random import Random

import httpx
import pytest
from helpers import Answering
from verdict_helpers import StillClock

from emoji_mock import Rule
from emoji_mock import intercept as intercepted
from emoji_mock.assembly import Fake
from emoji_mock.client import EmojiDetect, EmojiError, Timing
from emoji_mock.fake.network.faults import FAULTS, FaultKind
from emoji_mock.interceptors.registry import intercept

LIBRARIES = ("httpx", "requests", "aiohttp", "urllib3", "http.client")
RECEIVED = {
    "drip": "the whole answer",
    "malformed_json": "HTTP 200, its JSON broken off",
    "bad_gateway": "HTTP 502, an HTML page",
    "gateway_timeout": "HTTP 504, an HTML page",
}
"""What a client gets of the faults that raise nothing."""
ASKED = "https://example.com/me.png"


def result_of(client, method, url, headers, body, timeout):
    """Return the exception that a caller gets, or its answer in words."""
    try:
        answer = client(method, url, headers, body, timeout=timeout)
    except Exception as error:  # noqa: BLE001 - whatever it is
        return f"`{type(error).__name__}`"
    try:
        json.loads(answer.body)
    except ValueError:
        return f"HTTP {answer.status}, {'its JSON broken off' if answer.status == 200 else 'an HTML page'}"
    return "the whole answer"


def results_of_all(clients, *request):
    """Return what a caller gets from each library with a timeout of 0.3 seconds, which all of them wait out together."""
    with ThreadPoolExecutor(len(LIBRARIES)) as pool:
        return list(pool.map(lambda name: result_of(clients[name], *request, 0.3), LIBRARIES))


def rule(kind):
    """Return a rule for `kind` that lasts longer than a short timeout, unless it is a drip."""
    seconds = {"stall": 30, "stall_in_body": 30, "drip": 0.1}.get(kind)
    return Rule(fault=kind, seconds=seconds)


def declared(raises):
    """Return the exceptions that the table of faults names for the libraries."""
    return [f"`{raises._asdict()[name.replace('.', '_')]}`" for name in LIBRARIES]


def test_each_library_raises_what_the_table_says(clients, good, fake, site):
    """The table in the code names what the libraries raise, in the process and on a socket; docs/reference has it."""
    there, url = site
    method, target, headers, body = good
    local = target.replace("https://dashscope.aliyuncs.com", url)
    for kind, row in FAULTS.items():
        fake.store.replace_rules([rule(kind)])
        there.store.replace_rules([rule(kind)])
        with intercept(fake):
            here = results_of_all(clients, method, target, headers, body)
        with intercept(Answering(lambda _: None)):
            live = results_of_all(clients, method, local, headers, body)
        if row.raises is None:
            assert here == live == [RECEIVED[kind]] * len(LIBRARIES)
        else:
            assert here == declared(row.times_out or row.raises)
            assert live == declared(row.on_socket or row.times_out or row.raises)


@pytest.mark.parametrize("kind", FaultKind)
def test_our_own_client_is_resilient_to_each_fault(kind):
    """One fault gives the verdict nothing to find."""
    clock = StillClock()
    with intercepted(Fake(clock=clock)) as emoji_api, httpx.Client() as http:
        emoji_api.faults(kind, times=1)
        timing = Timing(clock=clock, now=clock, sleep=clock.advance, random=Random(1))
        with suppress(EmojiError):
            EmojiDetect("sk-mock-me", client=http, timing=timing).detect(ASKED)
        emoji_api.assert_resilient(strict=True)
