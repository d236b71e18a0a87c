"""Tests that the official SDK and this client read the same responses alike, except for the SDK's own mistake."""

import pytest

from emoji_mock.client import EmojiError
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.models import row_at
from emoji_mock.contract.models.emoji import DETECT
from emoji_mock.contract.row import Origin, Outcome

pytestmark = [
    pytest.mark.slow,  # the SDK takes seconds to import
    pytest.mark.filterwarnings("ignore:no workspace configured:UserWarning"),
]
ME = "https://example.com/me.png"


def by_sdk():
    """Return what the SDK reads: status, code, message, boxes and images."""
    from dashscope.client.base_api import BaseApi

    got = BaseApi.call(
        model="emoji-detect-v1", input={"image_url": ME}, task_group="aigc", task="image2video", function="face-detect", ratio="1:1"
    )  # fmt: skip
    output, usage = got.output or {}, got.usage or {}
    # The SDK takes a failed detection for success, and leaves its code in `output`.
    code, message = got.code or output.get("code", ""), got.message or output.get("message", "")
    return (
        got.status_code,
        code,
        message,
        output.get("bbox_face"),
        output.get("ext_bbox_face"),
        usage.get("image_count", 0),
    )


def by_client(client):
    """Return what this client reads, in the same form."""
    try:
        got = client.detect(ME)
    except EmojiError as error:
        return error.status, error.code, error.message, None, None, int(error.billed)
    if got.passed:
        return 200, "", "", list(got.face), list(got.ext), got.images
    return got.status, got.code, got.message, None, None, got.images


def test_passed(emoji_api, emoji_client):
    """Boxes and images are read alike."""
    emoji_api.passes(face=(212, 194, 460, 441), image_size=(640, 800))
    assert by_sdk() == by_client(emoji_client) == (200, "", "", [212, 194, 460, 441], [63, 30, 609, 575], 1)


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.code and row.origin is not Origin.STORAGE and row_at(row, DETECT) is row],
    ids=lambda row: row.name,
)
def test_every_row(emoji_api, emoji_client, row):
    """Status, code, message and images are read alike, for every response with a body."""
    getattr(emoji_api, "fails" if row.outcome is Outcome.FAILED else "errors")(row.name)
    result = by_sdk()
    assert result == by_client(emoji_client)
    assert result[1] == row.code


@pytest.mark.emoji(failed_as=400)
def test_failed_as_400(emoji_api, emoji_client):
    """A failed detection with HTTP 400 is read alike."""
    emoji_api.fails("FacePose")
    result = by_sdk()
    assert result == by_client(emoji_client)
    assert result[:2] == (400, "InvalidFile.FacePose")


def test_both_find_the_same_key(emoji_api, monkeypatch, tmp_path):
    """Both read the file that DASHSCOPE_API_KEY_FILE_PATH names, and strip blanks."""
    import dashscope
    from dashscope.common.api_key import get_default_api_key
    from dashscope.common.constants import DEFAULT_DASHSCOPE_API_KEY_FILE_PATH

    from emoji_mock.client.api_keys import resolve_api_key

    path = tmp_path / "key"
    path.write_text(" sk-mock-file\n")
    monkeypatch.setattr(dashscope, "api_key", None)
    monkeypatch.setattr(dashscope, "api_key_file_path", str(path))
    assert (
        resolve_api_key(None, {"DASHSCOPE_API_KEY_FILE_PATH": str(path)}).header() == f"Bearer {get_default_api_key()}"
    )
    assert DEFAULT_DASHSCOPE_API_KEY_FILE_PATH.parts[-2:] == (".dashscope", "api_key")
    assert emoji_api.calls == []
