"""Requests: the good ones pass, the bad ones get what they are promised, and each shrinks to what a person would write."""

import json
import re
import subprocess
import sys

import pytest
from helpers import call
from hypothesis import find, given
from strategy_helpers import drawn

from emoji_mock import Fake, Request
from emoji_mock.contract.rows import service
from emoji_mock.fake.checks.image import decode_data_url
from emoji_mock.media.inspection import inspect
from emoji_mock.strategies import Answer, image_urls, invalid_requests, respelled, valid_requests

SAMPLE = Request(
    "POST",
    "/api/v1/services/aigc/image2video/face-detect",
    (("authorization", "Bearer sk-mock-0"), ("content-type", "application/json")),
    b'{"model":"emoji-detect-v1","input":{"image_url":"https://example.com/me.png"},"parameters":{"ratio":"1:1"}}',
)


@given(valid_requests())
def test_a_valid_request_passes(request_):
    """Whatever its spelling, a valid request gets boxes."""
    response = Fake().answer(request_)
    assert (response.status, response.body[:24]) == (200, b'{"output":{"bbox_face":[')


@given(invalid_requests(large=True))
def test_an_invalid_request_gets_what_it_is_promised(mistake):
    """Whatever else varies, a mistake gets its own status and bytes."""
    request_, answer = mistake
    response = Fake().answer(request_)
    assert answer.fits(response.status, response.body), answer.case


def test_a_valid_request_shrinks_to_the_vendors_sample():
    """Nothing that does not matter is left in a failing example."""
    assert find(valid_requests(), lambda _: True) == SAMPLE


MISTAKES = {
    "image-url/missing": (
        SAMPLE._replace(body=b'{"model":"emoji-detect-v1","input":{},"parameters":{"ratio":"1:1"}}'),
        400,
        '{"request_id":"<request_id>","code":"InvalidParameter","message":"Field required: image_url"}',
    ),
    "route/unknown-path": (
        SAMPLE._replace(
            target="/api/v1/services/aigc/image2video/face-detected",
            body=SAMPLE.body.replace(b"example.com/me.png", b"emoji-mock.test/portrait.png"),
        ),
        404,
        "",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_shrinks_to_itself(case):
    """Nothing but the mistake is left, and the answer stands beside it."""
    request_, answer = find(invalid_requests(), lambda mistake: mistake.answer.case == case)
    assert (request_, answer.status, answer.body) == MISTAKES[case]


SPELLINGS = {
    "without the prefix, in absolute form": lambda r: r.target.startswith("https://dashscope.aliyuncs.com/services/"),
    "a slash and a query": lambda r: r.target.endswith("/?trace=1"),
    "header names in capitals": lambda r: "CONTENT-TYPE" in dict(r.headers),
    "a charset": lambda r: "application/json; charset=utf-8" in dict(r.headers).values(),
    "another order of headers": lambda r: r.headers[0][0].lower() == "content-type",
    "escaped letters": lambda r: b"\\u006dodel" in r.body,
    "escaped slashes": lambda r: b"\\/" in r.body,
    "white space": lambda r: r.body.startswith(b"\r\n\t"),
    "keys to be ignored": lambda r: len(json.loads(r.body)) > 3,
    "null keys": lambda r: None in json.loads(r.body)["parameters"].values(),
    "another order of keys": lambda r: next(iter(json.loads(r.body))) == "parameters",
    "http": lambda r: "http://" in json.loads(r.body)["input"]["image_url"],
    "oss": lambda r: "oss://" in json.loads(r.body)["input"]["image_url"],
    "a whole picture": lambda r: "data:image/" in json.loads(r.body)["input"]["image_url"],
}


def test_every_lawful_spelling_comes():
    """Among some hundred requests each way to spell one is found."""
    requests = drawn(valid_requests(image_urls(oss=True)), 250)
    assert [name for name, sees in SPELLINGS.items() if not any(map(sees, requests))] == []


def test_every_mistake_of_the_contract_comes():
    """The cases of the contract with a mistake are drawn, and guesses or what only this fake knows if wanted."""
    seen = {answer.case for _, answer in drawn(invalid_requests(large=True), 250)}
    families = {case.split("/")[0] for case in seen}
    assert {"auth", "route", "body", "model", "input", "image-url", "parameters", "order", "account"} <= families
    assert len(seen) > 40
    documented = {answer.case for _, answer in drawn(invalid_requests(inferred=False, reserved_keys=False), 120)}
    assert len(documented) > 15
    assert documented.isdisjoint({"auth/basic", "route/put", "model/null"})  # guesses
    assert not any(case.startswith("account/") for case in documented)  # mean something to this fake only


@given(respelled(call(host="dashscope-us.aliyuncs.com")))
def test_another_spelling_means_the_same(request_):
    """A host that is wrong stays wrong in absolute form."""
    assert Fake().answer(request_).status == 401


@given(valid_requests(image_urls(), absolute_form=False))
def test_clients_need_not_send_absolute_forms(request_):
    """Without them a target can be appended to a server's address."""
    assert request_.target.startswith("/")


def test_pictures_in_urls_are_whole():
    """A `data:` URL holds a picture of a lawful size, in each of the vendor's formats."""
    urls = {url for url in drawn(image_urls(), 200) if url.startswith("data:")}
    assert {re.split("[/;,]", url)[1] for url in urls} == {"png", "jpeg", "webp", "bmp"}
    assert {inspect(decode_data_url(url)) for url in urls} == {(400, 400)}


def test_an_answer_is_held_to_its_bytes():
    """Another status, order, or message is not the answer; any request id is."""
    promised = '{"request_id":"<request_id>","code":"InvalidParameter","message":"Required body invalid, please check the request body format."}'
    answer = Answer(400, promised, service.BODY_INVALID, "body/not-json")
    said = b'{"request_id":"33da8e6b-1309-9a44-be83-352165959608","code":"InvalidParameter","message":"Required body invalid, please check the request body format."}'
    assert answer.fits(400, said)
    assert not answer.fits(500, said)
    assert not answer.fits(400, said.replace(b"format.", b"format!"))
    assert not answer.fits(400, b"{}")


def test_a_seed_repeats_the_examples():
    """Hypothesis's own seed gives the same requests again."""
    assert drawn(valid_requests(), 20) == drawn(valid_requests(), 20)


@pytest.mark.parametrize(
    ("module", "library", "extra"), [("strategies", "hypothesis", "strategies"), ("faker", "faker", "faker")]
)
def test_without_the_library_the_command_is_told(module, library, extra):
    """Importing without the extra says what to install."""
    code = f"import sys; sys.modules[{library!r}] = None; import emoji_mock.{module}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1].endswith(f"pip install 'emoji-mock[{extra}]'")
