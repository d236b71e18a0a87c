"""The container: what Dockerfile, compose.yaml and the balancer's configuration say of the code is true of it."""

import json
import re
import subprocess
import sys
import tomllib
from argparse import ArgumentParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from emoji_mock import __version__
from emoji_mock.cli.serving.serve import describe

ROOT = Path(__file__).parents[1]
HEALTH = "/_mock/health"
PORT = 8000

pytestmark = pytest.mark.skipif(
    not (ROOT / "Dockerfile").exists(), reason="only in a checkout: the tests also run against an installed wheel"
)


def instructions():
    """Return the Dockerfile's instructions, each with its words, without comments and line breaks."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    return [(name, words.strip()) for name, _, words in (line.partition(" ") for line in text.splitlines() if line)]


def last(name):
    """Return the words of the last instruction of that name, which holds."""
    return [words for each, words in instructions() if each == name][-1]


def compose():
    """Return what is in compose.yaml."""
    yaml = pytest.importorskip("yaml", reason="PyYAML comes with responses, of the extra `test`")
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def settings(flags):
    """Return what `serve` reads from flags; one that there is not ends the test."""
    parser = ArgumentParser(exit_on_error=False)
    describe(parser)
    return parser.parse_args(flags)


def test_the_image_runs_the_server_without_a_shell_and_not_as_root():
    """The entry point is in the exec form, with flags that there are; user, port and name of the image are stated."""
    command = json.loads(last("ENTRYPOINT"))
    assert command[:2] == ["emoji-mock", "serve"]
    assert settings(command[2:]).host == "0.0.0.0"
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", last("USER"))
    assert last("EXPOSE") == str(PORT)
    assert f'org.opencontainers.image.version="{__version__}"' in last("LABEL")


def test_the_image_is_made_from_what_the_wheel_needs():
    """Each extra is one of pyproject.toml; Docker reads what hatchling packs, and nothing else."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (extras,) = [words.removeprefix("EXTRAS=") for name, words in instructions() if words.startswith("EXTRAS=")]
    assert {*extras.split(",")} <= project["project"]["optional-dependencies"].keys()
    packed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    beside = [project["project"]["readme"], *project["project"]["license-files"], "pyproject.toml"]
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {line[1:] for line in lines if line.startswith("!")} == {*packed, *beside}
    assert "*" in lines


def test_no_base_is_whatever_is_newest():
    """Each image that is pulled has a tag, and it is not `latest`."""
    bases = [words.removeprefix("BASE=") for name, words in instructions() if name == "ARG" and "BASE=" in words]
    pulled = [service["image"] for service in compose()["services"].values() if "build" not in service]
    assert [image for image in (*bases, *pulled) if not re.search(r":(?!latest)[^/]+$", image)] == []
    assert {words.partition(" ")[0] for name, words in instructions() if name == "FROM"} == {"${BASE}"}


class Health(BaseHTTPRequestHandler):
    """A server that is alive, and says so only by its path for that."""

    def do_GET(self):
        """Answer."""
        self.send_response(200 if self.path == HEALTH else 404)
        self.end_headers()

    def log_message(self, *_):
        """Print nothing."""


def test_the_health_check_tells_a_server_that_runs():
    """The check that Docker runs ends with status 0 beside a server, and with 1 where there is none."""
    command = json.loads(last("HEALTHCHECK").partition("CMD ")[2])
    assert command[:3] == ["python", "-I", "-c"]
    assert f", {PORT}, " in command[3]
    with HTTPServer(("127.0.0.1", 0), Health) as server:
        command[0], command[3] = sys.executable, command[3].replace(str(PORT), str(server.server_port))
        Thread(target=server.handle_request, daemon=True).start()
        assert subprocess.run(command, check=False).returncode == 0
    assert subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 1


def test_every_service_of_compose_is_restricted():
    """None can write to its root file system, has capabilities or gets more; only this machine reaches what is published."""
    services = compose()["services"]
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name
    published = [port for service in services.values() for port in service.get("ports", ())]
    assert published == [f"127.0.0.1:${{EMOJI_MOCK_PORT:-8000}}:{PORT}"]


def test_the_replicas_share_the_engine_of_compose():
    """Flags of the replicas are ones that there are; the store is the service beside them, with one password, which is not in the file."""
    services = compose()["services"]
    replica, engine = services["replica"], services["valkey"]
    assert replica["deploy"]["replicas"] == 2
    chosen = vars(settings(replica["command"]))
    assert chosen["metrics"] is True
    assert chosen["store_prefix"] is not None
    assert "--store=valkey://valkey:6379/0" in replica["command"]
    assert "--allow-host=balancer" in replica["command"]
    assert replica["environment"] == engine["environment"]
    assert replica["environment"]["EMOJI_MOCK_STORE_PASSWORD"].startswith("${EMOJI_MOCK_STORE_PASSWORD:?")
    assert "--save '' --appendonly no" in engine["command"][2]
    assert "--maxmemory-policy noeviction" in engine["command"][2]


def test_the_container_on_the_page_gets_flags_that_there_are():
    """What the compose file on the page passes to the image is read by `serve`."""
    yaml = pytest.importorskip("yaml", reason="PyYAML comes with responses, of the extra `test`")
    page = (ROOT / "docs" / "recipes" / "compose.md").read_text("utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    service = yaml.safe_load(block)["services"]["emoji-mock"]
    chosen = settings(service["command"])
    assert (chosen.allow_host, chosen.scenario) == (["emoji-mock"], "flaky-monday")


def test_the_balancer_asks_and_reaches_the_replicas():
    """It sends connections to replicas that are ready, or else to those that are alive; names, ports and paths are theirs."""
    (source,) = [volume.partition(":")[0] for volume in compose()["services"]["balancer"]["volumes"]]
    text = (ROOT / source).read_text("utf-8")
    assert re.findall(r"option httpchk GET (\S+)\n +server-template \w+- \d+ (\S+)\n", text) == [
        ("/_mock/ready", f"replica:{PORT}"),
        (HEALTH, f"replica:{PORT}"),
    ]
    assert f"bind :{PORT}\n" in text
    assert "mode tcp\n" in text  # in the mode `http` it answers faults itself
