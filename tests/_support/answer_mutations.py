"""Mutations of answers, each of which breaks the contract in one way, and the difference that it must cause."""

import json
from datetime import datetime, timedelta

from emoji_mock.contract.exchange import Response


def edited(change):
    """Return a mutation that applies `change` to the document of an answer, if it has one."""

    def mutate(response):
        if not response.body.startswith(b"{"):
            return response
        document = json.loads(response.body)
        changed = change(document)
        document = document if changed is None else changed
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        return response._replace(body=body)

    return mutate


def passed_only(change):
    """Return a mutation that applies `change` to the output of passed detections."""
    return edited(lambda document: change(document["output"]) if "bbox_face" in document.get("output", {}) else None)


def failed_as_400(response):
    """Move a failed detection to HTTP 400."""
    document = json.loads(response.body) if response.body else {}
    if "code" not in document.get("output", {}):
        return response
    moved = {"request_id": document["request_id"], **document["output"]}
    return Response(400, response.headers, json.dumps(moved, separators=(",", ":")).encode())


def with_header(name, value):
    """Return a mutation that sets a header, or removes it if the value is None."""

    def mutate(response):
        kept = tuple(pair for pair in response.headers if pair[0] != name)
        return response._replace(headers=kept if value is None else (*kept, (name, value)))

    return mutate


def _rename(output):
    items = list(output.items())
    output.clear()
    output.update((name.replace("bbox_face", "face_bbox") if name == "bbox_face" else name, box) for name, box in items)


def _floats(output):
    output["bbox_face"] = [float(number) for number in output["bbox_face"]]


def _swap(output):
    output["bbox_face"], output["ext_bbox_face"] = output["ext_bbox_face"], output["bbox_face"]


def _small_ext(output):
    x1, y1, x2, y2 = output["bbox_face"]
    output["ext_bbox_face"] = [x1 + 10, y1 + 10, x2 - 10, y2 - 10]


def _wide_ext(output):
    x1, y1, x2, y2 = output["ext_bbox_face"]
    output["ext_bbox_face"] = [x1 + 20, y1 + 20, x2, y2]


def _corner_and_size(output):
    for name, (x1, y1, x2, y2) in output.items():
        output[name] = [x1, y1, x2 - x1, y2 - y1]


def _y_before_x(output):
    for name, (x1, y1, x2, y2) in output.items():
        output[name] = [y1, x1, y2, x2]


def _elongated(output):
    output.update(bbox_face=[300, 200, 340, 400], ext_bbox_face=[276, 244, 364, 332])


def _with_empty_code(output):
    output.update(code=None, message="")


def overloaded_with_retry_after(response):
    """Add Retry-After to a 503."""
    return response._replace(headers=(*response.headers, ("retry-after", "1"))) if response.status == 503 else response


def _turned(output):
    x1, y1, x2, y2 = output["bbox_face"]
    output["bbox_face"] = [x2, y2, x1, y1]


def _message(document):
    said = document.get("output", document)
    if "message" in said:
        said["message"] = (
            said["message"]
            .replace("Required", "Needed")
            .replace("occured", "occurred")
            .replace("oriention", "orientation")
        )


def _reversed(document):
    return dict(reversed(document.items()))


def _usage_on_error(document):
    if "code" in document:
        document["usage"] = {"image_count": 1}


def _no_usage(document):
    document.pop("usage", None)


def _pretty(response):
    return (
        response._replace(body=json.dumps(json.loads(response.body), indent=1).encode()) if response.body else response
    )


def _id(document):
    document["request_id"] = "REQ-1"


def task_only(change):
    """Return a mutation that applies `change` to the documents of known tasks."""
    return edited(lambda document: change(document) if "submit_time" in document.get("output", {}) else None)


def task_output(change):
    """Return a mutation that applies `change` to the output of known tasks."""
    return task_only(lambda document: change(document["output"]))


def _in_utc(output):
    moment = datetime.fromisoformat(output["submit_time"])
    output["submit_time"] = f"{moment - timedelta(hours=8):%Y-%m-%d %H:%M:%S}.000"


def unknown_as_404(response):
    """Answer for an unknown task with 404, as most services do."""
    return Response(404, response.headers, b"") if b'"UNKNOWN"' in response.body else response


def upload_answered_with(body):
    """Return a mutation that gives a stored upload a body."""

    def mutate(response):
        is_storage = ("server", "AliyunOSS") in response.headers and response.status == 200
        return response._replace(body=body) if is_storage else response

    return mutate


def _json_error(response):
    return response._replace(body=b'{"code":"AccessDenied"}') if response.body.startswith(b"<?xml") else response


def _stateless(document):
    for row in document.get("data", []):
        row.pop("status")


def _without(name):
    return lambda fields: fields.pop(name, None) and None


