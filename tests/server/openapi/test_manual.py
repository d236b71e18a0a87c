"""The manual: complete, and readable without a network."""

import json
import re
import shutil
import subprocess

import pytest
from helpers import raw_call

from emoji_mock.contract.catalogue import ROWS

PATH = "/api/v1/services/aigc/image2video/face-detect"


def get(live, path):
    """Return status, headers and body of a page."""
    return live.send(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())[0]


@pytest.fixture
def document(live):
    """The OpenAPI document."""
    return json.loads(get(live, "/openapi.json")[2])


def test_the_vendors_route_has_an_example_for_every_answer(document):
    """Each row of this route, and one that passed, is an example under its status."""
    responses = document["paths"][PATH]["post"]["responses"]
    shown = {
        (int(status), name)
        for status, described in responses.items()
        for name in described["content"]["application/json"]["examples"]
    }
    expected = {(row.status, row.name) for row in ROWS if row.code and not row.models and row.origin != "storage"}
    assert shown == expected | {(200, "passed")}


def test_the_request_has_an_example_for_every_outcome(document):
    """passed, failed and error can be tried from the manual."""
    examples = document["paths"][PATH]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert list(examples) == ["passed", "failed", "error"]


SYNTHESIS = "/api/v1/services/aigc/image2video/video-synthesis"
TASK, TASK_KIND = "/api/v1/tasks/{task_id}", "application/json;charset=UTF-8"


def described(document, path, method="get", kind="application/json"):
    """Return how a good answer is described."""
    return document["paths"][path][method]["responses"]["200"]["content"][kind]


def test_uploads_and_tasks_have_examples(document):
    """A policy, a new task, a task in each state, the list, a cancellation: each as the fake says it."""
    (granted,) = described(document, "/api/v1/uploads")["examples"].values()
    assert granted["value"]["data"]["expire_in_seconds"] == 300
    (accepted,) = described(document, SYNTHESIS, "post")["examples"].values()
    assert accepted["value"]["output"]["task_status"] == "PENDING"
    states = described(document, TASK, kind=TASK_KIND)["examples"]
    assert set(states) == {"PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELED", "UNKNOWN"}
    assert {name: shown["value"]["output"]["task_status"] for name, shown in states.items()} == {
        name: name for name in states
    }
    assert states["FAILED"]["value"]["output"]["code"] == "InvalidFile.FacePose"
    (page,) = described(document, "/api/v1/tasks", kind=TASK_KIND)["examples"].values()
    assert [row["status"] for row in page["value"]["data"]] == ["CANCELED", "FAILED", "SUCCEEDED"]
    (cancelled,) = described(document, f"{TASK}/cancel", "post", TASK_KIND)["examples"].values()
    assert list(cancelled["value"]) == ["request_id"]


def test_answers_about_tasks_are_described_as_they_are(document):
    """Their media type has a charset, but for a 401; and no known path of theirs is missing."""
    for path, method in ((TASK, "get"), (f"{TASK}/cancel", "post"), ("/api/v1/tasks", "get")):
        responses = document["paths"][path][method]["responses"]
        kinds = {status: list(response["content"]) for status, response in responses.items()}
        assert kinds == {key: [TASK_KIND] for key in ("200", "400", "403", "429")} | {"401": ["application/json"]}
    assert "404" not in document["paths"][SYNTHESIS]["post"]["responses"]


def test_the_header_for_an_uploaded_picture_is_described(document):
    """On both endpoints that take a picture."""
    for path in (PATH, SYNTHESIS):
        names = [parameter["name"] for parameter in document["paths"][path]["post"]["parameters"]]
        assert "X-DashScope-OssResourceResolve" in names


def test_every_control_route_is_described(document):
    """Health, journal, ledger, rules, limits, scenario, reset and catalogue, each with a sentence."""
    control = {path: operations for path, operations in document["paths"].items() if path.startswith("/_mock")}
    assert {path: sorted(operations) for path, operations in control.items()} == {
        "/_mock/health": ["get"],
        "/_mock/journal": ["get"],
        "/_mock/ledger": ["get"],
        "/_mock/reset": ["post"],
        "/_mock/catalogue": ["get"],
        "/_mock/catalogue/{code}": ["get"],
        "/_mock/rules": ["delete", "get", "post", "put"],
        "/_mock/scenario": ["get", "put"],
        "/_mock/limits": ["delete", "get", "put"],
        "/_mock/verdict": ["get"],
    }
    assert all(operation["description"] for operations in control.values() for operation in operations.values())
    assert control["/_mock/rules"]["post"]["summary"] == "Put a rule before the others"
    assert control["/_mock/reset"]["post"]["summary"] == "Forget rules, limits, journal and ledger"


def test_every_reference_leads_somewhere(document):
    """No schema is missing."""
    wanted = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert wanted <= set(document["components"]["schemas"])


def test_the_manual_needs_no_network(live):
    """Everything that the page loads comes from this server."""
    status, _, page = get(live, "/docs")
    links = re.findall(r'(?:src|href)="([^"]+)"', page.decode())
    assert status == 200
    assert links
    assert all(link.startswith("/") and get(live, link)[0] == 200 for link in links)


def test_the_root_leads_to_the_manual(live):
    """A browser that opens the address sees the manual."""
    status, headers, _ = get(live, "/")
    assert (status, headers["location"]) == (307, "/docs")


_BROWSER = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)


@pytest.mark.slow
@pytest.mark.skipif(_BROWSER is None, reason="needs Chromium or Chrome; CI installs one")
def test_a_browser_shows_the_manual(live, tmp_path):
    """Without any network, it renders both groups of routes."""
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        f"--user-data-dir={tmp_path}",
    ]
    command = [_BROWSER, *flags, "--virtual-time-budget=8000", "--dump-dom", f"{live.url}/docs"]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "/_mock/journal" in shown
    assert PATH in shown.replace("\u200b", "").replace("<wbr>", "")


def test_the_manual_does_not_appear_in_the_journal(live):
    """Our own pages are no calls."""
    get(live, "/openapi.json")
    live.send(raw_call())
    assert live.fake.store.journal().total == 1
