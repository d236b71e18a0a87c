"""The control API, the page and the report of replicas: each shows all, and says where the engine is gone."""

import pytest
from command import run_command
from control import ask
from helpers import body, raw_call
from servers import running

from emoji_mock.server.dashboard.regions import REGIONS
from emoji_mock.stores.valkey.address import StoreAddress
from emoji_mock.stores.valkey.connections.threads import ThreadConnections

NOWHERE = StoreAddress.parse("valkey://127.0.0.1:1/0")


@pytest.fixture
def servers(replicas):
    """The servers of two replicas."""
    with running(replicas[0]) as one, running(replicas[1]) as other:
        yield one, other


def get(live, path):
    """Return the status and the text of a page."""
    status, _, content = live.send(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())[0]
    return status, content.decode()


def test_each_replica_has_the_calls_of_all(servers):
    """Journal, ledger and verdict are those of the whole, whichever replica is asked."""
    one, other = servers
    one.send(raw_call(), raw_call())
    other.send(raw_call(body("https://emoji-mock.test/failed/FacePose.png")))
    for live in servers:
        assert [entry["number"] for entry in ask(live, "GET", "journal")[1]["entries"]] == [1, 2, 3]
        assert ask(live, "GET", "ledger")[1]["total"]["images_billed"] == 3
        assert ask(live, "GET", "verdict")[1]["exchanges"] == 3


def test_what_one_replica_is_told_all_replicas_show(servers):
    """Rules, limits, scenario and clock are set at one and read at the other, which has had no call."""
    one, other = servers
    assert ask(one, "PUT", "scenario", {"name": "retired-model"})[0] == 200
    assert ask(other, "GET", "scenario")[1]["name"] == "retired-model"
    assert ask(other, "GET", "rules") == ask(one, "GET", "rules")
    assert other.send(raw_call())[0][0] == 403
    assert ask(one, "PUT", "limits?namespace=a", {"rps": 1})[0] == 200
    assert ask(other, "GET", "limits")[1] == [{"namespace": "a", "limits": {"rps": 1}}]
    assert ask(one, "PUT", "clock", {"frozen": True, "at": 1_800_000_000})[0] == 200
    assert ask(other, "PUT", "clock", {"advance": 60})[1] == {"at": 1_800_000_060, "frozen": True}
    assert ask(one, "GET", "clock")[1] == {"at": 1_800_000_060, "frozen": True}
    assert ask(other, "POST", "reset")[0] == 200
    assert (ask(one, "GET", "scenario")[1].get("name", ""), ask(one, "GET", "rules")[1]) == ("", [])
    assert (ask(one, "GET", "limits")[1], ask(one, "GET", "clock")[1]["frozen"]) == ([], False)


def test_limits_of_a_scenario_are_shown_by_all(servers):
    """They are everyone's, in the control API and on the page."""
    one, other = servers
    ask(one, "PUT", "scenario", {"name": "mine", "limits": {"images": 5}})
    assert ask(other, "GET", "limits")[1] == [{"namespace": "*", "limits": {"images": 5}}]
    assert "images=5" in get(other, "/_mock/page/regions/limits")[1]


def test_the_page_shows_all_replicas(servers):
    """It says how many calls they have had, and where their store is; the scenario is that of all."""
    one, other = servers
    one.send(raw_call(), raw_call())
    ask(one, "PUT", "scenario", {"name": "happy"})
    address = one.fake.store_address
    money = get(other, "/_mock/page/regions/money")[1]
    assert f"2 calls of all replicas; their store is at <code>{address}</code>" in money
    assert f"This page shows all replicas that share the store at <code>{address}</code>" in get(other, "/")[1]
    assert "The scenario is <strong>happy</strong>" in get(other, "/_mock/page/regions/time")[1]
    assert [get(other, f"/_mock/page/regions/{region.name}")[0] for region in REGIONS] == [200] * len(REGIONS)
    assert get(other, "/_mock/page/calls/1")[0] == 200


def test_a_report_says_in_one_line_that_the_engine_is_gone(servers, monkeypatch):
    """Control API and report name the engine and why it cannot be reached; the command ends with status 2."""
    one, _ = servers
    monkeypatch.setattr(one.fake.store.engine, "_threads", ThreadConnections(NOWHERE))
    status, said = ask(one, "GET", "ledger")
    (problem,) = said["errors"]
    assert (status, problem["field"]) == (503, "store")
    assert problem["problem"] == (
        "the store at valkey://127.0.0.1:1/0 cannot be reached: nothing listens there; start the server or correct the"
        " address"
    )
    ended = run_command("report", "--url", one.url)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"emoji-mock report: {one.url} has no verdict: {problem['problem']}\n"
