"""The sample documents and the catalogue, held one to one: the documents were written out from the contract."""

import json

import msgspec
import pytest
from helpers import masked

from emoji_mock.contract import samples
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.documents import siblings
from emoji_mock.contract.models import DETECTION_MODELS, MODELS, emoji
from emoji_mock.fake import responses

ID = "33da8e6b-1309-9a44-be83-352165959608"


SIBLINGS = [model for model in DETECTION_MODELS if model is not emoji.DETECT]
VERDICTS = [(f"{outcome}.{model.name}", model) for outcome in ("passed", "failed") for model in SIBLINGS]


def compact(sample):
    """Return the bytes of the sample's body as text."""
    body = sample["body"]
    if isinstance(body, str):  # XML
        return body
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")) if body else ""


def check_against_the_row(sample, row):
    """Assert that the sample has the status, billing, models and provenance of the row."""
    assert sample["outcome"] == row.outcome
    assert sample["status"] == row.status
    assert sample["billed"] is row.billed
    assert sample.get("models", []) == sorted(row.models)
    assert sample["provenance"]["known"] == [str(mark) for mark in row.provenance.known]
    assert sample["provenance"]["sources"] == list(row.provenance.sources)
    assert sample["provenance"]["date"] == row.provenance.date


def test_there_is_a_sample_for_every_row_and_for_the_verdicts_of_every_model():
    """No row and no verdict lacks its document, and no document its row or verdict."""
    assert samples.names() == sorted([*(row.name for row in ROWS), "passed", *(name for name, _ in VERDICTS)])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row_and_sample_say_the_same(row):
    """Status, billing, models, provenance and every byte of the body agree, for each model that has the row."""
    sample = samples.response(row.name)
    check_against_the_row(sample, row)
    models = [MODELS[name] for name in row.models]
    first = [model for model in models if model.request_id_first] or models or [emoji.DETECT]
    for model in first:
        assert responses.refused(row, row.text(), ID, status=row.status, model=model).decode() == compact(sample)


@pytest.mark.parametrize(("name", "model"), VERDICTS)
def test_the_verdicts_of_a_model_are_the_documents_of_its_page(name, model):
    """A verdict is billed with HTTP 200, and its sample is of that model alone."""
    sample = samples.response(name)
    assert (sample["status"], sample["billed"], sample["models"]) == (200, True, [model.name])
    assert compact(sample).endswith(f',"usage":{{"image_count":1}},"request_id":"{ID}"}}')


@pytest.mark.parametrize("model", DETECTION_MODELS, ids=lambda model: model.name)
def test_the_sample_of_a_picture_that_passes_is_found_by_the_model(model):
    """emoji-detect-v1's sample has no suffix, as it was the only one."""
    assert samples.passed(model.name)["outcome"] == "passed"
    assert samples.passed(model.name)["name"].removeprefix("passed") == (
        "" if model is emoji.DETECT else f".{model.name}"
    )


DOCUMENTS = [
    ("passed.emo-detect-v1", siblings.EmoPassed),
    ("failed.emo-detect-v1", siblings.CheckFailed),
    ("passed.wan2.2-s2v-detect", siblings.S2vPassed),
    ("failed.wan2.2-s2v-detect", siblings.CheckFailed),
    ("passed.liveportrait-detect", siblings.LivePortraitOutput),
    ("failed.liveportrait-detect", siblings.LivePortraitOutput),
    ("passed.animate-anyone-detect-gen2", siblings.AnimatePassed),
    ("failed.animate-anyone-detect-gen2", siblings.AnimateFailed),
]


@pytest.mark.parametrize(("name", "document"), DOCUMENTS)
def test_a_verdict_is_written_in_the_order_of_its_sample(name, document):
    """The document of the verdict has the sample's fields and no others, and is written as the sample's bytes."""
    text = json.dumps(samples.response(name)["body"]["output"], separators=(",", ":"))
    strict = msgspec.defstruct("Strict", [], bases=(document,), forbid_unknown_fields=True)
    assert msgspec.json.encode(msgspec.json.decode(text, type=strict)).decode() == text


@pytest.mark.parametrize("model", SIBLINGS, ids=lambda model: model.name)
def test_a_model_fails_in_the_words_of_its_sample(model):
    """The texts of the sample, given to the model's own function, are the sample's bytes."""
    sample = samples.response(f"failed.{model.name}")
    output = sample["body"]["output"]
    message = output.get("message", output.get("reason"))
    said = model.failed_output(output.get("code", ""), message, False)  # noqa: FBT003 - without `humanoid`
    assert responses.failed(said, ID).decode() == compact(sample)


def test_samples_hold_no_other_request_id():
    """All samples show the same made-up request id."""
    assert all(masked(json.dumps(samples.response(name))).count("ID") <= 1 for name in samples.names())
