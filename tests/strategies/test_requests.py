"""Requests: valid ones pass, invalid ones get the promised answer, and both shrink to readable examples."""

import json
import re
import subprocess
import sys

import pytest
from helpers import call
from hypothesis import find, given
from picture_files import PICTURES
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
    """A valid request in any spelling gets boxes."""
    response = Fake().answer(request_)
    assert (response.status, response.body[:24]) == (200, b'{"output":{"bbox_face":[')


@given(invalid_requests(large=True))
def test_an_invalid_request_gets_the_promised_answer(mistake):
    """An invalid request in any spelling gets the status and bytes of its case."""
    request_, answer = mistake
    response = Fake().answer(request_)
    assert answer.fits(response.status, response.body), answer.case


SIBLINGS = ["emo-detect-v1", "wan2.2-s2v-detect", "liveportrait-detect", "animate-anyone-detect-gen2"]


@pytest.mark.parametrize("model", SIBLINGS)
def test_requests_of_each_model_get_what_its_contract_promises(model):
    """A valid request in any spelling passes, an invalid one gets the status and bytes of the model's case."""
    for request_ in drawn(valid_requests(model=model), 15):
        response = Fake().answer(request_)
        assert (response.status, b"true" in response.body) == (200, True)
    for request_, answer in drawn(invalid_requests(model=model), 15):
        response = Fake().answer(request_)
        assert answer.fits(response.status, response.body), answer.case
        assert answer.case.startswith(f"{model}/")


def test_a_model_that_inspects_no_picture_is_refused():
    """The message names those that do."""
    with pytest.raises(ValueError, match="'emo-v1' inspects no picture; use one of emoji-detect-v1, emo-detect-v1"):
        drawn(valid_requests(model="emo-v1"), 1)


def test_a_valid_request_shrinks_to_the_vendors_sample():
    """A failing example contains only what matters."""
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
def test_an_invalid_request_shrinks_to_its_mistake(case):
    """Only the mistake is left, with its answer."""
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


def test_every_valid_spelling_is_drawn():
    """Each way to spell a request occurs in 250 examples."""
    requests = drawn(valid_requests(image_urls(oss=True)), 250)
    assert [name for name, is_spelt in SPELLINGS.items() if not any(map(is_spelt, requests))] == []


def test_the_mistakes_of_the_contract_are_drawn():
    """Invalid requests cover the cases of the contract; inferred ones and reserved keys can be left out."""
    drawn_cases = {answer.case for _, answer in drawn(invalid_requests(large=True), 250)}
    families = {case.split("/")[0] for case in drawn_cases}
    assert {"auth", "route", "body", "model", "input", "image-url", "parameters", "order", "account"} <= families
    assert len(drawn_cases) > 40
    documented = {answer.case for _, answer in drawn(invalid_requests(inferred=False, reserved_keys=False), 120)}
    assert len(documented) > 15
    assert documented.isdisjoint({"auth/basic", "route/put", "model/null"})  # guesses
    assert not any(case.startswith("account/") for case in documented)  # apply to this fake only


@given(respelled(call(host="dashscope-us.aliyuncs.com")))
def test_another_spelling_means_the_same(request_):
    """A wrong host stays wrong in absolute form."""
    assert Fake().answer(request_).status == 401


@given(valid_requests(image_urls(), absolute_form=False))
def test_absolute_forms_can_be_left_out(request_):
    """With `absolute_form=False` a target can be appended to the address of a server."""
    assert request_.target.startswith("/")


def test_data_urls_contain_whole_pictures():
    """A `data:` URL contains a picture of a valid size, in each of the vendor's formats."""
    urls = {url for url in drawn(image_urls(), 200) if url.startswith("data:")}
    assert {re.split("[/;,]", url)[1] for url in urls} == {"png", "jpeg", "webp", "bmp"}
    assert {inspect(decode_data_url(url), PICTURES) for url in urls} == {(400, 400)}


def test_an_answer_fits_only_its_own_bytes():
    """Status, order and message must be equal; the request id may be any."""
    promised = '{"request_id":"<request_id>","code":"InvalidParameter","message":"Required body invalid, please check the request body format."}'
    answer = Answer(400, promised, service.BODY_INVALID, "body/not-json")
    body = b'{"request_id":"33da8e6b-1309-9a44-be83-352165959608","code":"InvalidParameter","message":"Required body invalid, please check the request body format."}'
    assert answer.fits(400, body)
    assert not answer.fits(500, body)
    assert not answer.fits(400, body.replace(b"format.", b"format!"))
    assert not answer.fits(400, b"{}")


def test_a_seed_repeats_the_examples():
    """The same seed draws the same requests."""
    assert drawn(valid_requests(), 20) == drawn(valid_requests(), 20)


@pytest.mark.parametrize(
    ("module", "library", "extra"), [("strategies", "hypothesis", "strategies"), ("faker", "faker", "faker")]
)
def test_without_the_library_the_message_contains_the_install_command(module, library, extra):
    """An import without the extra raises an error with the command that installs it."""
    code = f"import sys; sys.modules[{library!r}] = None; import emoji_mock.{module}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1].endswith(f"pip install 'emoji-mock[{extra}]'")
