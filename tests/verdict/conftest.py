"""A caller of the vendor whose waits move a stopped clock, so that tests take no time and no machine is too slow."""

import httpx
import pytest
from helpers import upload
from verdict_helpers import StillClock

import emoji_mock

HOME = "https://dashscope.aliyuncs.com/api/v1"
IMAGE2VIDEO = "/services/aigc/image2video"
ME, YOU = "https://example.com/me.png", "https://example.com/you.png"


class Caller:
    """Call the vendor over httpx, correctly or not, as a test wishes."""

    def __init__(self, api):
        self.api, self.sleep = api, api.clock.sleep
        self.http = httpx.Client(headers={"authorization": "Bearer sk-mock-caller"})

    def detect(self, url=ME, *, home=HOME, query="", timeout=5.0, **headers):
        """Request a detection and return the response, or the exception."""
        body = {"model": "emoji-detect-v1", "input": {"image_url": url}, "parameters": {"ratio": "1:1"}}
        try:
            return self.http.post(
                f"{home}{IMAGE2VIDEO}/face-detect{query}", json=body, headers=headers, timeout=timeout
            )
        except httpx.HTTPError as error:
            return error

    def upload(self, picture):
        """Upload a picture as a simple client does for each attempt, and return its URL."""
        return upload(self.api.fake, picture, key="sk-mock-caller")

    def boxes(self, url=ME):
        """Return the two boxes of a picture that passes."""
        output = self.detect(url).json()["output"]
        return output["bbox_face"], output["ext_bbox_face"]

    def video(self, url, face, ext):
        """Request a video and return the path of its task."""
        given = {"image_url": url, "driven_id": "mengwa_kaixin", "face_bbox": face, "ext_bbox": ext}
        body = {"model": "emoji-v1", "input": given}
        headers = {"x-dashscope-async": "enable"}
        answer = self.http.post(f"{HOME}{IMAGE2VIDEO}/video-synthesis", json=body, headers=headers).json()
        return "/tasks/" + answer.get("output", {}).get("task_id", "none")

    def get(self, path):
        """Send another GET request."""
        return self.http.get(HOME + path)

    def found(self):
        """Return the names of the findings."""
        return [finding.name for finding in self.api.verdict]


class ThrottlingFake(emoji_mock.Fake):
    """A fake that can send Retry-After with 429."""

    pause = ""

    def decide(self, context, decision, endpoint, request_id):
        """Return how the call ends, with `Retry-After` if it is throttled."""
        ending = super().decide(context, decision, endpoint, request_id)
        headers = (("content-type", "application/json"), ("retry-after", self.pause))
        return ending._replace(headers=headers) if self.pause and ending.status == 429 else ending


@pytest.fixture
def caller():
    """Yield a caller under interception; `caller.api` is like the fixture `emoji_api`."""
    with emoji_mock.intercept(ThrottlingFake(emoji_mock.Options(seed=7), clock=StillClock())) as api:
        yield Caller(api)
