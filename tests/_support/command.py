"""The command `emoji-mock`: in this process, which costs no start of Python, and what its tests share."""

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple
from unittest import mock

from emoji_mock.cli.main import main

DETECT = """
import sys, urllib.request
from urllib.error import HTTPError
body = b'{"model":"emoji-detect-v1","input":{"image_url":"https://emoji-mock.test/%s"},"parameters":{"ratio":"1:1"}}'
for picture in sys.argv[1:]:
    request = urllib.request.Request(
        "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect",
        data=body % picture.encode(),
        headers={"Authorization": "Bearer sk-mock-me", "Content-Type": "application/json"},
    )
    try:
        print(urllib.request.urlopen(request, timeout=10).status)
    except HTTPError as error:
        print(error.code)
"""


class Done(NamedTuple):
    """The end of a command, with the names of `subprocess.CompletedProcess`."""

    returncode: int
    stdout: str
    stderr: str


def run_command(*arguments, input="", **environment):  # noqa: A002 - as subprocess names it
    """Run the command in this process to its end, with no key in its environment unless the test puts one there."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DASHSCOPE_")}
    environment = clean | {"COLUMNS": "80", "HOME": "/nowhere"} | environment
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch.object(sys, "stdin", io.StringIO(input)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            status = main(arguments)
        except SystemExit as ended:  # argparse's own: of a mistake, of `--help`
            status = ended.code
    return Done(status, out.buffer.getvalue().decode(), err.buffer.getvalue().decode())


def detect(*pictures):
    """Return a command that detects faces by the standard library alone."""
    return [sys.executable, "-c", DETECT, *pictures]
