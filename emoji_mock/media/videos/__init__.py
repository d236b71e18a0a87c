"""The file that a task's `video_url` leads to: a portrait that moves. Pillow and PyAV load when one is made."""

from emoji_mock.media.videos.scene import Scene as Scene
from emoji_mock.media.videos.studio import video_of as video_of

__all__ = ["Scene", "video_of"]
