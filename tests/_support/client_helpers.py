"""A client of each kind (sync and async, httpx and httpx2) behind one interface, with a clock that only sleep moves."""

import socket
import threading
from contextlib import contextmanager
from functools import partial
from random import Random

import anyio
import httpx
import httpx2

from emoji_mock.client import AsyncEmojiDetect, EmojiDetect, Timing

ID = "33da8e6b-1309-9a44-be83-352165959608"
PASSED = (
    b'{"output":{"bbox_face":[212,194,460,441],"ext_bbox_face":[63,30,609,575]},"usage":{"image_count":1},"request_id":"'
    + ID.encode()
    + b'"}'
)
FACE_POSE = "The pose of the detected face is invalid, please upload other image with the expected oriention."
FAILED = (
    f'{{"output":{{"code":"InvalidFile.FacePose","message":"{FACE_POSE}"}},"usage":{{"image_count":1}},"request_id":"{ID}"}}'
).encode()
URL = "https://example.com/me.png"


def refused(code, message="said the vendor"):
    """Return the body of an error."""
    return f'{{"code":"{code}","message":"{message}","request_id":"{ID}"}}'.encode()


class Script:
    """Respond in turn with (status, body) or (status, body, headers), or raise the library's exception of that name."""

    def __init__(self, library, answers):
        self.library, self.answers, self.requests = library, list(answers), []

    def __call__(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, str):
            raise getattr(self.library, answer)("as planned", request=request)
        status, body, *headers = answer
        return self.library.Response(status, content=body, headers=headers[0] if headers else None)


class Driver:
    """Call either client synchronously. `slept` holds its waits, `requests` what it sent."""

    def __init__(self, way, answers, **settings):
        self.now, self.slept = 0.0, []
        self.script = Script(way.library, answers)
        sleep = self._asleep if way.is_async else self._sleep
        timing = Timing(clock=lambda: self.now, now=lambda: 1_795_366_800.0, sleep=sleep, random=Random(7))
        made = AsyncEmojiDetect if way.is_async else EmojiDetect
        if "client" not in settings:
            settings = {"transport": way.library.MockTransport(self.script), **settings}
        self.client = made(settings.pop("api_key", "sk-mock-test"), timing=timing, **settings)
        self._is_async = way.is_async

    @property
    def requests(self):
        return self.script.requests

    def _sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    async def _asleep(self, seconds):
        self._sleep(seconds)

    def __getattr__(self, name):
        method = getattr(self.client, name)
        return (lambda *args, **named: anyio.run(partial(method, *args, **named))) if self._is_async else method


class Way:
    """A library, and whether its asynchronous client is used."""

    def __init__(self, library, *, is_async):
        self.library, self.is_async = library, is_async

    def __call__(self, *answers, **settings):
        return Driver(self, answers, **settings)

    @property
    def own(self):
        """The library's client class."""
        return self.library.AsyncClient if self.is_async else self.library.Client


WAYS = {
    f"{library.__name__} {'async' if is_async else 'sync'}": Way(library, is_async=is_async)
    for library in (httpx2, httpx)
    for is_async in (False, True)
}


@contextmanager
def serving(data, *, stay=0.0):
    """Run a server that sends `data` to each connection, then closes it, or first stays silent for `stay` seconds."""
    requests, done = [], threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)

        def serve():
            while not done.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    requests.append(connection.recv(65_536))
                    connection.sendall(data)
                    done.wait(stay)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", requests
        finally:
            done.set()
            listener.close()
            thread.join(0.1)
