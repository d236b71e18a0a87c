"""The tables of docs/reference/faults.md are those of the code and of a run: `--write-tables` with this file writes them."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
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

MANUAL = Path(__file__).parents[2] / "docs" / "reference" / "faults.md"
LIBRARIES = ("httpx", "requests", "aiohttp", "urllib3", "http.client")
ASKED = "https://example.com/me.png"


def written(name, lines, *, write):
    """Return the lines of a table of the page, after `lines` replaced it if `write`."""
    place = re.compile(rf"(?<=<!-- table: {name} -->\n).*?(?=<!-- end -->)", re.DOTALL)
    text = MANUAL.read_text("utf-8")
    if write:
        text = place.sub(lambda _: "".join(f"{line}\n" for line in lines), text, count=1)
        MANUAL.write_text(text, "utf-8")
    return place.search(text)[0].splitlines()


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


def rows(clients, good, fake, site):
    """Yield the rows of the table of libraries; where a socket differs, it has a row of its own."""
    there, url = site
    method, target, headers, body = good
    local = target.replace("https://dashscope.aliyuncs.com", url)
    for kind in FaultKind:
        fake.store.replace_rules([rule(kind)])
        there.store.replace_rules([rule(kind)])
        with intercept(fake):
            here = results_of_all(clients, method, target, headers, body)
        with intercept(Answering(lambda _: None)):
            live = results_of_all(clients, method, local, headers, body)
        row = FAULTS[kind]
        if row.raises is not None:
            assert here == declared(row.times_out or row.raises)
            assert live == declared(row.on_socket or row.times_out or row.raises)
        yield f"| `{kind}` | {' | '.join(here)} |"
        if row.on_socket is not None:
            yield f"| `{kind}`, on a socket | {' | '.join(live)} |"


def test_what_each_library_raises(clients, good, fake, site, pytestconfig):
    """The page and the table in the code name what the libraries raise, in the process and on a socket."""
    head = [f"| fault | {' | '.join(f'{name}' for name in LIBRARIES)} |", "|---" * (len(LIBRARIES) + 1) + "|"]
    lines = [*head, *rows(clients, good, fake, site)]
    assert written("what each library raises", lines, write=pytestconfig.getoption("write_tables")) == lines


def test_what_each_fault_is(pytestconfig):
    """The page has each fault's meaning, default seconds and billing from its row."""
    lines = ["| fault | what happens | `seconds` | billed |", "|---|---|---|---|"]
    for kind, row in FAULTS.items():
        seconds = "" if row.seconds is None else f"{row.seconds:g}"
        lines.append(f"| `{kind}` | {row.meaning} | {seconds} | {'yes' if row.answered else 'no'} |")
    assert written("what each fault is", lines, write=pytestconfig.getoption("write_tables")) == lines


def recipe_row(kind):
    """Run a recipe; return its row: the code, how our client ends, its calls and its bill."""
    recipe = f'emoji_api.faults("{kind}", times=1)'
    clock = StillClock()
    with intercepted(Fake(clock=clock)) as emoji_api, httpx.Client() as http:
        eval(recipe, {"emoji_api": emoji_api})  # noqa: S307 - as it is on the page
        timing = Timing(clock=clock, now=clock, sleep=clock.advance, random=Random(1))
        try:
            ending = "passes" if EmojiDetect("sk-mock-me", client=http, timing=timing).detect(ASKED).passed else "fails"
        except EmojiError as error:
            ending = f"`{type(error).__name__}`"
        calls, ledger = len(emoji_api.calls), emoji_api.ledger
        emoji_api.assert_resilient(strict=True)
    return f"| `{recipe}` | {ending} | {calls} | {ledger.images} | {ledger.lost} |"


def test_each_fault_has_a_recipe(pytestconfig):
    """Each recipe of the page runs, and our own client ends as the page says."""
    head = ["| recipe | our own client | calls | images billed | of them lost |", "|---|---|---|---|---|"]
    lines = [*head, *map(recipe_row, FaultKind)]
    assert written("recipes", lines, write=pytestconfig.getoption("write_tables")) == lines


@pytest.mark.parametrize("name", ["what each fault is", "what each library raises", "recipes"])
def test_every_fault_is_in_each_table(name):
    """Every kind of fault is in each table of the page."""
    assert {kind for kind in FaultKind if f"{kind}" in "\n".join(written(name, [], write=False))} == set(FaultKind)
