"""Start the programs of some languages, as `emoji-mock run` has prepared their environment, and print what they did, as JSON."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1] / "_support"), str(HERE / "python")]
from real_programs import PROGRAMS, STEPS  # noqa: E402 - a folder of the tests

AT_A_TIME = 3
LONGEST = 120
"""Seconds after which a program is killed."""
REFERENCE = "sk-mock-reference"


def start(program):
    """Run a program to its end."""
    told = [word for step in program.steps for word in STEPS[step]]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # the command `dashscope`
    environment = os.environ | {"DASHSCOPE_API_KEY": program.key, "PATH": path}
    command = [*program.command, *told]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=program.language, env=environment, stdout=pipe, stderr=pipe, text=True
    ) as process:
        timer = Timer(LONGEST, process.kill)
        timer.start()
        out, err = process.communicate()
        timer.cancel()
    return {
        "lines": out.splitlines(),
        "status": process.returncode,
        "errors": err[-2000:],
        "calls": get(f"/_mock/journal?namespace={program.key.removeprefix('sk-mock-')}")["entries"],
    }


def get(path):
    """Return a document of the control API, which is reached by plain HTTP."""
    with urllib.request.urlopen(os.environ["EMOJI_MOCK_URL"] + path, timeout=30) as answer:  # noqa: S310 - the fake
        return json.load(answer)


def line_of_a_video():
    """Return the line of the video, as a caller gets it who uses neither TLS nor a proxy."""
    os.environ["DASHSCOPE_API_KEY"] = REFERENCE
    import calls
    import with_urllib

    calls.HOME = os.environ["EMOJI_MOCK_URL"] + "/api/v1"
    steps, answer = calls.video(STEPS["video"][1]), None
    try:
        while True:
            answer = with_urllib.send(steps.send(answer))
    except StopIteration as done:
        return done.value[0]


def main(languages):
    """Start the programs of `languages` that have what they need."""
    chosen = [program for program in PROGRAMS if program.language in languages and not program.missing()]
    video = line_of_a_video()
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        done = dict(zip([program.name for program in chosen], pool.map(start, chosen), strict=True))
    print(json.dumps({"video": video, "programs": done}))


if __name__ == "__main__":
    main(sys.argv[1:])
