"""A task: a video in the making. How it stands follows from when it was created and what the clock says."""

from msgspec import Struct

from emoji_mock.contract.endpoint import TASK_SECONDS
from emoji_mock.contract.geometry import Box
from emoji_mock.contract.motions import Status


class VideoTask(Struct, frozen=True, kw_only=True):
    """What was asked for, and when it is made; times are seconds since the epoch.

    `failure` names the row that it ends in, `takes` is how long it runs, `video_seconds` how long the video is.
    """

    id: str
    namespace: str
    key: str
    request_id: str
    model: str
    image_url: str
    driven_id: str
    face: Box
    ext: Box
    created: float
    takes: float
    video_seconds: int
    failure: str = ""
    begins: float = 0.0
    cancelled: float | None = None

    @property
    def ends(self) -> float:
        """When it is over."""
        return self.begins + self.takes if self.cancelled is None else self.cancelled

    def status(self, now: float) -> Status:
        """Return how it stands."""
        if now >= self.created + TASK_SECONDS:
            return Status.UNKNOWN
        if self.cancelled is not None:
            return Status.CANCELED
        if now < self.begins:
            return Status.PENDING
        if now < self.ends:
            return Status.RUNNING
        return Status.FAILED if self.failure else Status.SUCCEEDED
