"""The requests of the models that make videos, beside emoji-v1; fields are in the order of the vendor's pages."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from emoji_mock.contract.documents.detection import PUBLIC_URL, ImageURL
from emoji_mock.contract.documents.video import Corners
from emoji_mock.contract.endpoint import ANIMATE, ANIMATE_TEMPLATE, EMO, LIVEPORTRAIT, S2V, VIDEORETALK

_WHERE = "Public http(s) URL; the fake also takes `oss://` and looks inside `data:` URLs."
_SHAPE = {"pattern": PUBLIC_URL}
AudioURL = Annotated[str, Meta(description=_WHERE, extra_json_schema=_SHAPE, examples=["https://example.com/me.wav"])]
VideoURL = Annotated[str, Meta(description=_WHERE, extra_json_schema=_SHAPE, examples=["https://example.com/me.mp4"])]


class EmoVideoInput(Struct, frozen=True):
    """The portrait, what it says, and the boxes that emo-detect-v1 found in it."""

    image_url: ImageURL
    audio_url: AudioURL
    face_bbox: Corners
    ext_bbox: Corners


class EmoVideoParameters(Struct, frozen=True, omit_defaults=True):
    """How much the head moves."""

    style_level: Literal["normal", "calm", "active"] = "normal"


class EmoVideoRequest(Struct, frozen=True, omit_defaults=True):
    """The body of a request to emo-v1."""

    model: Annotated[str, Meta(examples=[EMO], extra_json_schema={"enum": [EMO]})]
    input: EmoVideoInput
    parameters: EmoVideoParameters = EmoVideoParameters()


class TalkingInput(Struct, frozen=True):
    """The picture and what it says, for wan2.2-s2v and liveportrait."""

    image_url: ImageURL
    audio_url: AudioURL


class S2vParameters(Struct, frozen=True, omit_defaults=True):
    """The resolution, on which the price depends."""

    resolution: Literal["480P", "720P"] = "480P"


class S2vRequest(Struct, frozen=True, omit_defaults=True):
    """The body of a request to wan2.2-s2v."""

    model: Annotated[str, Meta(examples=[S2V], extra_json_schema={"enum": [S2V]})]
    input: TalkingInput
    parameters: S2vParameters = S2vParameters()


class LivePortraitParameters(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the head, the mouth and the eyes move."""

    template_id: Literal["normal", "calm", "active"] = "normal"
    eye_move_freq: Annotated[float, Meta(ge=0, le=1)] = 0.5
    video_fps: Annotated[int, Meta(ge=15, le=30)] = 24
    mouth_move_strength: Annotated[float, Meta(ge=0, le=1.5)] = 1.0
    paste_back: bool = True
    head_move_strength: Annotated[float, Meta(ge=0, le=1)] = 0.7


class LivePortraitRequest(Struct, frozen=True, omit_defaults=True):
    """The body of a request to liveportrait."""

    model: Annotated[str, Meta(examples=[LIVEPORTRAIT], extra_json_schema={"enum": [LIVEPORTRAIT]})]
    input: TalkingInput
    parameters: LivePortraitParameters = LivePortraitParameters()


class TemplateInput(Struct, frozen=True):
    """The video in which a person moves."""

    video_url: VideoURL


class TemplateRequest(Struct, frozen=True, omit_defaults=True):
    """The body of a request to animate-anyone-template-gen2."""

    model: Annotated[str, Meta(examples=[ANIMATE_TEMPLATE], extra_json_schema={"enum": [ANIMATE_TEMPLATE]})]
    input: TemplateInput


class AnimateInput(Struct, frozen=True):
    """The person, and the template of the account by which it moves."""

    image_url: ImageURL
    template_id: Annotated[str, Meta(examples=["AACT.…"])]


class AnimateParameters(Struct, frozen=True, omit_defaults=True):
    """The background and the frame of the video."""

    use_ref_img_bg: bool = False
    video_ratio: Literal["9:16", "3:4"] = "9:16"


class AnimateRequest(Struct, frozen=True, omit_defaults=True):
    """The body of a request to animate-anyone-gen2."""

    model: Annotated[str, Meta(examples=[ANIMATE], extra_json_schema={"enum": [ANIMATE]})]
    input: AnimateInput
    parameters: AnimateParameters = AnimateParameters()


class RetalkInput(Struct, frozen=True, omit_defaults=True):
    """The video, what the person in it says, and whose face it is if there are several."""

    video_url: VideoURL
    audio_url: AudioURL
    ref_image_url: ImageURL | UnsetType = UNSET


class RetalkParameters(Struct, frozen=True, omit_defaults=True):
    """Whether the video is extended to its audio, and how like the reference picture a face must be."""

    video_extension: bool = False
    query_face_threshold: Annotated[int, Meta(ge=120, le=200)] = 170


class RetalkRequest(Struct, frozen=True, omit_defaults=True):
    """The body of a request to videoretalk."""

    model: Annotated[str, Meta(examples=[VIDEORETALK], extra_json_schema={"enum": [VIDEORETALK]})]
    input: RetalkInput
    parameters: RetalkParameters = RetalkParameters()
