"""A rule applies to each model that can answer its row, in that model's words, and to no other."""

import json

import pytest
from helpers import URL, call, masked

from emoji_mock import Fake, Rule

IMAGE2VIDEO = "/api/v1/services/aigc/image2video"
NO_HUMAN = "The input image has no human body. Please upload other image with single person."
USAGE = '"usage":{"image_count":1},"request_id":"ID"}'


def detect(fake, model, image_url=URL, **headers):
    """Return status and body of a detection by `model`."""
    path = "aa-detect" if model.startswith("animate") else "face-detect"
    sent = {"model": model, "input": {"image_url": image_url}, "parameters": {"ratio": "1:1"}}
    answer = fake.answer(call(json.dumps(sent).encode(), target=f"{IMAGE2VIDEO}/{path}", **headers))
    return answer.status, masked(answer.body.decode())


@pytest.mark.parametrize(
    ("outcome", "code", "model", "status", "body", "ends"),
    [
        (
            "failed",
            "NoHuman",
            "emoji-detect-v1",
            200,
            f'{{"output":{{"code":"InvalidFile.NoHuman","message":"{NO_HUMAN}"}},{USAGE}',
            ("failed", True),
        ),
        (
            "failed",
            "NoHuman",
            "emo-detect-v1",
            200,
            f'{{"output":{{"check_pass":false,"code":"InvalidFile.NoHuman","message":"{NO_HUMAN}"}},{USAGE}',
            ("failed", True),
        ),
        (
            "failed",
            "NoHuman",
            "wan2.2-s2v-detect",
            400,
            f'{{"code":"InvalidFile.NoHuman","message":"{NO_HUMAN}","request_id":"ID"}}',
            ("error", False),
        ),
        (
            "failed",
            "FacePose",
            "wan2.2-s2v-detect",
            200,
            f'{{"output":{{"check_pass":false,"code":"","message":""}},{USAGE}',
            ("failed", True),
        ),
        (
            "failed",
            "NoHuman",
            "liveportrait-detect",
            200,
            f'{{"output":{{"pass":false,"message":"No human face detected."}},{USAGE}',
            ("failed", True),
        ),
        (
            "failed",
            "NoHuman",
            "animate-anyone-detect-gen2",
            200,
            f'{{"output":{{"check_pass":false,"reason":"{NO_HUMAN}","bodystyle":""}},{USAGE}',
            ("failed", True),
        ),
        (
            "error",
            "InvalidFile.Size",
            "animate-anyone-detect-gen2",
            400,
            (
                '{"code":"InvalidFile.Size","message":"Invalid file size, The image file size must be smaller than 5MB.",'
                '"request_id":"ID"}'
            ),
            ("error", False),
        ),
    ],
)
@pytest.mark.parametrize("way", ["rule", "rule for the model", "magic URL"])
def test_a_rule_and_a_magic_url_speak_in_the_words_of_the_model(way, outcome, code, model, status, body, ends):
    """The same code is answered as each model does; the journal says failed or error as the answer does."""
    fake = Fake()
    if way == "magic URL":
        answer = detect(fake, model, f"https://emoji-mock.test/{outcome}/{code}.png")
    else:
        fake.store.add_rule(Rule(outcome=outcome, code=code, model=None if way == "rule" else model))
        answer = detect(fake, model)
    entry = fake.store.journal().entries[0]
    assert answer == (status, body)
    assert (entry.outcome, entry.billed) == ends
    assert [active.used for active in fake.store.rules()] == [1][way == "magic URL" :]


@pytest.mark.parametrize(
    ("outcome", "code", "models"),
    [
        (
            "failed",
            "FullBody",
            {"emo-detect-v1", "wan2.2-s2v-detect", "liveportrait-detect", "animate-anyone-detect-gen2"},
        ),
        ("failed", "s2v-no-human", {"wan2.2-s2v-detect", "liveportrait-detect"}),
        ("error", "UnsupportedFileFormat", {"liveportrait-detect"}),
        ("error", "AspectRatio", {"animate-anyone-detect-gen2"}),
        ("error", "InvalidParameter.Ratio", {"emo-detect-v1"}),
    ],
)
def test_a_rule_passes_a_model_by_that_never_answers_its_row(outcome, code, models):
    """Such a rule is not used by the call, and the next rule applies."""
    met = set()
    for model in (
        "emoji-detect-v1", "emo-detect-v1", "wan2.2-s2v-detect", "liveportrait-detect", "animate-anyone-detect-gen2",
    ):  # fmt: skip
        fake = Fake()
        fake.store.replace_rules([Rule(outcome=outcome, code=code), Rule(outcome="error", code="RateQuota")])
        status, _ = detect(fake, model)
        if [active.used for active in fake.store.rules()] == [1, 0]:
            met.add(model)
        else:
            assert status == 429
    assert met == models


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("face-detect", "emo-detect-v1"),
        ("face-detect", "wan2.2-s2v-detect"),
        ("face-detect", "liveportrait-detect"),
        ("aa-detect", "animate-anyone-detect-gen2"),
        ("video-synthesis", "emoji-v1"),
        ("video-synthesis", "emo-v1"),
        ("video-synthesis", "wan2.2-s2v"),
        ("video-synthesis", "liveportrait"),
        ("video-synthesis", "animate-anyone-gen2"),
        ("aa-template-generation", "animate-anyone-template-gen2"),
        ("video-synthesis", "videoretalk"),
    ],
)
@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("sk-mock-invalid", 401, "InvalidApiKey"),
        ("sk-mock-arrears", 400, "Arrearage"),
        ("sk-mock-unpurchased", 403, "AccessDenied.Unpurchased"),
        ("sk-mock-exhausted", 403, "AllocationQuota.FreeTierOnly"),
        ("sk-mock-throttled", 429, "Throttling.RateQuota"),
        ("sk-mock-retired", 403, "AccessDenied"),
    ],
)
def test_reserved_keys_get_their_refusal_of_every_model(path, model, key, status, code):
    """On each route, with code and message first, as the gateway has it."""
    headers = {} if path.endswith("detect") else {"x_dashscope_async": "enable"}
    payload = json.dumps({"model": model}).encode()
    answer = Fake().answer(call(payload, target=f"{IMAGE2VIDEO}/{path}", key=key, **headers))
    assert answer.status == status
    assert answer.body.decode().startswith(f'{{"code":"{code}","message":"')


@pytest.mark.parametrize(
    ("path", "model", "said"),
    [
        (
            "failed/FullBody",
            "emoji-detect-v1",
            "emoji-mock: emoji-detect-v1 never answers 'InvalidFile.FullBody'; emo-detect-v1 can.",
        ),
        (
            "error/AspectRatio",
            "wan2.2-s2v-detect",
            (
                "emoji-mock: wan2.2-s2v-detect never answers 'InvalidFile.AspectRatio'; animate-anyone-detect-gen2,"
                " animate-anyone-gen2 can."
            ),
        ),
    ],
)
def test_a_magic_url_whose_row_the_model_never_answers_is_explained(path, model, said):
    """It never reaches the vendor, so the message is ours."""
    status, body = detect(Fake(), model, f"https://emoji-mock.test/{path}.png")
    assert (status, json.loads(body)["code"], json.loads(body)["message"]) == (400, "InvalidURL", said)
