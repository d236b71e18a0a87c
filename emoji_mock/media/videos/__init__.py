"""Videos of a moving portrait: what the `video_url` of a task leads to. Pillow and PyAV load when one is made."""

from emoji_mock.media.videos.cache import make_video as make_video
from emoji_mock.media.videos.scene import Scene as Scene

__all__ = ["Scene", "make_video"]
