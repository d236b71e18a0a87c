"""The option `as_of`: models answer until the vendor retires them, and are refused from that day on."""

import json

import pytest
from helpers import call, masked

from emoji_mock import Fake, Options

IMAGE2VIDEO = "/api/v1/services/aigc/image2video"
PATHS = {
    "emoji-detect-v1": "face-detect",
    "emo-detect-v1": "face-detect",
    "wan2.2-s2v-detect": "face-detect",
    "liveportrait-detect": "face-detect",
    "animate-anyone-detect-gen2": "aa-detect",
    "emoji-v1": "video-synthesis",
    "emo-v1": "video-synthesis",
    "wan2.2-s2v": "video-synthesis",
    "liveportrait": "video-synthesis",
    "animate-anyone-gen2": "video-synthesis",
    "animate-anyone-template-gen2": "aa-template-generation",
    "videoretalk": "video-synthesis",
}
ALIVE = {"wan2.2-s2v-detect", "wan2.2-s2v", "videoretalk"}


def refused_by(options, **headers):
    """Return the models whose calls are refused as those of a retired model."""
    fake = Fake(options)
    refused = set()
    for model, path in PATHS.items():
        payload = json.dumps({"model": model}).encode()
        answer = fake.answer(call(payload, target=f"{IMAGE2VIDEO}/{path}", **headers))
        denied = json.loads(answer.body)
        if denied.pop("request_id") and denied == {"code": "AccessDenied", "message": "Access denied."}:
            assert answer.status == 403
            refused.add(model)
    return refused


@pytest.mark.parametrize(
    ("day", "retired"),
    [
        (None, set()),
        ("2026-10-09", set()),
        ("2026-10-09T15:59:59.999999Z", set()),
        ("2026-10-09T23:59:59", set()),
        ("2026-10-10", set(PATHS) - ALIVE),
        ("2026-10-09T16:00Z", set(PATHS) - ALIVE),
        ("2026-11-28", set(PATHS) - ALIVE),
        ("9999-12-31T23:59", set(PATHS) - ALIVE),
        ("0001-01-01", set()),
    ],
)
def test_a_model_is_refused_from_the_day_of_its_retirement_on(day, retired):
    """2026-10-10 begins in China eight hours before it does in UTC."""
    assert refused_by(Options(as_of=day)) == retired


def test_all_models_are_refused_by_the_switch_and_by_the_key():
    """`retired` and the key sk-mock-retired do not look at the day."""
    assert refused_by(Options(retired=True, as_of="2026-10-09")) == set(PATHS)
    assert refused_by(Options(), key="sk-mock-retired") == set(PATHS)


def test_a_refused_retired_model_is_not_billed_and_has_the_gateway_s_key_order():
    """The answer is the gateway's own, with code and message first."""
    fake = Fake(Options(as_of="2026-10-10"))
    answer = fake.answer(call())
    assert masked(answer.body.decode()) == '{"code":"AccessDenied","message":"Access denied.","request_id":"ID"}'
    assert [ledger.images for ledger in fake.store.ledgers().values()] in ([], [0])
