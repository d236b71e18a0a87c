"""Bad input to the sibling models: the exact error of each mistake, and which of several mistakes is reported."""

import json
from base64 import b64encode

import pytest
from helpers import AA_DETECT, PATH, detection, picture, status_and_body, upload
from hypothesis import given
from hypothesis import strategies as st

from emoji_mock import Fake, Options, Rule

EMO, S2V, LIVEPORTRAIT, ANIMATE = MODELS = (
    "emo-detect-v1",
    "wan2.2-s2v-detect",
    "liveportrait-detect",
    "animate-anyone-detect-gen2",
)
RATIO = {"parameters": {"ratio": "3:4"}}
RESOLVE = {"x_dashscope_ossresourceresolve": "enable"}


def error(status, code, message):
    """Return status and body of an error: the siblings' have one key order, wherever they come from."""
    text = json.dumps({"code": code, "message": message, "request_id": "ID"}, ensure_ascii=False, separators=(",", ":"))
    return status, text


ASYNC = error(403, "AccessDenied", "current user api does not support asynchronous calls.")
NO_INPUT = error(400, "BadRequest.EmptyInput", "Required input parameter missing from request.")
ILLEGAL_INPUT = error(400, "BadRequest.IllegalInput", "The input parameter requires json format.")
FIELD_REQUIRED = error(400, "InvalidParameter", "Field required: image_url")
BAD_PARAMETER = error(400, "InvalidParameter", "The request parameter is invalid, please check the request parameter.")
BAD_RATIO = error(
    400, "InvalidParameter.Ratio", "The request parameter is invalid, please check the request parameter."
)
BAD_URL = error(
    400,
    "InvalidURL",
    "The request URL is invalid, please check the request URL is available and the request image format is one of the following types: JPEG, JPG, PNG, BMP, and WEBP.",
)
INSPECTION = "InvalidParameter.DataInspection"
NO_DOWNLOAD = error(400, INSPECTION, "Unable to download the media resource during the data inspection process.")
BAD_MEDIA = error(400, INSPECTION, "The media format is not supported or incorrect for the data inspection.")
CANNOT_DECODE = error(400, INSPECTION, "Failed to decode the image during the data inspection.")
BAD_FORMAT = error(400, "InvalidParameter.UnsupportedFileFormat", "Input files format not supported.")
IMAGE_SIZE = error(400, "InvalidImage.ImageSize", "The size of image is beyond limit.")
TOO_MANY_BYTES = error(
    400, "InvalidFile.Size", "Invalid file size. The video/audio/image file size must be less than 10MB."
)
OVER_5_MB = error(400, "InvalidFile.Size", "Invalid file size, The image file size must be smaller than 5MB.")
ANIMATE_RESOLUTION = error(
    400,
    "InvalidFile.Resolution",
    "The image resolution is invalid, please make sure that the largest length of image is smaller than 4096, and the smallest length of image is larger than 224.",
)
ASPECT = error(
    400,
    "InvalidFile.AspectRatio",
    "Invalid file ratio. The file aspect ratio (height/width) must be between 2.0 and 0.5",
)
RESOLUTION_TEXT = "The image resolution is invalid, please make sure that the largest length of image is smaller than 7000, and the smallest length of image is larger than 400."
S2V_RESOLUTION = error(400, "InvalidFile.Resolution", RESOLUTION_TEXT)
EMO_RESOLUTION = (
    200,
    f'{{"output":{{"check_pass":false,"code":"InvalidFile.Resolution","message":"{RESOLUTION_TEXT}"}},"usage":{{"image_count":1}},"request_id":"ID"}}',
)


def ask(fake, model, *args, **changes):
    """Return status and body of a detection; emo's has a ratio unless the test says otherwise."""
    return status_and_body(fake.answer(detection(model, *args, **{**RATIO, **changes})))


