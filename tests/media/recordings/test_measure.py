"""Audio and video files are measured by their headers; what is broken or hostile is refused within bounds."""

import struct
import tracemalloc
from io import BytesIO

import pytest
from helpers import picture
from hypothesis import given
from hypothesis import strategies as st
from recording_files import avi, box, chunk, encoded_audio, encoded_video, header, mp3, mp4, riff, track, wav

from emoji_mock.contract.model import MediaFacts
from emoji_mock.media.recordings import measure

MEGABYTES_16 = 16 * 1024 * 1024
SILENT = struct.pack("<HHIIHH", 1, 1, 8000, 16_000, 2, 16)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (wav(2.5), MediaFacts("audio", "wav", 2.5)),
        (wav(0), MediaFacts("audio", "wav", 0.0)),
        (wav(2, size=0), MediaFacts("audio", "wav", 2.0)),
        (wav(2, size=0xFFFFFFFF), MediaFacts("audio", "wav", 2.0)),
        (wav(2)[:-16_000], MediaFacts("audio", "wav", 1.0)),
        (mp3(1000), MediaFacts("audio", "mp3", 1000 * 1152 / 44_100)),
        (mp3(10, b"\xff\xf3\x14\xc0", 24), MediaFacts("audio", "mp3", 10 * 576 / 24_000)),
        (mp3(10) + b"TAG" + bytes(125), MediaFacts("audio", "mp3", 10 * 1152 / 44_100)),
        (b"ID3\x04\0\0\0\0\x01\0" + bytes(128) + mp3(10), MediaFacts("audio", "mp3", 10 * 1152 / 44_100)),
        (mp3(5) + b"\xff junk \xff" + mp3(5), MediaFacts("audio", "mp3", 10 * 1152 / 44_100)),
        (mp3(10)[:-1], MediaFacts("audio", "mp3", 9 * 1152 / 44_100)),
        (mp4(), MediaFacts("video", "mp4", 3.0, (640, 480), 30.0)),
        (mp4(version=1, size=(200, 2048)), MediaFacts("video", "mp4", 3.0, (200, 2048), 30.0)),
        (mp4(brand=b"qt  "), MediaFacts("video", "mov", 3.0, (640, 480), 30.0)),
        (mp4()[16:], MediaFacts("video", "mov", 3.0, (640, 480), 30.0)),
        (
            mp4(tracks=[track(kind=b"soun", units=3000, scale=1000, samples=9)]),
            MediaFacts("audio", "mp4", 3.0),
        ),
        (avi(), MediaFacts("video", "avi", 2.0, (320, 240), 25.0)),
        (avi(length=0), MediaFacts("video", "avi", 2.0, (320, 240), 25.0)),
        (avi(size=(320, -240)), MediaFacts("video", "avi", 2.0, (320, 240), 25.0)),
    ],
    ids=[
        "WAV", "WAV without samples", "streamed WAV", "streamed WAV that states the most", "cut WAV",
        "MP3", "small MP3", "MP3 with a tag behind", "MP3 with a tag before", "MP3 with junk in it", "cut MP3",
        "MP4", "MP4 of version 1", "MOV", "MOV without ftyp", "M4A",
        "AVI", "AVI whose stream states no length", "AVI upside down",
    ],
)  # fmt: skip
def test_a_file_is_measured(data, expected):
    """Kind, container, seconds, size and frames a second."""
    assert measure(data) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        picture("JPEG"),
        picture("PNG"),
        picture("WEBP"),
        riff(b"WAVE"),
        riff(b"WAVE", chunk(b"data", bytes(100))),
        riff(b"WAVE", chunk(b"fmt ", bytes(16)), chunk(b"data", bytes(100))),
        riff(b"WAVE", chunk(b"fmt ", SILENT[:8])),
        b"ID3\x04\0\0\0\0\x01\0",
        b"\xff\xfb\x90\x00" + b"junk" * 300,
        b"\xff\xfd\x90\x00" + bytes(413),
        mp4()[:-1],
        mp4()[:200],
        mp4(seconds=0),
        mp4(size=(0, 480)),
        mp4(tracks=[track(kind=b"text", units=1, scale=1, samples=1)]),
        box(b"ftyp", b"heic", bytes(4)) + box(b"meta", bytes(100)),
        avi()[:-1],
        avi(fps=0),
        avi(length=0, shown=0),
        avi(size=(0, 240)),
        riff(b"AVI ", chunk(b"LIST", b"movi")),
        avi(length=25 * 86_401),
        avi(size=(16_385, 240)),
        avi(size=(320, -(2**31))),
        mp4(version=1, seconds=86_401),
    ],
    ids=[
        "empty", "text", "JPEG", "PNG", "WebP",
        "WAV of nothing", "WAV without a format", "WAV of no rate", "cut header of WAV",
        "ID3 alone", "one frame of MP3 and junk", "layer II",
        "cut MP4", "cut header of MP4", "MP4 of no length", "MP4 of no width", "MP4 with text alone", "HEIC",
        "cut AVI", "AVI of no rate", "AVI of no length", "AVI of no width", "AVI without headers",
        "AVI of more than a day", "AVI too wide", "AVI too high", "MP4 of more than a day",
    ],
)  # fmt: skip
def test_what_cannot_be_measured_is_none(data):
    """Other files, and broken ones, are neither audio nor video."""
    assert measure(data) is None


