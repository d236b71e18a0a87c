"""Plausible mistakes of a server that fakes a sibling, each with the case that shows it, and the difference."""

import json

from answer_mutations import edited

from emoji_mock.contract.exchange import Response


def error(change):
    """Return a mutation that applies `change` to the document of an error."""
    return edited(lambda document: change(document) if "code" in document and "output" not in document else None)


def output(change):
    """Return a mutation that applies `change` to the output of a verdict or a task."""
    return edited(lambda document: change(document["output"]) if "output" in document else None)


def request_id_first(document):
    """Put the request id first, as emoji-detect-v1's errors do."""
    return {"request_id": document.pop("request_id"), **document}


def renamed(old, new):
    """Return a change that renames a field and keeps its place."""

    def change(fields):
        items = list(fields.items())
        fields.clear()
        fields.update((new if name == old else name, value) for name, value in items)

    return change


def reversed_output(document):
    """Turn the keys of the output round."""
    document["output"] = dict(reversed(document["output"].items()))


def as_verdict(output_of):
    """Return a mutation that answers HTTP 200 with a verdict where the model refuses with an error."""

    def mutate(response):
        document = json.loads(response.body)
        verdict = {"output": output_of(document), "usage": {"image_count": 1}, "request_id": document["request_id"]}
        return Response(200, response.headers, json.dumps(verdict, separators=(",", ":")).encode())

    return mutate


def as_error(response):
    """Answer HTTP 400 where the model gives a verdict, which is billed."""
    document = json.loads(response.body)
    code = {"code": "InvalidFile.FacePose", "message": "x", "request_id": document["request_id"]}
    return Response(400, response.headers, json.dumps(code, separators=(",", ":")).encode())


def no_usage(document):
    """Leave usage out."""
    document.pop("usage", None)


BOXES = {"bbox_face": [212, 194, 460, 441], "ext_bbox_face": [63, 30, 609, 575]}
EMO_BOXES = {"face_bbox": [302, 286, 610, 593], "ext_bbox": [71, 9, 840, 778]}


def result_at_the_top(fields):
    """Put the link where emoji-v1 has it."""
    fields["video_url"] = fields.pop("results")["video_url"]


def result_below(fields):
    """Put the link where emo-v1 has it."""
    fields["results"] = {"video_url": fields.pop("video_url")}


