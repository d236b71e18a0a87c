"""The facts about the vendor's models, and in which words each answers a row."""

from datetime import UTC, datetime

import pytest

from emoji_mock.contract import endpoint
from emoji_mock.contract.catalogue import ROWS, find
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.model import CHINA
from emoji_mock.contract.models import DETECTION_MODELS, DETECTORS, MODELS, TASK_MODELS, answers, row_at
from emoji_mock.contract.row import Outcome


def test_every_name_has_its_facts():
    """The constants name the models of the table, and no others."""
    assert endpoint.DETECTORS == DETECTORS.keys() == {model.name for model in DETECTION_MODELS}
    assert {model.name for model in TASK_MODELS} == endpoint.TASK_MODELS
    assert MODELS.keys() == endpoint.MODELS
    assert endpoint.EMO_WITHOUT_VERSION not in MODELS


PICTURES = {
    "emoji-detect-v1": (("JPEG", "PNG", "BMP", "WEBP"), 10_485_760, (400, 7000), None),
    "emo-detect-v1": (("JPEG", "PNG", "BMP", "WEBP"), 10_485_760, (400, 7000), None),
    "wan2.2-s2v-detect": (("JPEG", "PNG", "BMP", "WEBP"), 10_485_760, (400, 7000), None),
    "liveportrait-detect": (("JPEG", "PNG", "BMP", "WEBP"), 10_485_759, (1, 4096), (0.5, 2)),
    "animate-anyone-detect-gen2": (("JPEG", "PNG", "BMP"), 5_242_879, (225, 4096), (0.5, 2)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_each_detection_has_the_documented_limits_of_pictures(name):
    """Formats, bytes, sides and height / width, the bounds included."""
    limits = DETECTORS[name].pictures
    assert limits is not None
    assert (limits.formats, limits.longest, limits.sides, limits.aspect) == PICTURES[name]


@pytest.mark.parametrize(
    ("name", "size", "row"),
    [
        ("emo-detect-v1", (400, 7000), None),
        ("emo-detect-v1", (399, 7000), "InvalidFile.Resolution"),
        ("wan2.2-s2v-detect", (7001, 400), "InvalidFile.Resolution"),
        ("liveportrait-detect", (1, 2), None),
        ("liveportrait-detect", (1, 3), "InvalidImage.ImageSize"),
        ("liveportrait-detect", (4096, 2048), None),
        ("liveportrait-detect", (4097, 4096), "InvalidImage.ImageSize"),
        ("animate-anyone-detect-gen2", (225, 450), None),
        ("animate-anyone-detect-gen2", (450, 225), None),
        ("animate-anyone-detect-gen2", (224, 300), "animate-resolution"),
        ("animate-anyone-detect-gen2", (225, 451), "InvalidFile.AspectRatio"),
        ("animate-anyone-detect-gen2", (451, 225), "InvalidFile.AspectRatio"),
        ("animate-anyone-detect-gen2", (224, 4097), "animate-resolution"),
    ],
)
def test_a_size_is_refused_with_the_models_own_row(name, size, row):
    """The sides come before the aspect. Of a row that a verdict names, `row_at` has the model's own words."""
    limits = DETECTORS[name].pictures
    assert limits is not None
    refused = limits.refuse_size(Size(*size))
    assert (refused and refused.name) == row


TERMS = {
    "emoji-detect-v1": ("0.004", 200, 1),
    "emo-detect-v1": ("0.004", 200, 5),
    "wan2.2-s2v-detect": ("0.004", 200, 5),
    "liveportrait-detect": ("0.004", 200, 5),
    "animate-anyone-detect-gen2": ("0.004", 200, 5),
}


@pytest.mark.parametrize("name", TERMS)
def test_each_detection_has_the_documented_terms(name):
    """Price of an image, free images, calls a second; there is no limit on calls at a time."""
    model = DETECTORS[name]
    assert (str(model.price), model.free, model.rps, model.running) == (*TERMS[name], None)


@pytest.mark.parametrize("name", sorted(endpoint.MODELS))
def test_all_but_three_models_retired_on_one_day(name):
    """Midnight of 2026-10-10 in China is the first moment at which a retired model is offline."""
    model = MODELS[name]
    lives = name in {"wan2.2-s2v-detect", "wan2.2-s2v", "videoretalk"}
    assert (model.retirement is None) is lives
    assert model.is_retired(datetime(2026, 10, 10, tzinfo=CHINA)) is not lives
    assert not model.is_retired(datetime(2026, 10, 9, 15, 59, 59, tzinfo=UTC))


@pytest.mark.parametrize(
    ("name", "asked", "answered"),
    [
        ("emoji-detect-v1", "InvalidFile.FacePose", "InvalidFile.FacePose"),
        ("emoji-detect-v1", "InvalidFile.FullBody", None),
        ("emo-detect-v1", "InvalidFile.FullBody", "InvalidFile.FullBody"),
        ("wan2.2-s2v-detect", "InvalidFile.NoHuman", "s2v-no-human"),
        ("wan2.2-s2v-detect", "InvalidFile.FacePose", "s2v-not-passed"),
        ("liveportrait-detect", "InvalidFile.FacePose", "liveportrait-no-face"),
        ("liveportrait-detect", "InvalidFile.Resolution", "InvalidImage.ImageSize"),
        ("animate-anyone-detect-gen2", "InvalidFile.MultiHuman", "InvalidFile.MultiHuman"),
        ("animate-anyone-detect-gen2", "InvalidFile.FullFace", "animate-face"),
        ("animate-anyone-detect-gen2", "InvalidFile.Size", "animate-file-size"),
        ("emo-detect-v1", "InvalidFile.Size", "InvalidFile.Size"),
        ("emo-detect-v1", "animate-file-size", None),
        ("emo-detect-v1", "not-synchronous", None),
        ("emo-v1", "not-synchronous", "not-synchronous"),
    ],
)
def test_a_row_is_answered_in_the_words_of_the_model(name, asked, answered):
    """A model has its own row for a reason or a code, the common one, or none."""
    row = row_at(find(asked), MODELS[name])
    assert (row and row.name) == answered
    assert answers(MODELS[name], find(asked)) is (answered is not None)


@pytest.mark.parametrize("model", DETECTION_MODELS, ids=lambda model: model.name)
def test_what_a_model_answers_is_its_own(model):
    """No row comes in the words of another model, and a failed detection has a text or a code unless s2v says nothing."""
    for row in ROWS:
        own = row_at(row, model)
        if own is None:
            continue
        assert not own.models or model.name in own.models
        assert own.outcome is row.outcome or row.outcome is Outcome.FAILED


def test_a_task_may_end_as_its_detection_fails():
    """emo-v1 itself never answers FullBody, but a task of it can end so."""
    assert answers(MODELS["emo-v1"], find("FullBody"))
    assert not answers(MODELS["emoji-v1"], find("FullBody"))
    assert answers(None, find("FullBody"))
