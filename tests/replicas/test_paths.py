"""A caller behind a load balancer that sends each call of one upload or task to another replica."""

import json
from base64 import b64encode
from urllib.parse import urlsplit

from helpers import body, call, fields_of, form, picture, policy_for, post, video

from emoji_mock import Request

AT = 1_795_366_800.0


def document_of(answer):
    """Return the document of an answer that accepts the call."""
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def state_of(fake, task):
    """Return the output of a task."""
    return document_of(fake.answer(call(b"", method="GET", target=f"/api/v1/tasks/{task}")))["output"]


def test_an_upload_over_several_replicas(join):
    """One grants the policy, one takes the file, the others judge it; its key is taken at all of them."""
    granting, taking, judging, last = (join() for _ in range(4))
    fields, file = fields_of(policy_for(granting)), picture(size=(640, 800))
    assert taking.answer(post(form(fields, file))).status == 200
    request = call(body(f"oss://{fields['key']}"), x_dashscope_ossresourceresolve="enable")
    seen = [document_of(fake.answer(request))["output"] for fake in (judging, last, granting, judging)]
    assert list(seen[0]) == ["bbox_face", "ext_bbox_face"]
    assert seen == seen[:1] * 4
    again = last.answer(post(form(fields, file)))
    assert (again.status, b"FileAlreadyExists" in again.body) == (409, True)


def test_a_task_over_several_replicas(join):
    """One creates it, the others tell its state and list it, and its video is served by any; so is its end."""
    creating, telling, serving = (join() for _ in range(3))
    creating.settable_clock().freeze(AT)
    tasks = [document_of(fake.answer(video()))["output"]["task_id"] for fake in (creating, telling, serving)]
    assert [state_of(serving, task)["task_status"] for task in tasks] == ["RUNNING", "PENDING", "PENDING"]
    assert telling.answer(call(b"", target=f"/api/v1/tasks/{tasks[1]}/cancel")).status == 200
    assert creating.answer(call(b"", target=f"/api/v1/tasks/{tasks[1]}/cancel")).status == 400
    listed = document_of(serving.answer(call(b"", method="GET", target="/api/v1/tasks")))["data"]
    assert [(row["task_id"], row["status"]) for row in listed] == [
        (tasks[2], "PENDING"), (tasks[1], "CANCELED"), (tasks[0], "RUNNING"),
    ]  # fmt: skip
    telling.settable_clock().advance(600)
    done = state_of(creating, tasks[2])
    assert done["task_status"] == "SUCCEEDED"
    link = urlsplit(done["video_url"])
    for fake in (serving, telling):
        answer = fake.answer(Request("GET", f"{link.path}?{link.query}", (("host", link.netloc),)))
        assert (answer.status, answer.body[4:8]) == (200, b"ftyp")
    assert sum(ledger.videos for ledger in telling.store.ledgers().values()) == 3


def test_a_picture_in_a_call_is_there_for_the_page_of_each(join):
    """The picture of a `data:` URL that one replica judged is found by the others' pages."""
    judging, showing = (join(kept_picture_bytes=1024 * 1024) for _ in range(2))
    file = picture(size=(640, 800))
    assert judging.answer(call(body(f"data:image/png;base64,{b64encode(file).decode()}"))).status == 200
    entry = showing.store.latest_calls(limit=1).entries[0]
    assert showing.store.picture(entry.namespace, entry.picture) == file
