"""The sample projects in Node, Java and Go, tested as their owners would: each by its own test runner, unmodified and by a base URL."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
from real_programs import find, npm_packages, run_command
from servers import running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
EXAMPLES = Path(__file__).parents[1] / "examples"
JARS = [f"/usr/share/java/{name}.jar" for name in ("gson", "junit-platform-console-standalone")]
CLASSES = os.pathsep.join(["classes", *JARS])
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
COLOUR = re.compile(r"\x1b\[[\d;]*m")
PICTURES = (
    "https://emoji-mock.test/failed/FacePose.png",
    "https://emoji-mock.test/passed/640x800.png",
    "https://emoji-mock.test/passed/800x800.png",
)


class Project(NamedTuple):
    """A project: what it needs, the commands that compile it, test it and start it, and what its tests end with."""

    needs: tuple[str, ...]
    compile: tuple[str, ...]
    test: tuple[str, ...]
    start: tuple[str, ...]
    passed: str


PROJECTS = {
    "node": Project(
        needs=("program:node", "npm:vitest"),
        compile=(),
        test=("npm", "test", "--", "--testTimeout=60000"),
        start=("node", "portrait.js"),
        passed="Tests  10 passed (10)",
    ),
    "java": Project(
        needs=("program:javac", "jar:gson", "jar:junit-platform-console-standalone"),
        compile=(
            "javac",
            "-J-XX:TieredStopAtLevel=1",
            "-Xlint:all",
            "-Werror",
            "-d",
            "classes",
            "-cp",
            os.pathsep.join(JARS),
        ),
        test=("java", *QUICK, "-jar", JARS[1], "-cp", CLASSES, "--scan-classpath"),
        start=("java", *QUICK, "-cp", CLASSES, "Portrait"),
        passed="[        10 tests successful      ]",
    ),
    "go": Project(
        needs=("program:go",),
        compile=("go", "build", "-o", "portrait"),
        test=("go", "test", "-count=1"),
        start=("./portrait",),
        passed="ok  \texample.com/portrait\t",
    ),
}


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """Return the folder of a project that is compiled once, or skip by the name of what it needs."""
    folders = {}

    def prepare(language):
        missing = [need for need in PROJECTS[language].needs if find(need) is None]
        if missing:
            pytest.skip(f"not installed: {', '.join(missing)}")
        if language not in folders:
            folder = tmp_path_factory.mktemp("examples") / language
            shutil.copytree(EXAMPLES / language, folder, ignore=shutil.ignore_patterns("node_modules"))
            if language == "node":
                (folder / "node_modules").symlink_to(npm_packages())
            if words := PROJECTS[language].compile:
                sources = sorted(path.name for path in folder.glob("*.java"))
                subprocess.run([*words, *sources], cwd=folder, check=True)
            folders[language] = folder
        return folders[language]

    return prepare


def by_emoji_mock_run(words, folder):
    """Run a command unmodified: it calls the vendor's host."""
    ended = run_command(words, folder)
    assert "emoji-mock run: Calls: " in ended.stderr
    return ended


def by_a_base_url(words, folder):
    """Run a command whose settings name the address of a server."""
    with running() as live:
        environment = os.environ | {
            "DASHSCOPE_API_KEY": "sk-mock-me",
            "DASHSCOPE_HTTP_BASE_URL": f"{live.url}/api/v1",
            "EMOJI_MOCK_URL": live.url,
        }
        ended = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert {entry.host for entry in live.fake.store.journal().entries} == {live.url.removeprefix("http://")}
    return ended


@pytest.mark.parametrize("way", [by_emoji_mock_run, by_a_base_url])
@pytest.mark.parametrize("language", PROJECTS)
def test_the_tests_of_a_sample_project_pass(language, way, project):
    """Its own tests pass, none is missing, and the verdict on its client is clean in each."""
    ended = way(PROJECTS[language].test, project(language))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert PROJECTS[language].passed in COLOUR.sub("", ended.stdout)  # vitest prints in colour where CI is set


@pytest.mark.parametrize("language", PROJECTS)
def test_a_sample_project_prints_the_first_suitable_picture(language, project):
    """The program itself says why a picture is not suitable, prints the first that is, and asks for no other."""
    ended = by_emoji_mock_run([*PROJECTS[language].start, *PICTURES], project(language))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split()[0] == "https://emoji-mock.test/passed/640x800.png"
    assert f"{PICTURES[0]}: The pose of the detected face is invalid, please upload" in ended.stderr
    assert "emoji-mock run: Calls: 2. Images the vendor would have billed: 2, 0.008 CNY." in ended.stderr