def fragment(*parts, number=1, flags=0):
    """Return a box `moof` of one track."""
    return box(b"moof", box(b"traf", box(b"tfhd", struct.pack(">II", flags, number)), *parts))


@pytest.mark.parametrize(
    "fragments",
    [
        fragment(box(b"trun", struct.pack(">II", 0, 50))) * 2,
        fragment(box(b"trun", struct.pack(">II6I", 0x305, 2, 0, 0, 2000, 9, 2000, 9))),
    ],
    ids=["default durations", "durations of their own"],
)
def test_fragments_are_counted(fragments):
    """A recording that states its length in fragments has the length of all of them."""
    movie = box(
        b"moov",
        header(b"mvhd", units=0, scale=1000),
        track(units=0, scale=1000, samples=0),
        box(b"mvex", box(b"trex", struct.pack(">IIIIII", 0, 1, 1, 40, 0, 0))),
    )
    facts = measure(box(b"ftyp", b"iso5", bytes(4)) + movie + fragments)
    assert (facts.container, facts.seconds, facts.size) == ("mp4", 4.0, (640, 480))


@pytest.mark.parametrize(
    "data",
    [
        b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * (MEGABYTES_16 // 8),
        b"RIFF\0\0\0\0AVI " + chunk(b"LIST", b"hdrl" + b"LIST\x04\0\0\0strl" * (MEGABYTES_16 // 12)),
        b"ID3\x04\0\0\0\0\0\0" * (MEGABYTES_16 // 10),
        box(b"ftyp") + box(b"free") * (MEGABYTES_16 // 8),
        box(b"ftyp") + box(b"moov", box(b"trak") * (MEGABYTES_16 // 8)),
        box(b"ftyp") + fragment(box(b"trun", struct.pack(">II", 0x100, 4_000_000), bytes(MEGABYTES_16))),
        box(b"ftyp") + fragment(box(b"trun", struct.pack(">II", 0x100, 0xFFFFFFFF))),
    ],
    ids=["chunks", "streams", "tags", "boxes", "tracks", "samples", "samples that are not there"],
)
def test_a_file_of_countless_parts_is_refused(data):
    """What would take minutes to read is given up after 100,000 parts, or a million samples."""
    assert measure(data) is None


@pytest.mark.parametrize("junk", [b"\xff", b"\xff\xfb\x90"])
def test_at_most_forty_minutes_of_mp3_are_counted(junk):
    """Frames, and what looks like frames between them, are read up to 100,000 of both."""
    small = mp3(1, b"\xff\xf3\x14\xc0", 24)
    assert measure(small * 120_000).seconds == pytest.approx(2400, abs=1)
    assert measure(small * 2 + junk * 200_000).seconds == 2 * 576 / 24_000


@pytest.mark.parametrize(
    "data",
    [
        wav(1) + bytes(MEGABYTES_16),
        mp3(2) + bytes(MEGABYTES_16),
        mp4() + box(b"free", bytes(MEGABYTES_16)),
        mp4() + fragment(box(b"trun", struct.pack(">II", 0x100, 1_000_000), bytes(MEGABYTES_16))),
    ],
    ids=["WAV", "MP3", "MP4", "a million samples"],
)
def test_a_large_file_costs_little_memory(data):
    """At most 16 MB beside the file, whatever it states."""
    tracemalloc.start()
    try:
        measure(data)
        assert tracemalloc.get_traced_memory()[1] < 16_000_000
    finally:
        tracemalloc.stop()


GOOD = [wav(0.01), mp3(3), mp4(), avi(), mp4(tracks=[track(units=1, scale=1, samples=1)] * 2)]


@given(st.sampled_from(GOOD), st.data())
def test_any_change_gives_facts_or_none(data, draw):
    """Cut, changed or joined files raise nothing, and give a length that is a number of seconds."""
    place = draw.draw(st.integers(0, len(data)))
    changed = data[:place] + draw.draw(st.binary(max_size=12)) + data[place + draw.draw(st.integers(0, 12)) :]
    facts = measure(changed)
    assert facts is None or (0 <= facts.seconds < float("inf") and 0 <= facts.fps < float("inf"))


@pytest.mark.parametrize("data", GOOD, ids=["WAV", "MP3", "MP4", "AVI", "two tracks"])
def test_a_file_may_end_anywhere(data):
    """Every beginning of a file gives facts or None."""
    for end in range(len(data)):
        facts = measure(data[:end])
        assert facts is None or facts.seconds >= 0


@given(st.sampled_from([b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0AVI ", b"\0\0\0\x08ftyp", b"ID3", b"\xff\xfb"]), st.binary())
def test_any_bytes_behind_a_signature_give_facts_or_none(signature, data):
    """Nothing is raised."""
    facts = measure(signature + data)
    assert facts is None or facts.seconds >= 0


def probed(data, kind):
    """Return what FFmpeg says of a file whose container is named: seconds, size and frames a second."""
    av = pytest.importorskip("av", reason="needs PyAV: pip install 'emoji-mock[video]'")
    with av.open(BytesIO(data), format=kind) as container:
        seconds = container.duration / 1_000_000
        if not container.streams.video:
            return seconds, None, 0.0
        stream = container.streams.video[0]
        return seconds, (stream.width, stream.height), float(stream.average_rate)


@pytest.mark.parametrize(
    ("container", "demuxer", "make"),
    [
        ("wav", "wav", lambda: encoded_audio("wav", "pcm_s16le")),
        ("mp3", "mp3", lambda: encoded_audio("mp3", "libmp3lame")),
        ("mp3", "mp3", lambda: encoded_audio("mp3", "libmp3lame", rate=22_050)),
        ("mp4", "mov", lambda: encoded_audio("ipod", "aac")),
        ("mp4", "mov", lambda: encoded_video("mp4", "libx264", fps=25, frames=100)),
        ("mov", "mov", lambda: encoded_video("mov")),
        ("avi", "avi", lambda: encoded_video("avi", fps=30, frames=45)),
        ("mp4", "mov", lambda: encoded_video("mp4", movflags="frag_keyframe+empty_moov")),
        ("mp4", "mov", lambda: encoded_video("mp4", movflags="frag_every_frame+empty_moov+default_base_moof")),
    ],
    ids=["WAV", "MP3", "MP3 of 22 kHz", "M4A", "MP4", "MOV", "AVI", "fragments", "a fragment a frame"],
)
def test_real_encoders_files_are_measured_as_ffmpeg_does(container, demuxer, make):
    """Length to the hundredth of a second, size and frames a second, by FFmpeg's own reader of that container."""
    pytest.importorskip("av", reason="needs PyAV: pip install 'emoji-mock[video]'")
    data = make()
    seconds, size, fps = probed(data, demuxer)
    facts = measure(data)
    assert (facts.container, facts.size) == (container, size)
    assert (facts.seconds, facts.fps) == pytest.approx((seconds, fps), abs=0.01)