# Uploads and tasks, as MUTATIONS below. LATER_MUTATIONS need a clock that can be moved.
TASK_MUTATIONS = {
    "a task's keys in another order": (task_only(_reversed), "task/running", ("key order", "cosmetic", "body", True)),
    "a task without its status": (task_output(_without("task_status")), "task/running", ("missing field", "breaking", "output.task_status", True)),
    "a task of another id": (task_output(lambda output: output.update(task_id="other")), "task/running", ("value", "breaking", "output.task_id", True)),
    "a task's media type as elsewhere": (with_header("content-type", "application/json"), "task/running", ("header", "notable", "content-type", True)),
    "a task in HTML": (with_header("content-type", "text/html"), "task/unknown", ("media type", "breaking", "content-type", True)),
    "a request id in a task's headers": (with_header("x-request-id", "33da8e6b-1309-9a44-be83-352165959608"), "task/unknown", ("header", "notable", "x-request-id", True)),
    "an unknown task as 404": (unknown_as_404, "task/unknown", ("status", "breaking", "status", True)),
    "a time in another form": (task_output(lambda output: output.update(submit_time="2026-11-22T17:00:00Z")), "task/running", ("type", "breaking", "output.submit_time", True)),
    "a time of another zone": (task_output(_in_utc), "task/running", ("time", "breaking", "output.submit_time", True)),
    "an accepted task without an id": (edited(lambda d: d.get("output", {}).pop("task_id", None) and None), "accepted/as-documented", ("missing field", "breaking", "output.task_id", True)),
    "a cancellation with another field": (edited(lambda d: d.update(output={}) if len(d) == 1 else None), "cancel/pending", ("new field", "notable", "output", True)),
    "a list whose total is text": (edited(lambda d: d.update(total="none") if "total" in d else None), "list/page", ("type", "breaking", "total", True)),
    "a listed task without its state": (edited(_stateless), "list/of-two", ("missing field", "breaking", "data.status", True)),
    "a policy that lasts for an hour": (edited(lambda d: d.get("data", {}).update(expire_in_seconds=3600)), "policy/granted", ("value", "breaking", "data.expire_in_seconds", True)),
    "a policy's keys in another order": (edited(lambda d: d.update(data=_reversed(d["data"]))), "policy/granted", ("key order", "cosmetic", "data", True)),
    "a stored upload answered with a body": (upload_answered_with(b"{}"), "upload/stored", ("body", "breaking", "body", True)),
    "an error of the storage in JSON": (_json_error, "upload/other-key", ("body", "breaking", "body", False)),
    "no CORS header": (with_header("access-control-allow-origin", None), "upload/stored", ("header", "notable", "access-control-allow-origin", False)),
}  # fmt: skip
LATER_MUTATIONS = {
    "a video without usage": (task_only(_no_usage), "task/succeeded", ("missing field", "breaking", "usage", True)),
    "a video without a link": (task_output(_without("video_url")), "task/succeeded", ("missing field", "breaking", "output.video_url", True)),
    "a failed task with usage": (task_only(lambda d: d.update(usage={"video_duration": 1})), "task/failed", ("new field", "notable", "usage", True)),
    "an expired policy that is accepted": (lambda response: Response(200, response.headers, b""), "upload/expired", ("status", "breaking", "status", True)),
}  # fmt: skip