def data_url(data):
    """Return a `data:` URL of a picture file."""
    return "data:image/png;base64," + b64encode(data).decode()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"input": None}, NO_INPUT),
        ({"input": "x"}, ILLEGAL_INPUT),
        ({"input": []}, ILLEGAL_INPUT),
        ({"input": {}}, FIELD_REQUIRED),
        ({"input": {"image_url": None}}, FIELD_REQUIRED),
        ({"input": {"image_url": 5}}, BAD_PARAMETER),
        ({"input": {"image_url": ["https://example.com/a.png"]}}, BAD_PARAMETER),
        ({"input": {"image_url": ""}}, BAD_URL),
        ({"input": {"image_url": "me.png"}}, BAD_URL),
        ({"input": {"image_url": "ftp://example.com/me.png"}}, BAD_URL),
        ({"input": {"image_url": "https://example.com/a b.png"}}, BAD_URL),
        ({"input": {"image_url": "data:image/png;base64,a"}}, BAD_URL),
        ({"input": {"image_url": "oss://dashscope-instant/a.png"}}, BAD_MEDIA),
        ({"headers": RESOLVE, "input": {"image_url": "oss://dashscope-instant/a.png"}}, NO_DOWNLOAD),
        ({"headers": {"x_dashscope_async": "enable"}}, ASYNC),
    ],
)
def test_a_mistake_in_the_request_is_reported(fake, model, changes, expected):
    """Missing and wrong fields, URLs that are none, uploads that are none, the asynchronous flag."""
    assert ask(fake, model, **changes) == expected
    assert fake.store.ledgers()["test"].images == 0


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (None, BAD_RATIO),
        ({}, BAD_RATIO),
        ([], BAD_RATIO),
        ("3:4", BAD_RATIO),
        ({"ratio": None}, BAD_RATIO),
        ({"ratio": "4:3"}, BAD_RATIO),
        ({"ratio": "9:16"}, BAD_RATIO),
        ({"ratio": 1}, BAD_RATIO),
        ({"ratio": ["1:1"]}, BAD_RATIO),
        ({"ratio": {"1:1": "3:4"}}, BAD_RATIO),
    ],
)
def test_emo_needs_a_ratio_that_it_knows(fake, parameters, expected):
    """Observed of missing parameters; that any other value gets the same error is inferred."""
    assert ask(fake, EMO, parameters=parameters) == expected


@pytest.mark.parametrize("model", [S2V, LIVEPORTRAIT, ANIMATE])
@pytest.mark.parametrize(
    ("parameters", "status"), [(None, 200), ({}, 200), ({"ratio": "16:9", "x": [{}]}, 200), ([], 400), ("1:1", 400)]
)
def test_parameters_that_a_model_does_not_have_are_ignored(fake, model, parameters, status):
    """They may be missing, and hold anything; only what is no object is refused."""
    answer = ask(fake, model, parameters=parameters)
    assert answer[0] == status
    assert status == 200 or answer == BAD_PARAMETER


EMO_ORDER = [
    ("https://example.com/me.png", BAD_RATIO),
    ("https://emoji-mock.test/passed/640x800.png", BAD_RATIO),
    ("me.png", BAD_URL),
    ("https://emoji-mock.test/error/InvalidURL.png", BAD_URL),
    ("https://emoji-mock.test/error/cannot-download.png", NO_DOWNLOAD),
    ("oss://dashscope-instant/a.png", BAD_MEDIA),
    (data_url(b"GIF89a"), BAD_URL),
    (data_url(picture()[:300]), CANNOT_DECODE),
    ("https://emoji-mock.test/failed/FacePose.png", BAD_RATIO),
    ("https://emoji-mock.test/passed/320x320.png", BAD_RATIO),
    (data_url(picture(size=(320, 320))), BAD_RATIO),
]


@pytest.mark.parametrize(("url", "expected"), EMO_ORDER)
def test_emo_reports_a_bad_picture_before_a_bad_ratio_and_that_before_its_verdict(fake, url, expected):
    """Observed: no image_url, then URL and data inspection, then the ratio; the detection itself comes after it."""
    assert ask(fake, EMO, url, parameters=None) == expected
    assert ask(fake, EMO, input={}, parameters=None) == FIELD_REQUIRED


def test_a_call_with_a_bad_ratio_uses_no_rule(fake):
    """As with emoji-detect-v1, rules decide the calls that are valid."""
    fake.store.add_rule(Rule(outcome="failed", code="FacePose", model=EMO, times=1))
    assert ask(fake, EMO, parameters=None) == BAD_RATIO
    assert '"code":"InvalidFile.FacePose"' in ask(fake, EMO)[1]


