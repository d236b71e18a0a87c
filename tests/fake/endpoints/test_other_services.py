"""Calls to the vendor's other services: real paths, at which no model of the fake's is served."""

import pytest
from helpers import body, call, status_and_body

from emoji_mock import Fake
from emoji_mock.contract.models import MODELS

VIDEO = "/api/v1/services/aigc/video-generation/video-synthesis"
PATHS = [
    "/aigc/code-generation/generation",
    "/nlp/nlu/understanding",
    "/services/aigc/image-generation/generation",
    "/services/aigc/image2image/image-synthesis",
    "/services/aigc/multimodal-generation/generation",
    "/services/aigc/text-generation/generation",
    "/services/aigc/text2image/image-synthesis",
    "/services/aigc/video-generation/video-synthesis",
    "/services/audio/asr/customization",
    "/services/audio/asr/transcription",
    "/services/audio/tts/SpeechSynthesizer",
    "/services/audio/tts/customization",
    "/services/embeddings/multimodal-embedding/multimodal-embedding",
    "/services/embeddings/text-embedding/text-embedding",
    "/services/rerank/text-rerank/text-rerank",
]
WRONG_PATH = 400, '{"code":"InvalidParameter","message":"url error, please check url！","request_id":"ID"}'
UNKNOWN_MODEL = 400, '{"code":"InvalidParameter","message":"Model not exist.","request_id":"ID"}'
NO_KEY = 401, '{"code":"InvalidApiKey","message":"No API-key provided.","request_id":"ID"}'


def ask(target=VIDEO, content=None, **changes):
    """Return what the fake answers to a call there."""
    return status_and_body(Fake().answer(call(body() if content is None else content, target=target, **changes)))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_a_model_of_ours_has_the_wrong_url(path, prefix):
    """At every path that the official SDK calls."""
    assert ask(prefix + path) == ask(f"{prefix}{path}/") == WRONG_PATH


@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_known(model):
    """Whichever of the models it is."""
    assert ask(content=body(model=model)) == WRONG_PATH


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"content": body(model="qwen-plus")}, UNKNOWN_MODEL),
        ({"authorization": None}, NO_KEY),
        ({"key": "sk-mock-arrears"}, WRONG_PATH),
        ({"x_dashscope_async": "enable"}, WRONG_PATH),
        ({"target": "/api/v1/services/aigc/video-generation/video"}, (404, "")),
        ({"target": "/api/v1/services/aigc/video-generation"}, (404, "")),
        ({"target": "/api/v1/services/audio/tts/speechsynthesizer"}, (404, "")),
    ],
)
def test_the_order_of_its_checks(changes, expected):
    """The key comes first, then the path, then the model; the account is not looked at."""
    assert ask(**changes) == expected


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"content": b"["}, "Required body invalid, please check the request body format."),
        ({"content": b"{}"}, 'Required parameter \\"model\\" missing from request.'),
        ({"content": b'{"model":["emoji-v1"]}'}, "Required body invalid, please check the request body format."),
        ({"method": "GET"}, "Request method 'GET' is not supported."),
        ({"content_type": "text/plain"}, "Required body invalid, please check the request body format."),
    ],
)
def test_bad_requests(changes, message):
    """They are refused as at the paths of the models."""
    status, content = ask(**changes)
    assert status == 400
    assert f'"message":"{message}"' in content


def test_a_call_there_has_no_endpoint_in_the_journal():
    """No rule names it, and nothing is billed."""
    fake = Fake()
    fake.answer(call(body(), target=VIDEO))
    (entry,) = fake.store.journal().entries
    assert (entry.endpoint, entry.code, entry.billed) == ("", "InvalidParameter", False)
