"""Programs that know nothing of the fake, behind `emoji-mock run --`: the table of docs/reference/programs.md, which `--write-tables` writes."""

import json
import re
import shutil
import subprocess

import pytest
from real_programs import HERE, JARS, PROGRAMS, STEPS, TOGETHER, npm_packages, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]  # many programs start
MANUAL = HERE.parents[2] / "docs" / "reference" / "programs.md"
TABLE = re.compile(r"(?<=<!-- table: programs -->\n).*?(?=<!-- end -->)", re.DOTALL)
API = "dashscope.aliyuncs.com"
STORAGE, RESULTS = "dashscope-file-mgr.oss-cn-beijing.aliyuncs.com", "dashscope-result-bj.oss-cn-beijing.aliyuncs.com"
HOSTS = {"upload": {API, STORAGE}, "video": {API, RESULTS}}
"""The hosts that a step calls, under the names that the program knows."""


def prepare(language, folder):
    """Put the programs of a language into a folder of their own, compiled if they must be."""
    shutil.copytree(HERE / language.lower(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    if language == "Node" and npm_packages():
        (folder / "node_modules").symlink_to(npm_packages())
    if language == "Java":
        there = [
            "Calls",
            *(program.command[-1] for program in PROGRAMS if program.language == "Java" and not program.missing()),
        ]
        sources = [f"{name}.java" for name in there]
        quick = ("-J-XX:TieredStopAtLevel=1", "-proc:none")
        subprocess.run(["javac", *quick, "-d", "classes", "-cp", JARS, *sources], cwd=folder, check=True)
    if language == "Go":
        subprocess.run(["go", "build", "-o", "program", "main.go"], cwd=folder, check=True)


def rows_of(done, video):
    """Return the rows of the table: a mark where a program printed what it should, and a dash for what it cannot do."""
    rows = {}
    for program in PROGRAMS:
        if program.name in done:
            printed = dict(zip(program.steps, done[program.name]["lines"], strict=False))
            marks = ["✓" if printed.get(step) == program.line(step, video) else "—" for step in STEPS]
            rows[program.row] = f"| {' | '.join([program.language, program.row, *marks])} |"
    return rows


def write_rows(rows):
    """Replace rows of the table in the page."""
    text = MANUAL.read_text("utf-8")
    for name, row in rows.items():
        text = re.sub(rf"^\| \w+ \| {re.escape(name)} \|.*$", lambda _, row=row: row, text, count=1, flags=re.MULTILINE)
    MANUAL.write_text(text, "utf-8")


@pytest.mark.parametrize("languages", TOGETHER, ids=" ".join)
def test_the_calls_of_a_program_reach_the_fake(languages, tmp_path, pytestconfig):
    """Each program prints what its calls bring, under the vendor's own names, as a caller in plain HTTP would get it."""
    programs = [program for program in PROGRAMS if program.language in languages]
    there = [program for program in programs if not program.missing()]
    for language in {program.language for program in there}:
        prepare(language, tmp_path / language)
    ended = run([HERE / "drive.py", *languages], tmp_path, "--time-scale", "0", "--eyes", "off")
    assert ended.returncode == 0, ended.stderr
    document = json.loads(ended.stdout)
    done, video = document["programs"], document["video"]
    lines = {program.name: [program.line(step, video) for step in program.steps] for program in there}
    assert {name: one["lines"] for name, one in done.items()} == lines, [one["errors"] for one in done.values()]
    assert {one["status"] for one in done.values()} == {0}
    for program in there:
        assert_seen(program, done[program.name]["calls"])
    rows = rows_of(done, video)
    if pytestconfig.getoption("write_tables"):
        write_rows(rows)
    assert set(rows.values()) <= set(TABLE.search(MANUAL.read_text("utf-8"))[0].splitlines())
    skip_what_is_not_here(programs)


def assert_seen(program, calls):
    """The journal has the hosts as the program called them, and what it calls itself."""
    assert {call["host"] for call in calls} == {API}.union(*(HOSTS.get(step, ()) for step in program.steps))
    assert [call["client"] for call in calls if not re.match(program.client, call["client"])] == []


def skip_what_is_not_here(programs):
    """Name the programs that need what is not installed, after the others have passed."""
    absent = [f"{program.name} needs {', '.join(missing)}" for program in programs if (missing := program.missing())]
    if absent:
        pytest.skip(f"not installed: {'; '.join(absent)}")
