"""The manual: complete, and readable without a network."""

import json
import re
import shutil
import subprocess
from unittest.mock import ANY

import httpx
import pytest
from helpers import call, raw_call

from emoji_mock import Fake
from emoji_mock.contract import samples
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.models import DETECTORS, MODELS, row_at
from emoji_mock.fake.endpoints.registry import REGISTRY
from emoji_mock.fake.listeners import LISTENERS
from emoji_mock.programs.server_thread import ServerThread
from emoji_mock.server.openapi.examples import FakeCaller

PATH = "/api/v1/services/aigc/image2video/face-detect"


def get(live, path):
    """Return status, headers and body of a page."""
    return live.send(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())[0]


@pytest.fixture
def document(live):
    """The OpenAPI document."""
    return json.loads(get(live, "/openapi.json")[2])


def shown_at(document, path):
    """Return the examples of all answers at a path, each with its status."""
    responses = document["paths"][path]["post"]["responses"]
    return {
        (int(status), name): example["value"]
        for status, described in responses.items()
        for name, example in described["content"]["application/json"]["examples"].items()
    }


@pytest.mark.parametrize(
    ("path", "models"),
    [
        (PATH, ["emoji-detect-v1", "emo-detect-v1", "wan2.2-s2v-detect", "liveportrait-detect"]),
        ("/api/v1/services/aigc/image2video/aa-detect", ["animate-anyone-detect-gen2"]),
    ],
)
def test_a_detection_has_an_example_for_every_answer_of_every_model(document, path, models):
    """Each error of the path once, and of each model the one that passed, and each that failed, in its own words."""
    shown = shown_at(document, path)
    on_path = [row for row in ROWS if row.origin != "storage" and (not row.models or row.models & set(models))]
    errors = {(row.status, row.name) for row in on_path if row.outcome == "error" and row.code}
    # A model may put another error in the place of a shared one, so the shared one may be missing where it is alone.
    assert {key for key in shown if ": " not in key[1]} <= errors
    assert {(row.status, row.name) for row in on_path if row.outcome == "error" and row.models} <= set(shown)
    for model in models:
        own = {key: value for key, value in shown.items() if key[1].startswith(f"{model}: ")}
        assert own.pop((200, f"{model}: passed")) == samples.passed(model)["body"] | {"request_id": ANY}
        ways = [row_at(row, MODELS[model]) for row in ROWS if row.outcome == "failed"]
        assert set(own) == {(row.status, f"{model}: {row.name}") for row in ways if row and row.outcome == "failed"}


def test_a_failed_detection_is_shown_in_the_words_of_each_model(document):
    """As each page of the vendor's has it."""
    shown = shown_at(document, PATH)
    assert shown[200, "emoji-detect-v1: InvalidFile.NoHuman"]["output"] == {
        "code": "InvalidFile.NoHuman",
        "message": "The input image has no human body. Please upload other image with single person.",
    }
    assert shown[200, "emo-detect-v1: InvalidFile.NoHuman"]["output"]["check_pass"] is False
    assert [value["output"] for (_, name), value in shown.items() if name.startswith("liveportrait-detect: l")] == [
        {"pass": False, "message": "No human face detected."}
    ]
    assert [name for status, name in shown if status == 400 and name.startswith("wan2.2-s2v-detect: ")]


def test_every_model_has_an_example_of_a_request_for_every_outcome(document):
    """passed, failed and error of each detection, and a task of each model, can be tried from the manual."""
    found = {}
    for operations in document["paths"].values():
        content = operations.get("post", {}).get("requestBody", {}).get("content", {})
        for name, example in content.get("application/json", {}).get("examples", {}).items():
            model, _, outcome = name.partition(": ")
            if outcome:
                assert example["value"]["model"] == model
                found.setdefault(model, []).append(outcome)
    assert {model: found[model] for model in DETECTORS} == {model: ["passed", "failed", "error"] for model in DETECTORS}
    assert set(found) == set(MODELS)
    assert {outcomes[0] for model, outcomes in found.items() if model not in DETECTORS} == {"accepted"}


def test_the_examples_of_requests_get_what_they_are_named_after(document, live):
    """Whoever tries one from the manual."""
    for path, operations in document["paths"].items():
        content = operations.get("post", {}).get("requestBody", {}).get("content", {})
        for name, example in content.get("application/json", {}).get("examples", {}).items():
            model, _, outcome = name.partition(": ")
            if not outcome or path.startswith("/_mock"):
                continue
            asynchronous = {"x-dashscope-async": "enable"} if model not in DETECTORS else {}
            status, _, body = live.send(raw_call(json.dumps(example["value"]).encode(), target=path, **asynchronous))[0]
            if outcome == "error":
                assert (status, json.loads(body)["code"]) == (429, "Throttling.RateQuota")
            elif outcome.startswith("accepted"):
                assert (status, json.loads(body)["output"]["task_status"]) == (200, "PENDING"), name
            else:
                assert live.fake.store.journal().entries[-1].outcome == outcome, name


