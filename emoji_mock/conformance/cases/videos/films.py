"""Cases of a finished video: the file behind `video_url`, whole or in part, and refused downloads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emoji_mock.conformance.cases.case import Case, SetupRequest
from emoji_mock.conformance.cases.documents import PART_OF_VIDEO, WHOLE_VIDEO
from emoji_mock.conformance.cases.placeholders import VIDEO_FILE
from emoji_mock.conformance.cases.videos.states import FINISHED, KEY_ONLY, TASK_PATH, create
from emoji_mock.contract.endpoint import RESULT_BUCKET, TASK_SECONDS, VIDEO_MODEL, VIDEO_SUFFIX
from emoji_mock.contract.rows import results, storage
from emoji_mock.contract.rows.table import known

if TYPE_CHECKING:
    from emoji_mock.conformance.cases.documents import Shape
    from emoji_mock.contract.exchange import Headers
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.row import Row

_DOCUMENTED = known("D", "video")
_GUESS = known("I", "emoji-mock")
_CREATE = create(wait=FINISHED)
_READ = SetupRequest(method="GET", path=TASK_PATH, headers=KEY_ONLY, captures={VIDEO_FILE: "output.video_url"})


def _film(
    name: str,
    expected: Row | Shape,
    provenance: Provenance,
    *setup: SetupRequest,
    path: str = VIDEO_FILE,
    headers: Headers = (),
) -> Case:
    return Case(
        name=f"film/{name}",
        expected=(expected,),
        provenance=provenance,
        method="GET",
        path=path,
        headers=headers,
        body=b"",
        live=False,
        setup=setup,
        model=VIDEO_MODEL,
    )


FILM_CASES: tuple[Case, ...] = (
    _film("whole", WHOLE_VIDEO, _DOCUMENTED, _CREATE, _READ),
    _film("range", PART_OF_VIDEO, _GUESS, _CREATE, _READ, headers=(("range", "bytes=4-7"),)),
    _film("expired", results.LINK_EXPIRED, _DOCUMENTED, _CREATE, replace(_READ, wait=float(TASK_SECONDS))),
    _film("unsigned", storage.BUCKET_ACL, _GUESS, path=f"/{RESULT_BUCKET}/nobody{VIDEO_SUFFIX}"),
)
"""Downloads by the link of a video."""
