"""The page of metrics and the two of health, as monitoring asks for them; and docs/reference/metrics.md, which lists the metrics."""

import json
import re
from argparse import ArgumentParser
from pathlib import Path

import pytest
from command import run_command
from control import ask
from helpers import call, exchange, parse_head, video
from metric_samples import families_of
from servers import running

from emoji_mock import Fake, Rule, __version__
from emoji_mock.config.serve_settings import ServeSettings, add_flags
from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.programs.server_thread import ServerThread
from emoji_mock.server.access import KnownHosts
from emoji_mock.server.metrics import measuring as module
from emoji_mock.server.metrics.measuring import measuring

MANUAL = Path(__file__).parents[3] / "docs" / "reference" / "metrics.md"
PLAIN = "text/plain; version=0.0.4; charset=utf-8"


def scrape_at(port, host="localhost", method="GET", path="/_mock/metrics"):
    """Return status, headers and body of a page of ours."""
    message = f"{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    head, _, content = exchange(("127.0.0.1", port), message.encode()).partition(b"\r\n\r\n")
    return *parse_head(head), content


@pytest.fixture
def port():
    """The port of a server that measures, listens as if on all addresses, and is known as `replica-1`."""
    fake = Fake()
    with measuring(fake) as scrape:
        thread = ServerThread(fake, hosts=KnownHosts.of_listener("0.0.0.0", ["replica-1"]), scrape=scrape)
        yield thread.port
        thread.stop()


def test_metrics_are_off_unless_they_are_asked_for(live):
    """The refusal has the shape of every problem, and says what to do."""
    problem = {"field": "metrics", "problem": "nothing is measured; start the server with --metrics"}
    assert ask(live, "GET", "metrics") == (404, {"errors": [problem]})


@pytest.mark.parametrize(
    ("host", "status"),
    [("10.0.0.7:8000", 200), ("[fd00::7]:8000", 200), ("replica-1:8000", 200), ("replica-2:8000", 403)],
)
def test_a_scrape_names_an_address_or_a_host_that_is_allowed(port, host, status):
    """As Prometheus does: the target is its Host header. Other names are refused, as for all of our pages."""
    assert scrape_at(port, host)[0] == status


def test_a_scrape_is_text_and_takes_no_parameters(port):
    """HEAD has the same headers; a parameter is refused as on every page of ours."""
    status, headers, content = scrape_at(port)
    assert (status, headers["content-type"]) == (200, PLAIN)
    assert content.startswith(b"# HELP ")
    assert scrape_at(port, method="HEAD")[1]["content-type"] == PLAIN
    assert scrape_at(port, path="/_mock/metrics?x=1")[0] == 422
    assert scrape_at(port, method="POST")[0] == 405


def test_without_the_client_serve_says_what_to_install(monkeypatch):
    """One line, and exit status 1; with it nothing else is needed."""
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    done = run_command("serve", "--port", "0", "--metrics")
    problem = "emoji-mock serve: --metrics needs prometheus-client: pip install 'emoji-mock[metrics]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", problem)


def test_the_manual_lists_every_metric():
    """Name, type and labels of its table are those of the page, when each has been used."""
    fake = Fake()

    class Engine:
        on_operation = None

    with measuring(fake, engine := Engine()) as scrape:
        fake.store.add_rule(Rule(latency=0))
        fake.answer(call())
        for _ in range(2):  # the first runs, and only one that waits can be cancelled
            task = json.loads(fake.answer(video()).body)["output"]["task_id"]
        fake.answer(call(b"", target=f"/api/v1/tasks/{task}/cancel"))
        engine.on_operation("record", 0.001)
        fake.store.record = None
        with pytest.raises(TypeError):
            fake.answer(call())
        page = scrape("")
    shown = set()
    for family in families_of(page):
        if family.name.startswith("emoji_mock_"):
            name = f"{family.name}_total" if family.type == "counter" else family.name
            labels = {label for sample in family.samples for label in sample.labels} - {"le"}
            shown.add((name, family.type, frozenset(labels)))
    rows = re.findall(r"^\| `(emoji_mock_\w+)` \| (\w+) \| ([^|]*)\|", MANUAL.read_text(), re.MULTILINE)
    assert {(name, kind, frozenset(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows} == shown
    assert len(shown) == 12


def test_a_file_switches_metrics_on(tmp_path):
    """As the flag does."""
    path = tmp_path / "mock.toml"
    path.write_text("metrics = true\n")
    parser = ArgumentParser()
    add_flags(parser)
    assert ServeSettings(parser.parse_args(["--config", str(path)])).values["metrics"] is True
    assert ServeSettings(parser.parse_args(["--metrics"])).values["metrics"] is True
    assert ServeSettings(parser.parse_args([])).values["metrics"] is False


def test_a_store_that_is_gone_leaves_the_fake_alive_and_not_ready():
    """Health is 200, ready is 503 with the reason, and 200 again when the store is back."""
    fake = Fake()

    def refuse(**_):
        raise StoreUnavailableError("the store at valkey://127.0.0.1:6379/0 cannot be reached")

    with running(fake) as live:
        fake.store.latest_calls = refuse
        assert ask(live, "GET", "health") == (200, {"status": "ok", "version": __version__})
        problem = {"field": "store", "problem": "the store at valkey://127.0.0.1:6379/0 cannot be reached"}
        assert ask(live, "GET", "ready") == (503, {"errors": [problem]})
        del fake.store.latest_calls
        assert ask(live, "GET", "ready") == (200, {"status": "ready", "version": __version__})
