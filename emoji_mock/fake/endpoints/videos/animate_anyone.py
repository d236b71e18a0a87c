"""video-synthesis with animate-anyone-gen2, and aa-template-generation, which makes the template of a motion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emoji_mock.contract.documents.video_requests import (
    AnimateInput,
    AnimateParameters,
    AnimateRequest,
    TemplateInput,
    TemplateRequest,
)
from emoji_mock.contract.endpoint import ANIMATE, ANIMATE_TEMPLATE, TASKS, VIDEO_SECONDS, VIDEO_SYNTHESIS
from emoji_mock.contract.models.animate_anyone import TEMPLATE, VIDEO
from emoji_mock.contract.rows import animate_anyone as rows
from emoji_mock.fake.checks import image
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.endpoints.videos import examples
from emoji_mock.fake.endpoints.videos.creation import creation
from emoji_mock.fake.store.values import template_task_id

if TYPE_CHECKING:
    from emoji_mock.fake.context import RequestContext
    from emoji_mock.fake.endpoints.documentation import ExampleCaller
    from emoji_mock.fake.endpoints.videos.decision import VideoDecision


def take_ratio(_: RequestContext, decision: VideoDecision) -> None:
    """Take the ratio, which the frame of the video has."""
    decision.tier = decision.parameters["video_ratio"]


def check_template(context: RequestContext, decision: VideoDecision) -> None:
    """Refuse a template that the account has not made (inferred), unless a rule or a magic URL decides the call."""
    if (
        decision.steered
        or decision.task_failure
        or image.read_magic_url(decision.image_url, decision.model) is not None
    ):
        return
    task = context.store.task(template_task_id(decision.given["template_id"]))
    if task is None or task.namespace != decision.caller.namespace or task.model != ANIMATE_TEMPLATE:
        raise Refused(rows.TEMPLATE_CONTENT)
    if task.failure or task.cancelled is not None or context.at < task.ends:
        raise Refused(rows.TEMPLATE_CONTENT)
    decision.seconds = task.seconds


_TEMPLATE_REQUEST = TemplateRequest(ANIMATE_TEMPLATE, TemplateInput(examples.VIDEO))


def _request(template_id: str) -> AnimateRequest:
    return AnimateRequest(ANIMATE, AnimateInput(examples.PICTURE, template_id), AnimateParameters(video_ratio="3:4"))


def _examples(caller: ExampleCaller) -> dict[str, Any]:
    task_id = caller.post(TEMPLATE.route.path, _TEMPLATE_REQUEST)["output"]["task_id"]
    caller.advance(VIDEO_SECONDS[1])
    template_id = caller.get(f"{TASKS}/{task_id}")["output"]["template_id"]
    return {examples.ACCEPTED: caller.post(VIDEO_SYNTHESIS, _request(template_id))}


CREATE_TEMPLATE = creation(
    TEMPLATE,
    examples.document(
        TEMPLATE,
        _TEMPLATE_REQUEST,
        "Create a task that makes the template of a motion from a video; its result is a `template_id`.",
    ),
)
CREATE_VIDEO = creation(
    VIDEO,
    examples.document(
        VIDEO,
        _request("AACT.…"),
        "Create a task from a picture that passed animate-anyone-detect-gen2, and a template of the account.",
        examples=_examples,
    ),
    checks=(take_ratio,),
    last=(check_template,),
    provokes={
        rows.TEMPLATE_CONTENT: "ask animate-anyone-gen2 for a video with a template_id of another account",
        rows.VIDEO_RATIO: "ask animate-anyone-gen2 for a video with a video_ratio of 1:1",
    },
)