@pytest.mark.parametrize(
    ("model", "target"),
    [
        *((model, AA_DETECT) for model in ("emoji-detect-v1", EMO, S2V, LIVEPORTRAIT)),
        (ANIMATE, PATH),
        *((model, PATH) for model in ("emo-v1", "wan2.2-s2v", "liveportrait", "animate-anyone-gen2", "videoretalk")),
        ("animate-anyone-template-gen2", AA_DETECT),
    ],
)
@pytest.mark.parametrize("details", [False, True])
def test_a_model_on_anothers_path_is_refused(model, target, details):
    """The words are the gateway's; newer ones name a page."""
    suffix = " For details, see: https://help.aliyun.com/zh/model-studio/error-code#error-url" if details else ""
    fake = Fake(Options(details=details))
    expected = error(400, "InvalidParameter", f"url error, please check url！{suffix}")
    assert ask(fake, model, target=target) == expected


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("sk-mock-invalid", 401, "InvalidApiKey"),
        ("sk-mock-retired", 403, "AccessDenied"),
        ("sk-mock-arrears", 400, "Arrearage"),
        ("sk-mock-unpurchased", 403, "AccessDenied.Unpurchased"),
        ("sk-mock-exhausted", 403, "AllocationQuota.FreeTierOnly"),
        ("sk-mock-throttled", 429, "Throttling.RateQuota"),
    ],
)
def test_reserved_keys_work_for_every_model(fake, model, key, status, code):
    """They come before mistakes in the body."""
    given = ask(fake, model, key=key, input=None)
    assert (given[0], json.loads(given[1])["code"]) == (status, code)
    assert list(json.loads(given[1])) == ["code", "message", "request_id"]


