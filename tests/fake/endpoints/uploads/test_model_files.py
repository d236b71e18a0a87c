"""What may be uploaded for each model: it is inspected by that model's limits, and kept within them."""

import pytest
from helpers import picture, upload
from recording_files import mp3, mp4, wav

MEGABYTE = 1024 * 1024
ANIMATE = "animate-anyone-detect-gen2"
TEMPLATE = "animate-anyone-template-gen2"
GIF, LARGE = picture("GIF"), picture() + bytes(6 * MEGABYTE)


def kept(fake, file, model):
    """Return what the store holds of a file that was uploaded for a model."""
    return fake.store.upload(upload(fake, file, model=model).removeprefix("oss://"))


@pytest.mark.parametrize(
    ("model", "file", "size", "flaw"),
    [
        ("emoji-detect-v1", picture("WEBP"), (640, 800), ""),
        (ANIMATE, picture("WEBP"), None, "InvalidURL"),
        ("emo-v1", picture("WEBP"), None, "InvalidURL"),
        ("emo-v1", picture(), (640, 800), ""),
        ("emoji-detect-v1", picture(size=(300, 400)), None, "InvalidFile.Resolution"),
        (ANIMATE, picture(size=(300, 400)), (300, 400), ""),
        ("liveportrait-detect", picture(size=(300, 400)), (300, 400), ""),
        ("emoji-detect-v1", LARGE, (640, 800), ""),
        (ANIMATE, LARGE, None, "animate-file-size"),
        ("liveportrait", GIF, None, "InvalidParameter.UnsupportedFileFormat"),
        ("wan2.2-s2v", wav(), None, "InvalidURL"),
    ],
)
def test_a_picture_is_inspected_by_its_models_limits(fake, model, file, size, flaw):
    """The same picture may be good for one model, and refused by another with a row of its own."""
    found = kept(fake, file, model)
    assert (found.size, found.flaw) == (size, flaw)


@pytest.mark.parametrize(
    ("model", "file", "facts"),
    [
        ("wan2.2-s2v", wav(2.5), ("audio", "wav", 2.5, None, 0.0)),
        ("emo-v1", mp3(100), ("audio", "mp3", 100 * 1152 / 44_100, None, 0.0)),
        ("liveportrait", wav(2.5), ("audio", "wav", 2.5, None, 0.0)),
        (TEMPLATE, mp4(), ("video", "mp4", 3.0, (640, 480), 30.0)),
        ("videoretalk", mp4(), ("video", "mp4", 3.0, (640, 480), 30.0)),
        ("videoretalk", wav(2.5), ("audio", "wav", 2.5, None, 0.0)),
        ("liveportrait", picture(), None),
        ("liveportrait", b"hello", None),
        ("emoji-v1", wav(2.5), None),
        ("emoji-detect-v1", mp4(), None),
        ("animate-anyone-gen2", mp4(), None),
    ],
)
def test_audio_and_video_are_measured_for_a_model_that_takes_them(fake, model, file, facts):
    """Once, when they are uploaded; a model without such a field has no use for them."""
    assert kept(fake, file, model).facts == facts


@pytest.mark.parametrize(
    ("model", "size", "is_kept"),
    [
        ("emoji-detect-v1", 10 * MEGABYTE, True),
        ("emoji-detect-v1", 10 * MEGABYTE + 1, False),
        (ANIMATE, 5 * MEGABYTE - 1, True),
        (ANIMATE, 5 * MEGABYTE, False),
        ("emo-v1", 15 * MEGABYTE, True),
        ("emo-v1", 15 * MEGABYTE + 1, False),
        ("wan2.2-s2v", 15 * MEGABYTE - 1, True),
        ("wan2.2-s2v", 15 * MEGABYTE, False),
        (TEMPLATE, 30 * MEGABYTE, True),
        ("videoretalk", 30 * MEGABYTE, True),
    ],
)
def test_the_bytes_of_a_file_are_kept_if_its_model_takes_as_many(fake, model, size, is_kept):
    """Of a larger file only that it was there, so that it takes no room from others."""
    found = kept(fake, bytes(size), model)
    assert len(found.data) == (size if is_kept else 0)
