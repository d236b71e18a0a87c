"""Uploads over a real socket."""

import json
from urllib.parse import urlsplit

import httpx
import pytest
from helpers import body, call, fields_of, form, picture

HEADERS = {"authorization": "Bearer sk-mock-test"}
FORM = {"content-type": "multipart/form-data; boundary=mark"}


@pytest.fixture
def client(live):
    """A client of the live server; loading the manual takes a while."""
    with httpx.Client(base_url=live.url, headers=HEADERS, timeout=60) as client:
        yield client


def policy(client):
    """Return a policy."""
    return client.get("/api/v1/uploads", params={"action": "getPolicy", "model": "emoji-detect-v1"}).json()["data"]


def test_a_server_accepts_uploads_under_its_policies(client, live):
    """upload_host is the address that was called, and the picture is inspected later."""
    granted = policy(client)
    assert granted["upload_host"] == f"{live.url}/dashscope-file-mgr"
    fields = fields_of(granted)
    answer = httpx.post(granted["upload_host"], data=fields, files={"file": ("me.png", picture(size=(500, 600)))})
    assert (answer.status_code, answer.content) == (200, b"")
    headers = call(x_dashscope_ossresourceresolve="enable").by_name()
    headers["host"] = urlsplit(live.url).netloc
    got = client.post(
        "/api/v1/services/aigc/image2video/face-detect", headers=headers, content=body(f"oss://{fields['key']}")
    ).json()
    assert got["output"]["ext_bbox_face"][2] <= 500
    assert [entry.outcome for entry in live.fake.store.journal().entries] == ["done", "done", "passed"]


@pytest.mark.parametrize(
    ("size", "status"), [(9_000, 200), (60_000, 200), (7_000_000, 200), (33_000_000, 200), (34_000_000, 400)]
)
def test_an_upload_may_be_larger_than_a_call(client, size, status):
    """The limit of 6 MiB for JSON does not apply to a form; the fake's 32 MiB does."""
    granted = policy(client)
    answer = client.post(granted["upload_host"], content=form(fields_of(granted), b"x" * size), headers=FORM)
    assert answer.status_code == status
    assert (b"EntityTooLarge" in answer.content) is (status == 400)


def test_a_large_json_body_is_still_refused(client):
    """Other paths keep the limit of 6 MiB."""
    answer = client.post("/api/v1/services/aigc/image2video/face-detect", content=b" " * 7_000_000)
    assert answer.json()["code"] == "BadRequest.TooLarge"


def test_under_the_storages_own_name_no_page_is_ours(live):
    """A server called by the storage's name takes uploads at `/`, which is otherwise the page."""
    host = {"host": "dashscope-file-mgr.oss-cn-beijing.aliyuncs.com"}
    assert b"bucket acl" in httpx.get(live.url, headers=host).content
    assert b"MalformedPOSTRequest" in httpx.post(live.url, headers=host, content=b"x" * 70_000).content
    assert httpx.get(live.url, timeout=60).status_code == 200  # FastAPI loads


def test_the_manual_describes_tasks(client):
    """Creating, listing, asking and cancelling, each with its document."""
    document = client.get("/openapi.json").json()
    shown = {
        f"{method} {path}": [
            schema["$ref"].rpartition("/")[2]
            for content in found["responses"]["200"]["content"].values()
            for schema in content["schema"].get("anyOf", [content["schema"]])
        ]
        for path, methods in document["paths"].items()
        for method, found in methods.items()
        if "tasks" in path or "video-synthesis" in path
    }
    assert shown == {
        "post /api/v1/services/aigc/image2video/video-synthesis": ["TaskCreated", "SiblingTaskCreated"],
        "get /api/v1/tasks": ["TaskList"],
        "get /api/v1/tasks/{task_id}": ["TaskState", "FinishedTask"],
        "post /api/v1/tasks/{task_id}/cancel": ["TaskCancelled"],
    }
    assert document["components"]["schemas"]["VideoInput"]["properties"]["face_bbox"]["maxItems"] == 4


def test_the_manual_describes_uploads(client):
    """Both routes, with an example for each error of the storage."""
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths["/api/v1/uploads"]["get"]["responses"]) == {"200", "400", "401", "403", "429"}
    found = paths["/dashscope-file-mgr"]["post"]["responses"]
    shown = {
        name
        for answer in found.values()
        for name in answer.get("content", {}).get("application/xml", {}).get("examples", {})
    }
    assert "policy-expired" in shown
    assert len(shown) == 11
    assert json.dumps(found).count("<?xml") == 11
