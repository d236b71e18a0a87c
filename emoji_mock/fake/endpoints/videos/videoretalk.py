"""video-synthesis with videoretalk: the task in which the person in a video speaks an audio file."""

from emoji_mock.contract.documents.video_requests import RetalkInput, RetalkRequest
from emoji_mock.contract.endpoint import VIDEORETALK
from emoji_mock.contract.models.videoretalk import VIDEO
from emoji_mock.fake.endpoints.videos import examples
from emoji_mock.fake.endpoints.videos.creation import creation

CREATE_VIDEO = creation(
    VIDEO,
    examples.document(
        VIDEO,
        RetalkRequest(VIDEORETALK, RetalkInput(examples.VIDEO, examples.AUDIO)),
        "Create a task from a video of a person, and an audio file.",
    ),
)
