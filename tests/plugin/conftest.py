"""A project with an app that calls the vendor, whose tests run inside this process."""

from importlib import import_module
from textwrap import dedent

import pytest
from helpers import URL

for _module in ("aiohttp", "http_client", "httpx", "httpx2", "requests", "respx", "urllib3"):
    import_module(f"emoji_mock.interceptors.{_module}")  # a run inside this process would load it anew each time
import_module("uvloop")
import_module("emoji_mock.testing.api")
import_module("emoji_mock.testing.serving.session_server")

APP = f"""
import httpx
CLIENT = httpx.Client(verify=False)  # a TLS context takes a while
VENDOR = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"

def payload(image_url={URL!r}):
    return {{"model": "emoji-detect-v1", "input": {{"image_url": image_url}}, "parameters": {{"ratio": "1:1"}}}}

def headers(key="sk-mock-test"):
    return {{"Authorization": f"Bearer {{key}}", "User-Agent": "app/1"}}

def detect(image_url={URL!r}, url=VENDOR, client=CLIENT):
    return client.post(url, json=payload(image_url), headers=headers())

def code(*args, **kwargs):
    answer = detect(*args, **kwargs).json()
    return answer.get("code") or answer["output"].get("code")
"""


# In a process of its own httpx looks for trio, which takes a third of a second to import.
WITHOUT_TRIO = "import sys\nsys.modules['trio'] = None\n"


class Project:
    """A directory with tests, and a way to run them."""

    def __init__(self, pytester):
        self.pytester = pytester
        pytester.makepyfile(app=APP)

    def run(self, code, *args, process=False):
        """Write `code` as the test file and run it."""
        self.pytester.makepyfile(test_it="from app import *\nimport pytest\n" + dedent(code))
        args = ("-p", "pytest_emoji_mock", "-p", "no:cacheprovider", *args)
        if process:
            app = self.pytester.path / "app.py"
            app.write_text(WITHOUT_TRIO + app.read_text("utf-8"), "utf-8")
        return self.pytester.runpytest_subprocess(*args) if process else self.pytester.runpytest_inprocess(*args)

    def output_of(self, code, *args, process=False, **counts):
        """Run `code`, hold how many tests ended how, and return what pytest printed."""
        result = self.run(code, *args, process=process)
        result.assert_outcomes(**counts)
        return result.stdout.str()


@pytest.fixture
def project(pytester, monkeypatch):
    """A user's project."""
    for name in ("CI", "BUILD_NUMBER"):  # pytest then prints a failure's text twice
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # Hypothesis alone takes three seconds
    return Project(pytester)
