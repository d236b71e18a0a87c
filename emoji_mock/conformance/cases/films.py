"""Cases of a finished video: the file behind `video_url`, whole or in part, and who is not let in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emoji_mock.conformance.cases.case import FILM, Case
from emoji_mock.conformance.cases.documents import PART_OF_FILM, WHOLE_FILM
from emoji_mock.conformance.cases.tasks import AUTHORIZED, ITS, MADE, create
from emoji_mock.conformance.targets.sending import Step
from emoji_mock.contract.endpoint import RESULT_BUCKET, TASK_SECONDS, VIDEO_SUFFIX
from emoji_mock.contract.rows import results, storage
from emoji_mock.contract.rows.table import known

if TYPE_CHECKING:
    from emoji_mock.conformance.judge.shape import Shape
    from emoji_mock.contract.exchange import Headers
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.row import Row

_DOCUMENTED = known("D", "video")
_GUESS = known("I", "emoji-mock")
_TOLD = Step(method="GET", path=ITS, headers=AUTHORIZED, learns={FILM: "output.video_url"})
_MADE = create(wait=MADE)


def _film(
    name: str,
    ending: Row | Shape,
    provenance: Provenance,
    *before: Step,
    path: str = FILM,
    headers: Headers = (),
) -> Case:
    return Case(
        name=f"film/{name}",
        expected=(ending,),
        provenance=provenance,
        method="GET",
        path=path,
        headers=headers,
        body=b"",
        live=False,
        before=before,
    )


FILM_CASES: tuple[Case, ...] = (
    _film("whole", WHOLE_FILM, _DOCUMENTED, _MADE, _TOLD),
    _film("range", PART_OF_FILM, _GUESS, _MADE, _TOLD, headers=(("range", "bytes=4-7"),)),
    _film("expired", results.LINK_EXPIRED, _DOCUMENTED, _MADE, replace(_TOLD, wait=float(TASK_SECONDS))),
    _film("unsigned", storage.BUCKET_ACL, _GUESS, path=f"/{RESULT_BUCKET}/nobody{VIDEO_SUFFIX}"),
)
"""What the link of a video is answered with."""