# Each with the case, and the difference: kind, severity, place, whether it is drift.
DETECTIONS = {
    "emo: boxes as emoji names them": (output(lambda o: o.update(BOXES) or (o.pop("face_bbox") and o.pop("ext_bbox") and None)), "emo-detect-v1/passed/as-documented", ("missing field", "breaking", "output.face_bbox", True)),
    "emo: pass for check_pass": (output(renamed("check_pass", "pass")), "emo-detect-v1/passed/as-documented", ("missing field", "breaking", "output.check_pass", True)),
    "emo: no check_pass at all": (output(lambda o: o.pop("check_pass") and None), "emo-detect-v1/passed/as-documented", ("missing field", "breaking", "output.check_pass", True)),
    "emo: a square where 3:4 was asked for": (output(lambda o: o.update(EMO_BOXES)), "emo-detect-v1/passed/ratio-3-to-4", ("boxes", "breaking", "output.ext_bbox", True)),
    "emo: output in another order": (edited(reversed_output), "emo-detect-v1/passed/as-documented", ("key order", "cosmetic", "output", True)),
    "emo: an error's request id first": (error(request_id_first), "emo-detect-v1/parameters/missing", ("key order", "cosmetic", "body", True)),
    "emo: emoji's code for a wrong ratio": (error(lambda d: d.update(code="InvalidParameter")), "emo-detect-v1/parameters/missing", ("code", "breaking", "code", True)),
    "emo: the full stop of FullBody in ASCII": (output(lambda o: o.update(message=o["message"].replace("。", "."))), "emo-detect-v1/failed/InvalidFile.FullBody", ("message", "notable", "message", True)),
    "emo: a failed verdict without check_pass": (output(lambda o: o.__delitem__("check_pass")), "emo-detect-v1/failed/InvalidFile.FacePose", ("missing field", "breaking", "output.check_pass", True)),
    "emo: the ratio before the URL": (edited(lambda d: d.update(code="InvalidParameter.Ratio")), "emo-detect-v1/order/url-before-ratio", ("code", "breaking", "code", True)),
    "emo: usage missing": (edited(no_usage), "emo-detect-v1/passed/as-documented", ("billing", "breaking", "usage.image_count", True)),
    "s2v: boxes where there are none": (output(lambda o: o.update(EMO_BOXES)), "wan2.2-s2v-detect/passed/as-documented", ("new field", "notable", "output.face_bbox", True)),
    "s2v: humanoid missing": (output(lambda o: o.pop("humanoid") and None), "wan2.2-s2v-detect/passed/as-documented", ("missing field", "breaking", "output.humanoid", True)),
    "s2v: 200 for 400": (as_verdict(lambda _: {"check_pass": False, "code": "", "message": ""}), "wan2.2-s2v-detect/failed/InvalidFile.NoHuman", ("status", "breaking", "status", True)),
    "s2v: 200 for 400 is billed": (as_verdict(lambda _: {"check_pass": False, "code": "", "message": ""}), "wan2.2-s2v-detect/failed/InvalidFile.BodyProportion", ("billing", "breaking", "usage", True)),
    "s2v: 400 for 200": (as_error, "wan2.2-s2v-detect/failed/s2v-not-passed", ("status", "breaking", "status", True)),
    "s2v: a failed one that passes": (output(lambda o: o.update(check_pass=True)), "wan2.2-s2v-detect/failed/s2v-not-passed", ("value", "breaking", "output.check_pass", True)),
    "s2v: an error's request id first": (error(request_id_first), "wan2.2-s2v-detect/error/InvalidURL", ("key order", "cosmetic", "body", True)),
    "s2v: usage missing": (edited(no_usage), "wan2.2-s2v-detect/failed/s2v-not-passed", ("billing", "breaking", "usage.image_count", True)),
    "liveportrait: check_pass for pass": (output(renamed("pass", "check_pass")), "liveportrait-detect/passed/as-documented", ("missing field", "breaking", "output.pass", True)),
    "liveportrait: success as the message of a pass": (output(lambda o: o.update(message="success")), "liveportrait-detect/passed/as-documented", ("message", "notable", "output.message", True)),
    "liveportrait: pass as text": (output(lambda o: o.update({"pass": "true"})), "liveportrait-detect/passed/as-documented", ("type", "breaking", "output.pass", True)),
    "liveportrait: emo's words": (output(lambda o: o.update(message="The input image has no human body. Please upload other image with single person.")), "liveportrait-detect/failed/liveportrait-no-face", ("message", "notable", "message", True)),
    "liveportrait: a code in the verdict": (output(lambda o: o.update(code="InvalidFile.NoHuman")), "liveportrait-detect/failed/liveportrait-no-face", ("code", "breaking", "code", True)),
    "liveportrait: emo's code of the format": (error(lambda d: d.update(code="InvalidURL")), "liveportrait-detect/error/InvalidParameter.UnsupportedFileFormat", ("code", "breaking", "code", True)),
    "animate: message for reason": (output(renamed("reason", "message")), "animate-anyone-detect-gen2/failed/InvalidFile.NoHuman", ("missing field", "breaking", "output.reason", True)),
    "animate: bodystyle missing": (output(lambda o: o.pop("bodystyle") and None), "animate-anyone-detect-gen2/passed/as-documented", ("missing field", "breaking", "output.bodystyle", True)),
    "animate: a bodystyle of no kind": (output(lambda o: o.update(bodystyle="upper")), "animate-anyone-detect-gen2/passed/as-documented", ("value", "breaking", "output.bodystyle", True)),
    "animate: check_pass first in a pass": (edited(reversed_output), "animate-anyone-detect-gen2/passed/as-documented", ("key order", "cosmetic", "output", True)),
    "animate: a full stop behind the aspect": (error(lambda d: d.update(message=d["message"] + ".")), "animate-anyone-detect-gen2/error/InvalidFile.AspectRatio", ("message", "notable", "message", True)),
    "animate: served at face-detect": (as_verdict(lambda _: {"bodystyle": "full", "check_pass": True}), "animate-anyone-detect-gen2/model/at-face_detect", ("status", "breaking", "status", True)),
}  # fmt: skip
TASKS = {
    "emo-v1: the status first": (edited(reversed_output), "emo-v1/accepted/as-documented", ("key order", "cosmetic", "output", True)),
    "emo-v1: the link at the top": (output(result_at_the_top), "emo-v1/task/succeeded", ("missing field", "breaking", "output.results", True)),
    "emo-v1: video_ratio as emoji-v1's": (edited(lambda d: d["usage"].update(video_ratio="standard")), "emo-v1/task/succeeded", ("value", "breaking", "usage.video_ratio", True)),
    "emo-v1: Field required for the picture": (error(lambda d: d.update(message="Field required: image_url")), "emo-v1/video/no-image_url", ("message", "notable", "message", True)),
    "s2v: the link at the top": (output(result_at_the_top), "wan2.2-s2v/task/succeeded", ("missing field", "breaking", "output.results", True)),
    "s2v: usage as emoji-v1's": (edited(lambda d: d.update(usage={"video_duration": 2, "video_ratio": "standard"})), "wan2.2-s2v/task/succeeded", ("missing field", "breaking", "usage.duration", True)),
    "s2v: the resolution of the other price": (edited(lambda d: d["usage"].update(SR=720)), "wan2.2-s2v/task/succeeded", ("value", "breaking", "usage.SR", True)),
    "s2v: usage missing": (edited(no_usage), "wan2.2-s2v/task/succeeded", ("missing field", "breaking", "usage", True)),
    "s2v: the request id first": (edited(request_id_first), "wan2.2-s2v/task/succeeded", ("key order", "cosmetic", "body", True)),
    "liveportrait: the link at the top": (output(result_at_the_top), "liveportrait/task/succeeded", ("missing field", "breaking", "output.results", True)),
    "liveportrait: the typo corrected": (error(lambda d: d.update(code="InvalidParameter.OutOfDefinition")), "liveportrait/video/video_fps-wrong-1", ("code", "breaking", "code", True)),
    "animate: the link below": (output(result_below), "animate-anyone-gen2/task/succeeded", ("missing field", "breaking", "output.video_url", True)),
    "animate: no PRE-PROCESSING": (output(lambda o: o.update(task_status="STARTED")), "animate-anyone-gen2/task/begun", ("value", "breaking", "output.task_status", True)),
    "animate: any ratio": (as_verdict(lambda _: {"task_id": "00000000-0000-4000-8000-000000000000", "task_status": "PENDING"}), "animate-anyone-gen2/video/video_ratio-wrong-1", ("status", "breaking", "status", True)),
    "template: a link for a template": (output(lambda o: o.update(video_url="https://example.com/a.mp4") or (o.pop("template_id") and None)), "animate-anyone-template-gen2/task/succeeded", ("missing field", "breaking", "output.template_id", True)),
    "videoretalk: no size in usage": (edited(lambda d: d["usage"].pop("size") and None), "videoretalk/task/succeeded", ("missing field", "breaking", "usage.size", True)),
    "videoretalk: the link below": (output(result_below), "videoretalk/task/succeeded", ("missing field", "breaking", "output.video_url", True)),
    "videoretalk: synchronous": (as_verdict(lambda _: {"video_url": "https://example.com/a.mp4"}), "videoretalk/video/not-asynchronous", ("status", "breaking", "status", True)),
}  # fmt: skip
SIBLING_MUTATIONS = {**DETECTIONS, **TASKS}
