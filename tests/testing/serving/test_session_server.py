"""The server of a whole test session."""

import json
from urllib.request import Request, urlopen

import pytest

from emoji_mock import Fake, Rule
from emoji_mock.testing.serving.session_server import LiveServer


@pytest.fixture
def live():
    """A server whose fake changes."""
    server = LiveServer()
    yield server
    server.stop()


def control(live, method, path, document=None):
    """Call the control API and return its answer."""
    body = None if document is None else json.dumps(document).encode()
    request = Request(f"{live.url}/_mock/{path}", body, {"content-type": "application/json"}, method=method)  # noqa: S310
    with urlopen(request, timeout=60) as response:  # noqa: S310
        return json.load(response)


def test_the_control_api_steers_the_fake_of_the_current_test(live):
    """Rules, the scenario and a reset reach the fake of the innermost fixture, and no other."""
    outer, inner = Fake(), Fake()
    outer.store.add_rule(Rule(fault="reset"))
    with live.relay.turned_to(outer):
        with live.relay.turned_to(inner):
            assert control(live, "PUT", "scenario", {"name": "retired-model"})["name"] == "retired-model"
            assert control(live, "GET", "scenario")["name"] == "retired-model"
            assert inner.scenario.name == "retired-model"
            assert control(live, "POST", "reset")["namespace"] is None
            assert inner.scenario is None
        assert [rule["rule"]["fault"] for rule in control(live, "GET", "rules")] == ["reset"]
