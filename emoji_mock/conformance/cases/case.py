"""What a case of the contract is: a request, the endings that the contract allows, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from emoji_mock.contract.endpoint import (
    API_PREFIX,
    FACE_DETECT,
    MEDIA_TYPE,
    MODEL,
    RATIO,
    RESULT_BUCKET,
    TASKS,
    UPLOADS,
    VIDEO_SYNTHESIS,
)
from emoji_mock.contract.exchange import Headers, Request
from emoji_mock.contract.provenance import Known, Provenance
from emoji_mock.contract.row import Outcome, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emoji_mock.conformance.judge.shape import Shape
    from emoji_mock.conformance.targets.sending import Step
    from emoji_mock.contract.geometry import Size

KEY, BAD_KEY, _PICTURE = "<key>", "<bad key>", "<picture>"
"""What a case writes where a target's own key, a key that it refuses, and a picture's URL go."""
STORAGE = "<upload host>"
"""What a case writes as the path of a request to the storage; getPolicy says where that is."""
FILM = "<film>"
"""What a case writes as the path of a request for a video; its task says where that is."""

PATH = API_PREFIX + FACE_DETECT
"""Where a case is sent, unless it says so."""
VIDEO = API_PREFIX + VIDEO_SYNTHESIS
"""Where a video is asked for."""

Ending: TypeAlias = "Row | Outcome | Shape"
"""What a call may end in: a row of the catalogue, `Outcome.PASSED`, or a document of another shape."""

_ENCODE = msgspec.json.encode


class Speaker(StrEnum):
    """Who answers, which decides the headers and the form of an error."""

    SERVICE = "service"
    POLICY = "policy"
    TASKS = "tasks"
    STORAGE = "storage"
    FILMS = "films"
    """The storage that videos lie in."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Filled:
    """What a target writes into a request: its key, a key that it refuses, the URL of the picture, and another account.

    `learned` holds what the answers to a case's steps have filled in, by the words that stand for it.
    """

    key: str
    bad_key: str
    picture: str
    other_key: str = "sk-mock-conformance-other"
    learned: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def text(self, text: str) -> str:
        """Return `text` with its words filled in."""
        words = {KEY: self.key, BAD_KEY: self.bad_key, "<other key>": self.other_key, **self.learned}
        for word, value in words.items():
            text = text.replace(word, str(value))
        return text

    def data(self, data: bytes) -> bytes:
        """Return a body with its words filled in; what is no text stands as JSON in place of its quoted word."""
        data = data.replace(_ENCODE(_PICTURE), _ENCODE(self.picture))
        for word, value in self.learned.items():
            if isinstance(value, str):
                data = data.replace(word.encode(), value.encode())
            else:
                data = data.replace(_ENCODE(word), _ENCODE(value))
        return data

    def knowing(self, learned: Mapping[str, Any]) -> Filled:
        """Return this with more words."""
        return replace(self, learned={**self.learned, **learned})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """One promise of the contract: whoever sends this gets one of `expected`, the first of which the fake gives.

    `picture` is the URL that steers a fake to that ending; a live service gets a real picture in its place, if the body
    says `<picture>`. `size` is the picture's. A case that is not `live` means something to a fake only, or costs what
    nobody knows. `padded` is the length to which spaces fill the body up. `before` are the requests that must be sent
    first, and `says` fills the placeholders of an expected message.
    """

    name: str
    expected: tuple[Ending, ...]
    provenance: Provenance
    method: str = "POST"
    path: str = PATH
    headers: Headers = (("authorization", f"Bearer {KEY}"), ("content-type", MEDIA_TYPE))
    body: bytes
    padded: int = 0
    picture: str = ""
    size: Size | None = None
    live: bool = True
    before: tuple[Step, ...] = ()
    says: tuple[tuple[str, str], ...] = ()

    @property
    def costs(self) -> bool:
        """Whether the vendor may charge an image for it: it shows a picture that can be fetched."""
        return self.live and _PICTURE.encode() in self.body

    @property
    def inferred(self) -> bool:
        """Whether the promise is a guess, so that a difference teaches something and is no drift."""
        return self.provenance.known == (Known.INFERRED,)

    @property
    def shows(self) -> str:
        """The name of the picture that the case needs: `passed`, a code, or nothing."""
        if _PICTURE.encode() not in self.body:
            return ""
        ending = self.expected[0]
        return ending.name if isinstance(ending, Row) else str(ending)

    @property
    def speaker(self) -> Speaker:
        """Who answers it."""
        if self.path == STORAGE:
            return Speaker.STORAGE
        if self.path == FILM or self.path.startswith(f"/{RESULT_BUCKET}/"):
            return Speaker.FILMS
        if self.path.startswith(API_PREFIX + UPLOADS):
            return Speaker.POLICY
        return Speaker.TASKS if self.path.startswith(API_PREFIX + TASKS) else Speaker.SERVICE

    @property
    def makes_video(self) -> bool:
        """Whether it, or what comes before it, may make a video."""
        return any(path.startswith(VIDEO) for path in (self.path, *(step.path for step in self.before)))

    @property
    def lists(self) -> bool:
        """Whether it asks for all tasks of an account."""
        return self.path.partition("?")[0].rstrip("/") == API_PREFIX + TASKS

    @property
    def waits(self) -> float:
        """How many seconds must pass before it can be asked."""
        return sum(step.wait for step in self.before)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that its steps fill in."""
        return tuple(word for step in self.before for word in step.learns)

    def request(self, filled: Filled) -> Request:
        """Return the request, with what the target fills in."""
        headers = tuple((name, filled.text(value)) for name, value in self.headers)
        return Request(self.method, filled.text(self.path), headers, filled.data(self.body).ljust(self.padded))


def body(image_url: object = _PICTURE, *, without: tuple[str, ...] = (), **changes: object) -> bytes:
    """Return the body of a good call about `image_url`, `without` some top-level keys and with others changed."""
    document = {"model": MODEL, "input": {"image_url": image_url}, "parameters": {"ratio": RATIO}, **changes}
    return _ENCODE({name: value for name, value in document.items() if name not in without})