# Each mutation with the case that shows it, and the difference: kind, severity, place, whether it is drift.
MUTATIONS = {
    "failed detection moved to HTTP 400": (failed_as_400, "failed/InvalidFile.FacePose", ("status", "breaking", "status", True)),
    "a detection no longer billed": (failed_as_400, "failed/InvalidFile.FacePose", ("billing", "breaking", "usage.image_count", True)),
    "bbox_face renamed": (passed_only(_rename), "passed/as-documented", ("missing field", "breaking", "output.bbox_face", True)),
    "the new name of bbox_face": (passed_only(_rename), "passed/as-documented", ("new field", "notable", "output.face_bbox", True)),
    "an added field": (edited(lambda document: document.update(trace=1)), "input/missing", ("new field", "notable", "trace", True)),
    "an added output field": (passed_only(lambda output: output.update(score=0.9)), "passed/as-documented", ("new field", "notable", "output.score", True)),
    "floats for integers": (passed_only(_floats), "passed/as-documented", ("type", "breaking", "output.bbox_face", True)),
    "a changed message": (edited(_message), "input/missing", ("message", "notable", "message", True)),
    "a changed message of a failed detection": (edited(_message), "failed/InvalidFile.FacePose", ("message", "notable", "message", True)),
    "missing usage": (edited(_no_usage), "passed/as-documented", ("billing", "breaking", "usage.image_count", True)),
    "a float of images": (edited(lambda d: d.update(usage={"image_count": 1.0})), "passed/as-documented", ("type", "breaking", "usage.image_count", True)),
    "two images": (edited(lambda d: d.update(usage={"image_count": 2})), "passed/as-documented", ("billing", "breaking", "usage.image_count", True)),
    "usage on an error": (edited(_usage_on_error), "auth/no-header", ("billing", "breaking", "usage", True)),
    "swapped boxes": (passed_only(_swap), "passed/as-documented", ("boxes", "breaking", "output.ext_bbox_face", True)),
    "ext smaller than face": (passed_only(_small_ext), "passed/as-documented", ("boxes", "breaking", "output.ext_bbox_face", True)),
    "exchanged corners": (passed_only(_turned), "passed/as-documented", ("boxes", "breaking", "output.bbox_face", True)),
    "boxes as corner and size": (passed_only(_corner_and_size), "passed/as-documented", ("boxes", "breaking", "output.ext_bbox_face", True)),
    "y before x": (passed_only(_y_before_x), "passed/as-documented", ("boxes", "breaking", "output.ext_bbox_face", True)),
    "an elongated face": (passed_only(_elongated), "passed/as-documented", ("geometry", "notable", "output.bbox_face", False)),
    "a code beside boxes": (passed_only(_with_empty_code), "passed/as-documented", ("new field", "notable", "output.code", True)),
    "a message beside boxes": (passed_only(_with_empty_code), "passed/as-documented", ("new field", "notable", "output.message", True)),
    "boxes beside a code": (edited(lambda d: d["output"].update(bbox_face=[1, 2, 3, 4])), "failed/InvalidFile.FacePose", ("new field", "notable", "output.bbox_face", True)),
    "another server": (with_header("server", "nginx"), "passed/as-documented", ("header", "notable", "server", True)),
    "a malformed date": (with_header("date", "yesterday"), "passed/as-documented", ("header", "notable", "date", True)),
    "a malformed upstream time": (with_header("x-envoy-upstream-service-time", "soon"), "input/missing", ("header", "notable", "x-envoy-upstream-service-time", True)),
    "a time in seconds": (with_header("req-arrive-time", "1795366800"), "input/missing", ("header", "notable", "req-arrive-time", True)),
    "a cookie": (with_header("set-cookie", "a=b"), "auth/no-header", ("header", "notable", "set-cookie", True)),
    "Retry-After on a 503": (overloaded_with_retry_after, "error/ModelUnavailable", ("header", "notable", "retry-after", False)),
    "a box outside the rule": (passed_only(_wide_ext), "passed/as-documented", ("geometry", "notable", "output.ext_bbox_face", False)),
    "another content-type": (with_header("content-type", "text/plain"), "failed/InvalidFile.FacePose", ("media type", "breaking", "content-type", True)),
    "a charset": (with_header("content-type", "application/json;charset=UTF-8"), "auth/no-header", ("header", "notable", "content-type", True)),
    "another request id in the header": (with_header("x-request-id", "33da8e6b-1309-9a44-be83-352165959608"), "auth/no-header", ("header", "notable", "x-request-id", True)),
    "the gateway header on a 401": (with_header("x-dashscope-call-gateway", "true"), "auth/no-header", ("header", "notable", "x-dashscope-call-gateway", True)),
    "no gateway header": (with_header("x-dashscope-call-gateway", None), "passed/as-documented", ("header", "notable", "x-dashscope-call-gateway", True)),
    "times that do not add up": (with_header("resp-start-time", "1"), "passed/as-documented", ("header", "notable", "resp-start-time", True)),
    "Retry-After on a 429": (with_header("retry-after", "1"), "account/throttled", ("header", "notable", "retry-after", True)),
    "another code": (edited(lambda d: d.update(code="BadInput")), "input/missing", ("code", "breaking", "code", True)),
    "keys in another order": (edited(_reversed), "passed/as-documented", ("key order", "cosmetic", "body", True)),
    "an error's keys in another order": (edited(_reversed), "input/missing", ("key order", "cosmetic", "body", False)),
    "the sampled error's keys in another order": (edited(_reversed), "body/null", ("key order", "cosmetic", "body", True)),
    "a request id of another form": (edited(_id), "passed/as-documented", ("request id", "notable", "request_id", True)),
    "spaces": (_pretty, "passed/as-documented", ("form", "cosmetic", "body", True)),
    "a body that is not JSON": (lambda response: response._replace(body=b"<html>"), "input/missing", ("body", "breaking", "body", True)),
    "a list": (lambda response: response._replace(body=b"[]"), "passed/as-documented", ("body", "breaking", "body", True)),
    "an output that is not an object": (edited(lambda d: d.update(output=[])), "passed/as-documented", ("type", "breaking", "output", True)),
    "a message that is not text": (edited(lambda d: d.update(message=5)), "input/missing", ("type", "breaking", "message", True)),
    "a body for an unknown path": (lambda response: response._replace(body=b'{"detail":"Not Found"}'), "route/unknown-path", ("body", "breaking", "body", True)),
    "another status for an unknown path": (lambda response: response._replace(status=400), "route/unknown-path", ("status", "breaking", "status", True)),
    "a guess that does not hold": (edited(lambda d: d.update(code="BadInput")), "model/an-object", ("code", "breaking", "code", False)),
}  # fmt: skip

# Mutations that show only in several answers, with the cases and the difference in the last of them.
MUTATIONS_ACROSS_ANSWERS = {
    "the same request id in every answer": (
        edited(lambda document: document.update(request_id="33da8e6b-1309-9a44-be83-352165959608")),
        ("passed/as-documented", "failed/InvalidFile.FacePose"),
        ("request id", "notable", "request_id", True),
    ),
}
