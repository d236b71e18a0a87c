"""The values that a store keeps and returns: uploads and tasks. A store may serialise them."""

from msgspec import Struct

from emoji_mock.contract.documents.motions import Status
from emoji_mock.contract.endpoint import TASK_SECONDS, VIDEO_FPS
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.model import MediaFacts

_TEMPLATE = "AACT."
_STEP = 0.1  # inferred: which share of a task's time each of the steps around RUNNING takes


def template_task_id(template_id: str) -> str:
    """Return the id of the task that made the template `template_id`, or "" if none did."""
    return template_id.removeprefix(_TEMPLATE) if template_id.startswith(_TEMPLATE) else ""


class Upload(Struct, frozen=True, kw_only=True):
    """An uploaded file under its key, for one model, until a time in seconds since the epoch.

    It is inspected once, when it is uploaded: `size` (pixels) is set for a picture that its model takes, else `flaw`
    names the row of the catalogue that refuses it as one. `facts` is what an audio or video file says of itself, for a
    model that takes such files. `data` is empty for a file that is larger than any that its model takes.
    """

    key: str
    model: str
    namespace: str
    until: float
    data: bytes
    size: Size | None
    flaw: str
    facts: MediaFacts | None = None


class UploadFacts(Struct, frozen=True, kw_only=True):
    """What is known of an upload without its file, which has `length` bytes."""

    key: str
    model: str
    namespace: str
    until: float
    length: int
    size: Size | None
    flaw: str


class VideoTask(Struct, frozen=True, kw_only=True):
    """A task that makes a video, or the template of one. Times are seconds since the epoch.

    Its status follows from them and the clock. `key` is the fingerprint of the API key that created it, `failure` names
    the row of the catalogue that it ends in, `takes` is how many seconds it runs. The store sets `begins`.
    What is billed follows from the model, its `tier` (a key of the model's prices) and `seconds`, the length of the
    video. `size` is the frame of the video, `fps` its frames a second. `media_url` is its audio, or the video that it
    is made from.
    """

    id: str
    namespace: str
    key: str
    request_id: str
    model: str
    image_url: str = ""
    media_url: str = ""
    driven_id: str = ""
    face: Box | None = None
    ext: Box | None = None
    framed: bool = False
    """Whether it is PRE-PROCESSING before it runs, and POST-PROCESSING after."""
    created: float
    takes: float
    seconds: float
    tier: str = ""
    size: Size
    fps: int = VIDEO_FPS
    failure: str = ""
    begins: float = 0.0
    cancelled: float | None = None

    @property
    def template_id(self) -> str:
        """The name of the template that it makes, if it makes one."""
        return f"{_TEMPLATE}{self.id}"

    @property
    def ends(self) -> float:
        """When it ends or was cancelled."""
        return self.begins + self.takes if self.cancelled is None else self.cancelled

    def status(self, now: float) -> Status:
        """Return its status at `now`; after a day it is unknown to the vendor (docs/explanations/differences.md)."""
        if now >= self.created + TASK_SECONDS:
            return Status.UNKNOWN
        if self.cancelled is not None:
            return Status.CANCELED
        if now < self.begins:
            return Status.PENDING
        if now < self.ends:
            return self._step(now)
        return Status.FAILED if self.failure else Status.SUCCEEDED

    def _step(self, now: float) -> Status:
        if not self.framed:
            return Status.RUNNING
        done = (now - self.begins) / self.takes
        if done < _STEP:
            return Status.PRE_PROCESSING
        return Status.RUNNING if done < 1 - _STEP else Status.POST_PROCESSING
