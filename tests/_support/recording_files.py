"""Audio and video files, made by hand with any length, or by PyAV as real encoders write them."""

import struct
from io import BytesIO


def riff(kind, *chunks):
    """Return a RIFF file of these chunks."""
    body = kind + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def chunk(name, content=b"", size=None):
    """Return a RIFF chunk; `size` replaces the one that it states."""
    stated = len(content) if size is None else size
    return name + struct.pack("<I", stated) + content + bytes(len(content) % 2)


def wav(seconds=2.0, rate=8000, size=None):
    """Return a WAV of silence, 16 bits, one channel."""
    form = struct.pack("<HHIIHH", 1, 1, rate, 2 * rate, 2, 16)
    return riff(b"WAVE", chunk(b"fmt ", form), chunk(b"data", bytes(2 * round(seconds * rate)), size))


def mp3(frames, head=b"\xff\xfb\x90\x00", size=417):
    """Return an MP3 of so many frames; by default MPEG-1, 44,100 samples a second, 128 kbit/s, 1,152 samples each."""
    return (head + bytes(size - 4)) * frames


def avi(seconds=2, fps=25, size=(320, 240), length=None, shown=None):
    """Return an AVI with one video and no frames in it; `length` and `shown` are the numbers of frames that it states."""
    frames = seconds * fps
    main = struct.pack("<IIIII", 40_000, 0, 0, 0, frames if shown is None else shown) + bytes(36)
    head = struct.pack("<4s4s8xIIIIII", b"vids", b"FMP4", 0, 1, fps, 0, frames if length is None else length, 0)
    form = struct.pack("<IiiHH", 40, *size, 1, 24) + bytes(24)
    stream = chunk(b"LIST", b"strl" + chunk(b"strh", head) + chunk(b"strf", form))
    return riff(b"AVI ", chunk(b"LIST", b"hdrl" + chunk(b"avih", main) + stream), chunk(b"LIST", b"movi"))


def box(name, *content):
    """Return a box of MP4."""
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + name + body


def header(name, *, units, scale, version=0):
    """Return `mvhd` or `mdhd`."""
    times = struct.pack(">IIII", 0, 0, scale, units) if version == 0 else struct.pack(">QQIQ", 0, 0, scale, units)
    return box(name, bytes([version, 0, 0, 0]), times, bytes(80))


def track(*, kind=b"vide", units, scale, samples, size=(640, 480), number=1):
    """Return the box of a track."""
    entry = bytes(24) + struct.pack(">HH", *size) + bytes(50)
    table = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), box(b"avc1", entry)),
        box(b"stsz", struct.pack(">III", 0, 1, samples)),
    )
    media = box(
        b"mdia",
        header(b"mdhd", units=units, scale=scale),
        box(b"hdlr", bytes(8), kind, bytes(13)),
        box(b"minf", table),
    )
    return box(b"trak", box(b"tkhd", bytes(12), struct.pack(">I", number), bytes(68)), media)


def mp4(*, seconds=3, fps=30, size=(640, 480), brand=b"isom", tracks=None, version=0):
    """Return an MP4 without frames: what describes them is all there."""
    tracks = tracks or [track(units=1000 * seconds, scale=1000, samples=seconds * fps, size=size)]
    movie = box(b"moov", header(b"mvhd", units=600 * seconds, scale=600, version=version), *tracks)
    return box(b"ftyp", brand, bytes(4)) + movie + box(b"mdat", bytes(64))


def encoded_audio(kind, codec, *, seconds=3.3, rate=44_100):
    """Return an audio file of silence, as FFmpeg writes it."""
    import av

    out = BytesIO()
    with av.open(out, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate)
        resampler = av.AudioResampler(stream.codec_context.format, "stereo", rate)
        for begin in range(0, round(seconds * rate), 1000):
            frame = av.AudioFrame(format="s16", layout="stereo", samples=min(1000, round(seconds * rate) - begin))
            frame.rate, frame.pts = rate, begin
            frame.planes[0].update(bytes(frame.planes[0].buffer_size))
            for part in resampler.resample(frame):
                container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return out.getvalue()


def encoded_video(kind, codec="mpeg4", *, fps=24, frames=60, size=(320, 240), **options):
    """Return a black video, as FFmpeg writes it."""
    import av

    out = BytesIO()
    with av.open(out, "w", format=kind, options=options) as container:
        stream = container.add_stream(codec, rate=fps)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame(*size, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()