FILES = {
    "a GIF": (b"GIF89a", {LIVEPORTRAIT: BAD_FORMAT}, BAD_URL),
    "a text": (b"hello", {LIVEPORTRAIT: BAD_FORMAT}, BAD_URL),
    "half a PNG": (picture()[:300], {}, CANNOT_DECODE),
    "half a JPEG": (picture("JPEG")[:600], {}, CANNOT_DECODE),
    "a WebP": (picture("WEBP"), {ANIMATE: BAD_URL}, None),
    "a BMP": (picture("BMP"), {}, None),
    "a JPEG": (picture("JPEG"), {}, None),
    "224 wide": (
        picture(size=(224, 300)),
        {EMO: EMO_RESOLUTION, S2V: S2V_RESOLUTION, ANIMATE: ANIMATE_RESOLUTION},
        None,
    ),
    "225 wide": (picture(size=(225, 300)), {EMO: EMO_RESOLUTION, S2V: S2V_RESOLUTION}, None),
    "399 high": (picture(size=(640, 399)), {EMO: EMO_RESOLUTION, S2V: S2V_RESOLUTION}, None),
    "400 by 400": (picture(size=(400, 400)), {}, None),
    "twice as high as wide": (picture(size=(400, 800)), {}, None),
    "more than twice as high": (picture(size=(400, 801)), {LIVEPORTRAIT: IMAGE_SIZE, ANIMATE: ASPECT}, None),
    "more than twice as wide": (picture(size=(801, 400)), {LIVEPORTRAIT: IMAGE_SIZE, ANIMATE: ASPECT}, None),
    "4096 high": (picture(size=(2048, 4096)), {}, None),
    "4097 high": (picture(size=(2100, 4097)), {LIVEPORTRAIT: IMAGE_SIZE, ANIMATE: ANIMATE_RESOLUTION}, None),
    "7001 high": (
        picture(size=(400, 7001)),
        {EMO: EMO_RESOLUTION, S2V: S2V_RESOLUTION, LIVEPORTRAIT: IMAGE_SIZE, ANIMATE: ANIMATE_RESOLUTION},
        None,
    ),
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", FILES)
def test_each_model_has_its_own_limits_of_pictures(model, name):
    """What one refuses another may take; an upload is judged as the same file in a `data:` URL."""
    fake, (data, own, common) = Fake(), FILES[name]
    expected = own.get(model, common)
    for url in (data_url(data), upload(fake, data, model)):
        given = ask(fake, model, url, headers=RESOLVE)
        if expected is None:
            assert (given[0], '"pass":true' in given[1] or '"check_pass":true' in given[1]) == (200, True), given
        else:
            assert given == expected


BYTES = {
    EMO: (10 * 1024 * 1024, TOO_MANY_BYTES),
    S2V: (10 * 1024 * 1024, TOO_MANY_BYTES),
    LIVEPORTRAIT: (10 * 1024 * 1024 - 1, IMAGE_SIZE),
    ANIMATE: (5 * 1024 * 1024 - 1, OVER_5_MB),
}


@pytest.mark.parametrize("model", MODELS)
def test_each_model_has_its_own_limit_of_bytes(model):
    """The largest file is taken, one byte more is not."""
    fake, (longest, expected) = Fake(), BYTES[model]
    data = picture()
    largest = upload(fake, data + bytes(longest - len(data)), model)
    larger = upload(fake, data + bytes(longest - len(data) + 1), model)
    assert ask(fake, model, largest, headers=RESOLVE)[0] == 200
    assert ask(fake, model, larger, headers=RESOLVE) == expected


def test_an_upload_belongs_to_the_model_of_its_policy():
    """Another model cannot download it, whatever its limits."""
    fake = Fake()
    url = upload(fake, picture(), S2V)
    assert ask(fake, S2V, url, headers=RESOLVE)[0] == 200
    assert ask(fake, LIVEPORTRAIT, url, headers=RESOLVE) == NO_DOWNLOAD
    assert ask(fake, S2V, url) == BAD_MEDIA


@pytest.mark.parametrize(
    ("model", "url", "said"),
    [
        (S2V, "failed/FacePoze", "unknown code 'FacePoze' for failed; did you mean FacePose"),
        (
            "emoji-detect-v1",
            "failed/FullBody",
            "emoji-detect-v1 never answers 'InvalidFile.FullBody'; emo-detect-v1 can.",
        ),
        (EMO, "error/UnsupportedFileFormat", "emo-detect-v1 never answers"),
        (LIVEPORTRAIT, "error/InvalidParameter.Ratio", "liveportrait-detect never answers"),
        (
            ANIMATE,
            "error/driven-not-exist",
            "animate-anyone-detect-gen2 never answers 'driven-not-exist'; emoji-v1 can.",
        ),
    ],
)
def test_a_magic_url_that_the_model_cannot_answer_says_so(fake, model, url, said):
    """The message is ours, in the vendor's format, and names the models that can."""
    url = f"https://emoji-mock.test/{url}.png"
    parameters = {"ratio": "1:1"}
    status, text = ask(fake, model, url, parameters=parameters)
    document = json.loads(text)
    assert (status, document["code"]) == (400, "InvalidURL")
    assert document["message"].startswith(f"emoji-mock: {said}")


@pytest.mark.parametrize(
    ("model", "code", "message"),
    [
        (ANIMATE, "ConnectionRefused", "Connection to emoji-mock.test refused, please provide available URL"),
        (S2V, "ConnectionRefused", "Connection to emoji-mock.test refused, please provide available URL."),
    ],
)
def test_an_error_that_several_models_have_comes_in_the_words_of_the_one_asked(fake, model, code, message):
    """animate-anyone writes it without a full stop."""
    answer = ask(fake, model, f"https://emoji-mock.test/error/InvalidURL.{code}.png")
    assert answer == error(400, f"InvalidURL.{code}", message)


ORDER = [
    {"key": "sk-mock-invalid"},
    {"payload": b"[]"},
    {"key": "sk-mock-arrears"},
    {"headers": {"x_dashscope_async": "enable"}},
    {"key": "sk-mock-throttled"},
    {"input": None},
    {"parameters": [], "input": {"image_url": "me.png"}},
]


@pytest.mark.parametrize("model", [S2V, LIVEPORTRAIT, ANIMATE])
def test_of_two_mistakes_the_earlier_is_reported(model):
    """The order is that of emoji-detect-v1: key, JSON, account, asynchronous flag, rate, fields, picture."""
    for place, first in enumerate(ORDER):
        alone = ask(Fake(), model, **first)
        for second in ORDER[place + 1 :]:
            if not first.keys() & second.keys():
                assert ask(Fake(), model, **(first | second)) == alone, (first, second)


def test_a_name_that_nobody_may_call_is_denied(fake):
    """Observed: emo-detect, without its version, is known, and gets 403; its asynchronous calls get their own words."""
    denied = error(403, "AccessDenied", "Access denied.")
    assert ask(fake, "emo-detect") == denied
    assert ask(fake, "emo-detect", input=None) == denied
    assert ask(fake, "emo-detect", headers={"x_dashscope_async": "enable"}) == ASYNC
    assert fake.store.ledgers()["test"].images == 0


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["image_url", "ratio", "x"]), inner),
    max_leaves=8,
)


@given(model=st.sampled_from(MODELS), given_input=ANYTHING, parameters=ANYTHING)
def test_any_json_gets_an_answer(model, given_input, parameters):
    """Whatever stands in a body, the answer is a verdict or an error with the three fields of one."""
    status, text = ask(Fake(), model, input=given_input, parameters=parameters)
    document = json.loads(text)
    assert (status, list(document)) in [
        (200, ["output", "usage", "request_id"]),
        (400, ["code", "message", "request_id"]),
    ]
