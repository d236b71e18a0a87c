"""The examples of README and the pages under docs: every block of code is run, or its reason not to be stands here."""

import re
import shutil
from pathlib import Path
from textwrap import indent

import pytest
from helpers import picture, run_pytest
from recording_files import mp4, wav

from emoji_mock.config import file, scenarios

ROOT = Path(__file__).parents[1]
PAGES = [page for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if page.exists()]
NOT_RUN = {
    "sh": "a command to type: tests/cli runs them all, and .ci/run that of the README for the tests",
    "console": "a session with its output: tests/cli and tests/conformance hold both",
    "yaml": "a file for Docker, which the suite does not have",
    "": "a text, not code",
}

# The callers that the examples are about: correct ones, which wait as the vendor asks, and in the clock of the process.
MY_APP = """
import os, random, time, httpx
from emoji_mock import Fake, Request

class PortraitServiceDown(Exception): pass

def detect(image_url):
    url = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
    body = {"model": "emoji-detect-v1", "input": {"image_url": image_url}, "parameters": {"ratio": "1:1"}}
    return httpx.post(url, json=body, headers={"authorization": "Bearer " + os.environ["DASHSCOPE_API_KEY"]}, timeout=10)

def portrait_is_fine(image_url):
    for attempt in range(4):
        try:
            answer = detect(image_url)
        except httpx.TransportError as error:
            last = error
        else:
            if answer.status_code < 429:
                return "bbox_face" in answer.json()["output"]
            last = answer
        time.sleep(random.uniform(0.01, 0.05 * 2**attempt))
    raise PortraitServiceDown(last)

check = check_my_portrait = portrait_is_fine

def check_all(image_urls):
    for image_url in image_urls:
        portrait_is_fine(image_url)
        time.sleep(1)

def make_client():
    from emoji_mock.client import EmojiDetect
    return EmojiDetect()

class Server:
    def post(self, request):
        answer = Fake().answer(Request(request.method, request.target, request.headers, request.body))
        return httpx.Response(answer.status, content=answer.body)

my_server = Server()
"""
PORTRAIT = """
const headers = {Authorization: `Bearer ${process.env.DASHSCOPE_API_KEY}`, "Content-Type": "application/json"};
const body = JSON.stringify({model: "emoji-detect-v1", input: {image_url: process.argv[2]}, parameters: {ratio: "1:1"}});
const url = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect";
console.log((await (await fetch(url, {method: "POST", headers, body})).json()).output.message);
"""
BEFORE = "import httpx, pytest, emoji_mock\nfrom my_app import *\n"
IN_A_TEST = """
@pytest.mark.emoji(strict=False)
def test_example(emoji_api):
    client = make_client()
"""


def blocks():
    """Yield the place, language and text of each block of code."""
    for page in PAGES:
        text = page.read_text("utf-8")
        for found in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            line = text[: found.start()].count("\n") + 1
            yield f"{page.relative_to(ROOT).as_posix()}:{line}", found[1], found[2]


BLOCKS = list(blocks())
ON_A_SLOW_MACHINE = """
from hypothesis import HealthCheck, settings
settings.register_profile("slow machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("slow machine")
"""


@pytest.mark.slow
def test_the_examples_in_python_run(tmp_path):
    """What a page shows passes as a test, or runs in one, with a correct caller; all in one run of pytest, a module each."""
    (tmp_path / "my_app.py").write_text(MY_APP, "utf-8")
    (tmp_path / "portrait.mjs").write_text(PORTRAIT, "utf-8")
    (tmp_path / "me.png").write_bytes(picture())
    (tmp_path / "song.wav").write_bytes(wav())
    (tmp_path / "dance.mp4").write_bytes(mp4())
    (tmp_path / "conftest.py").write_text(ON_A_SLOW_MACHINE, "utf-8")
    examples = [(place, code) for place, language, code in BLOCKS if language == "python"]
    if shutil.which("node") is None:
        examples = [(place, code) for place, code in examples if '"node"' not in code]
    for place, code in examples:
        body = code if "def test_" in code else IN_A_TEST + indent(code, "    ")
        name = re.sub(r"\W", "_", place)
        (tmp_path / f"test_{name}.py").write_text(BEFORE + body, "utf-8")
    plugins = "pytest_emoji_mock,faker.contrib.pytest.plugin"
    result = run_pytest(tmp_path, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTEST_PLUGINS=plugins)
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{len(examples)} passed" in result.stdout


@pytest.mark.parametrize(("place", "text"), [(place, text) for place, language, text in BLOCKS if language == "toml"])
def test_an_example_in_toml_is_valid(tmp_path, place, text):
    """What a page shows is read: as a scenario if it is described, else as a configuration."""
    path = tmp_path / "example.toml"
    path.write_text(text, "utf-8")
    if "description =" in text:
        assert scenarios.find(str(path), tmp_path).rules, place
    else:
        assert file.load(path), place


def test_every_other_block_has_its_reason():
    """A block in another language is not run for a reason that is written here."""
    others = {language for _, language, _ in BLOCKS} - {"python", "toml"}
    assert others <= set(NOT_RUN)
    assert len([1 for _, language, _ in BLOCKS if language == "python"]) >= 15
