"""How an exchange is read: what it asks for, of which picture, and how a sentence names it."""

from collections.abc import Iterable
from functools import lru_cache

from emoji_mock.contract.endpoint import FACE_DETECT, VIDEO_SYNTHESIS
from emoji_mock.fake.accounting.journal import Entry
from emoji_mock.fake.accounting.pictures import unsigned
from emoji_mock.fake.context import normal_path

_URL_SHOWN = 80
_normal_path = lru_cache(maxsize=1024)(normal_path)
_unsigned = lru_cache(maxsize=1024)(unsigned)


def path_of(entry: Entry) -> str:
    """Return the path that was asked, without the API's prefix."""
    return _normal_path(entry.target)


def detects(entry: Entry) -> bool:
    """Say whether it asks for a detection."""
    return entry.method == "POST" and path_of(entry) == FACE_DETECT


def asks_for_video(entry: Entry) -> bool:
    """Say whether it asks for a video."""
    return entry.method == "POST" and path_of(entry) == VIDEO_SYNTHESIS


def picture_of(entry: Entry) -> str:
    """Return what tells its picture apart, also if it is uploaded, or its link signed, anew for every attempt."""
    return entry.picture or _unsigned(entry.image_url)


def body_of(entry: Entry) -> str:
    """Return its body, with what tells its picture apart in place of the picture's URL."""
    picture = picture_of(entry)
    return entry.request_body if picture == entry.image_url else entry.request_body.replace(entry.image_url, picture)


def named(entry: Entry) -> str:
    """Return the picture or the target as a sentence names it."""
    text = entry.image_url or entry.target
    return text if len(text) <= _URL_SHOWN else f"{text[:_URL_SHOWN]}…"


def numbers(entries: Iterable[Entry]) -> tuple[int, ...]:
    """Return the numbers of exchanges."""
    return tuple(entry.number for entry in entries)
