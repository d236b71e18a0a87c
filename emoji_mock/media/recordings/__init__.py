"""Measure audio and video files: WAV, MP3, MP4, MOV and AVI, one module per family.

Headers and the lengths of frames are read, nothing is decoded. No library does it: tinytag and mutagen measure audio
alone, and PyAV, 34 MB in an extra, starts decoders on files of strangers. Tests compare the results with PyAV's.
"""

from emoji_mock.media.recordings.signatures import measure as measure

__all__ = ["measure"]