def test_the_manual_tells_the_models(document):
    """Each with path, price, free quota, rate, when it is retired, and how that is known."""
    rows = [line.split(" | ") for line in document["info"]["description"].splitlines() if line.startswith("| `")]
    assert [row[0].strip("| `") for row in rows] == list(MODELS)
    emo = next(row for row in rows if row[0] == "| `emo-v1`")
    assert emo[1:7] == [
        "`…/video-synthesis`",
        "0.08/s (1:1) · 0.16/s (3:4)",
        "1800 s",
        "5",
        "2026-10-10",
        "`wan2.7-r2v`",
    ]
    alive = [row[0].strip("| `") for row in rows if row[5] == "no"]
    assert alive == ["wan2.2-s2v-detect", "wan2.2-s2v", "videoretalk"]
    assert "documented" in emo[7]


SYNTHESIS = "/api/v1/services/aigc/image2video/video-synthesis"
TASK, TASK_KIND = "/api/v1/tasks/{task_id}", "application/json;charset=UTF-8"


def described(document, path, method="get", kind="application/json"):
    """Return how a good answer is described."""
    return document["paths"][path][method]["responses"]["200"]["content"][kind]


def test_uploads_and_tasks_have_examples(document):
    """A policy, a new task, a task in each state, the list, a cancellation: each as the fake says it."""
    (granted,) = described(document, "/api/v1/uploads")["examples"].values()
    assert granted["value"]["data"]["expire_in_seconds"] == 300
    accepted = [shown["value"]["output"] for shown in described(document, SYNTHESIS, "post")["examples"].values()]
    assert [output["task_status"] for output in accepted] == ["PENDING"] * 6
    states = described(document, TASK, kind=TASK_KIND)["examples"]
    made = {name.partition(": ")[0]: states.pop(name)["value"]["output"] for name in list(states) if ": " in name}
    assert {name: sorted(set(output) & {"results", "video_url", "template_id"}) for name, output in made.items()} == {
        "wan2.2-s2v": ["results"],
        "emo-v1": ["results"],
        "liveportrait": ["results"],
        "animate-anyone-gen2": ["video_url"],
        "animate-anyone-template-gen2": ["template_id"],
        "videoretalk": ["video_url"],
    }
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


def test_its_examples_are_no_calls():
    """They are answered by a fake of this process, and who listens to the calls of the process does not hear of them."""
    calls = []
    LISTENERS.append(calls.append)
    try:
        FakeCaller(REGISTRY).get("/tasks/unknown")
        assert calls == []
        Fake().answer(call())
        assert len(calls) == 1
    finally:
        LISTENERS.pop()


def test_every_control_route_is_described(document):
    """Health, journal, ledger, rules, limits, scenario, reset and catalogue, each with a sentence."""
    control = {path: operations for path, operations in document["paths"].items() if path.startswith("/_mock")}
    assert {path: sorted(operations) for path, operations in control.items()} == {
        "/_mock/health": ["get"],
        "/_mock/ready": ["get"],
        "/_mock/metrics": ["get"],
        "/_mock/journal": ["get"],
        "/_mock/ledger": ["get"],
        "/_mock/reset": ["post"],
        "/_mock/catalogue": ["get"],
        "/_mock/catalogue/{code}": ["get"],
        "/_mock/rules": ["delete", "get", "patch", "post", "put"],
        "/_mock/rules/{number}": ["delete"],
        "/_mock/clock": ["delete", "get", "put"],
        "/_mock/scenario": ["get", "put"],
        "/_mock/limits": ["delete", "get", "put"],
        "/_mock/verdict": ["get"],
    }
    assert all(operation["description"] for operations in control.values() for operation in operations.values())
    assert control["/_mock/rules"]["post"]["summary"] == "Put a rule before the others"
    assert control["/_mock/reset"]["post"]["summary"] == "Forget rules, limits, journal and ledger"


def test_every_reference_leads_somewhere(document):
    """No schema is missing."""
    wanted = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert wanted <= set(document["components"]["schemas"])


def test_the_manual_needs_no_network(live):
    """Everything that the page loads comes from this server."""
    status, _, page = get(live, "/docs")
    links = re.findall(r'(?:src|href)="([^"]+)"', page.decode())
    assert status == 200
    assert links
    assert all(link.startswith("/") and get(live, link)[0] == 200 for link in links)


def test_the_page_leads_to_the_manual(live):
    """A browser that opens the address sees the page, which links to the manual; without a page it sees the manual."""
    status, _, page = get(live, "/")
    assert (status, b'href="/docs"' in page) == (200, True)
    alone = ServerThread(live.fake, page=False)
    try:
        answer = httpx.get(f"{alone.url}/")
        assert (answer.status_code, answer.headers["location"]) == (307, "/docs")
        assert httpx.get(f"{alone.url}/_mock/page/events").status_code == 404
    finally:
        alone.stop()


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
