"""Answers of wan2.2-s2v-detect alone: it refuses a picture in two ways, both observed."""

from emoji_mock.contract.codes import Code
from emoji_mock.contract.endpoint import S2V_DETECT
from emoji_mock.contract.rows import failed as emoji
from emoji_mock.contract.rows.table import failed_as, of_siblings

_ONLY = frozenset({S2V_DETECT})
_AS_ERROR = (
    "the code and the status are observed, the message is that of emo-detect-v1; which reasons come so is inferred"
)

NOT_PASSED = failed_as(
    "s2v-not-passed",
    None,
    200,
    "",
    "a figure that it will not animate (inferred: whatever is wrong but nobody or a bad proportion)",
    of_siblings("DO", "s2vd vf", "the document is the vendor's sample; an empty message was observed of six cartoons"),
    models=_ONLY,
)
NO_HUMAN = failed_as(
    "s2v-no-human",
    Code.NO_HUMAN,
    400,
    emoji.NO_HUMAN.message,
    "no person in the picture",
    of_siblings("O", "creator", _AS_ERROR),
    models=_ONLY,
)
BODY_PROPORTION = failed_as(
    "s2v-body-proportion",
    Code.BODY_PROPORTION,
    400,
    emoji.BODY_PROPORTION.message,
    "the face takes too much or too little of the picture",
    of_siblings("O", "creator", _AS_ERROR),
    models=_ONLY,
)
RESOLUTION = failed_as(
    "s2v-resolution",
    Code.RESOLUTION,
    400,
    emoji.RESOLUTION.message,
    "a side of the picture is outside [400, 7000] pixels",
    of_siblings("I", "s2vd errors", "the limits are documented; that it is told as the other two is inferred"),
    models=_ONLY,
)
