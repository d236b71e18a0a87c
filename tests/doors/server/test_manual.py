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
    return live.send(f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode())[0]


@pytest.fixture
def document(live):
    """The OpenAPI document."""
    return json.loads(get(live, "/openapi.json")[2])


def test_the_vendors_route_has_an_example_for_every_answer(document):
    """Each row that this route can give stands under its status, and one that passed."""
    responses = document["paths"][PATH]["post"]["responses"]
    shown = {
        (int(status), name)
        for status, told in responses.items()
        for name in told["content"]["application/json"]["examples"]
    }
    expected = {(row.status, row.name) for row in ROWS if row.code and not row.only_for and row.origin != "storage"}
    assert shown == expected | {(200, "passed")}


def test_the_request_has_an_example_for_every_outcome(document):
    """passed, failed and error can be tried from the manual."""
    examples = document["paths"][PATH]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert list(examples) == ["passed", "failed", "error"]


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


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no browser here; CI installs one")
def test_a_browser_shows_the_manual(live, tmp_path):
    """Chromium, without any network, renders both groups of routes."""
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        f"--user-data-dir={tmp_path}",
    ]
    command = ["chromium", *flags, "--virtual-time-budget=8000", "--dump-dom", f"{live.url}/docs"]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "/_mock/journal" in shown
    assert PATH in shown.replace("\u200b", "").replace("<wbr>", "")


def test_the_manual_does_not_appear_in_the_journal(live):
    """Our own pages are no calls."""
    get(live, "/openapi.json")
    live.send(raw_call())
    assert live.fake.store.journal().total == 1
