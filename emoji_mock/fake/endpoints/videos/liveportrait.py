"""video-synthesis with liveportrait: the task in which a portrait speaks an audio file of up to three minutes."""

from emoji_mock.contract.documents.video_requests import LivePortraitRequest, TalkingInput
from emoji_mock.contract.endpoint import LIVEPORTRAIT
from emoji_mock.contract.models.liveportrait import VIDEO
from emoji_mock.contract.rows import emo, liveportrait
from emoji_mock.fake.endpoints.videos.creation import creation
from emoji_mock.fake.endpoints.videos.examples import AUDIO, PICTURE, document

CREATE_VIDEO = creation(
    VIDEO,
    document(
        VIDEO,
        LivePortraitRequest(LIVEPORTRAIT, TalkingInput(PICTURE, AUDIO)),
        "Create a task from a picture that passed liveportrait-detect, and an audio file.",
    ),
    provokes={
        emo.NO_IMAGE_URL: "ask liveportrait for a video without an image_url",
        liveportrait.NO_URL: "ask liveportrait for a video without an audio_url",
        liveportrait.OUT_OF_DEFINITION: "ask liveportrait for a video with a video_fps of 60",
        liveportrait.DOWNLOAD: "ask liveportrait for a video with an oss:// URL that nothing was uploaded to",
        liveportrait.AUDIO_LENGTH: "upload an audio file of half a second, and ask liveportrait for a video with it",
        liveportrait.MEDIA_SIZE: "upload an audio file of 16 MB, and ask liveportrait for a video with it",
    },
)
