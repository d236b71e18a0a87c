"""Requests as callers make them, pictures, forms, and functions that send raw bytes."""

import json
import os
import re
import socket
import subprocess
import sys
from io import BytesIO

from PIL import Image

from emoji_mock import Fake, Request

PATH = "/api/v1/services/aigc/image2video/face-detect"
URL = "https://example.com/me.png"
BODY = {"model": "emoji-detect-v1", "input": {"image_url": URL}, "parameters": {"ratio": "1:1"}}
HEADERS = {"host": "dashscope.aliyuncs.com", "content-type": "application/json", "authorization": "Bearer sk-mock-test"}
REQUEST_ID = re.compile(r"(?<!\"task_id\":\")[0-9a-f]{8}-[0-9a-f]{4}-[49][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def body(image_url=URL, **changes):
    """Return the JSON body of a valid detection, with its top-level fields replaced by `changes`."""
    return json.dumps({**BODY, "input": {"image_url": image_url}, **changes}).encode()


def call(payload=None, *, target=PATH, method="POST", key="sk-mock-test", **headers):
    """Return a valid detection with changes; a header given as None is omitted."""
    given = {**HEADERS, "authorization": f"Bearer {key}"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    pairs = tuple((name, value) for name, value in given.items() if value is not None)
    return Request(method, target, pairs, body() if payload is None else payload)


AA_DETECT = "/api/v1/services/aigc/image2video/aa-detect"


def detection(model, image_url=URL, *, payload=None, target=None, key="sk-mock-test", headers=None, **changes):
    """Return a request for a detection by `model`, on its own path, with top-level fields of the body added."""
    if target is None:
        target = AA_DETECT if model == "animate-anyone-detect-gen2" else PATH
    sent = {"model": model, "input": {"image_url": image_url}, **changes}
    return call(payload or json.dumps(sent).encode(), target=target, key=key, **headers or {})


class Answering(Fake):
    """A fake whose every reply is made by a function of the request."""

    def __init__(self, reply):
        super().__init__()
        self._reply = reply

    def answer(self, request):
        """Return what the function returns."""
        return self._reply(request)


def status_and_body(response):
    """Return the status and the body of a response, its request id replaced by `ID`."""
    return response.status, masked(response.body.decode())


def masked(text):
    """Return `text` with every request id replaced by `ID`."""
    return REQUEST_ID.sub("ID", text)


def picture(kind="PNG", size=(640, 800), **options):
    """Return the bytes of a picture in one colour."""
    out = BytesIO()
    Image.new("RGB", size, (200, 180, 160)).save(out, kind, **options)
    return out.getvalue()


def many_scans(count, *, whole=True):
    """Return a progressive JPEG of 640 by 800 pixels whose first refinement scan is repeated `count` times."""
    data = picture("JPEG", progressive=True)
    begins = data.index(b"\xff\xda")
    begins = data.index(b"\xff\xda", begins + 2)
    ends = data.index(b"\xff", begins + 2 + int.from_bytes(data[begins + 2 : begins + 4], "big"))
    return data[:begins] + data[begins:ends] * count + (data[ends:] if whole else b"")


def form(fields, file=None, filename="me.png", boundary="mark"):
    """Return the body of a multipart form: the fields in their order, then the file."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
    last = b"" if file is None else head.encode() + file + b"\r\n"
    return "".join(parts).encode() + last + f"--{boundary}--\r\n".encode()


def policy_for(fake, model="emoji-detect-v1", **headers):
    """Return the policy that getPolicy grants."""
    request = call(b"", method="GET", target=f"/api/v1/uploads?action=getPolicy&model={model}", **headers)
    return json.loads(fake.answer(request).body)["data"]


def fields_of(granted, name="me.png", **changes):
    """Return the fields of a valid upload with changes; a field given as None is omitted."""
    fields = {
        "OSSAccessKeyId": granted["oss_access_key_id"],
        "Signature": granted["signature"],
        "policy": granted["policy"],
        "key": f"{granted['upload_dir']}/{name}",
        "x-oss-object-acl": granted["x_oss_object_acl"],
        "x-oss-forbid-overwrite": granted["x_oss_forbid_overwrite"],
        "success_action_status": "200",
    } | {field.replace("_", "-") if field.startswith("x_") else field: value for field, value in changes.items()}
    return {field: value for field, value in fields.items() if value is not None}


def post(body_, host="dashscope-file-mgr.oss-cn-beijing.aliyuncs.com", target="/", method="POST"):
    """Return the request that uploads a form."""
    headers = (("host", host), ("content-type", "multipart/form-data; boundary=mark"))
    return Request(method, target, headers, body_)


def upload(fake, file, model="emoji-detect-v1", key="sk-mock-test", **changes):
    """Upload `file` and return its `oss://` URL."""
    fields = fields_of(policy_for(fake, model, key=key), **changes)
    assert fake.answer(post(form(fields, file))).status == 200
    return f"oss://{fields['key']}"


VIDEO = "/api/v1/services/aigc/image2video/video-synthesis"
VIDEO_INPUT = {
    "image_url": URL,
    "driven_id": "mengwa_kaixin",
    "face_bbox": [212, 194, 460, 441],
    "ext_bbox": [63, 30, 609, 575],
}


def video(changes=None, **more):
    """Return a request for a video with parts of its input changed; a part given as None is omitted."""
    given = {name: value for name, value in {**VIDEO_INPUT, **(changes or {})}.items() if value is not None}
    return video_call({"input": given}, **more)


def video_call(changes, *, payload=None, asynchronous="enable", target=VIDEO, **more):
    """Return a request for a video with its top-level fields changed; a field given as None is omitted."""
    sent = {"model": "emoji-v1", "input": VIDEO_INPUT, **changes}
    sent = {name: value for name, value in sent.items() if value is not None}
    return call(payload or json.dumps(sent).encode(), target=target, x_dashscope_async=asynchronous, **more)


def raw_call(payload=None, *, method="POST", target=PATH, version="1.1", **headers):
    """Return a request as bytes on the wire."""
    request = call(payload, target=target, method=method, **headers)
    lines = [f"{method} {target} HTTP/{version}", *(f"{name}: {value}" for name, value in request.headers)]
    if "transfer-encoding" not in dict(request.headers) and "content-length" not in dict(request.headers):
        lines.append(f"content-length: {len(request.body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + request.body


def exchange(address, data, *, timeout=10.0, close=False):
    """Send raw bytes to the server; return everything received until it closes or sends nothing for `timeout` seconds."""
    with socket.create_connection(address, timeout=timeout) as connection:
        connection.sendall(data)
        if close:
            connection.shutdown(socket.SHUT_WR)
        return read_all(connection)


def read_all(connection):
    """Return everything received until the other side closes or a read times out."""
    parts = []
    try:
        while part := connection.recv(65_536):
            parts.append(part)
    except (TimeoutError, ConnectionResetError):
        pass
    return b"".join(parts)


def read_answer(connection):
    """Read one response; return its status, headers and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65_536)
        if not part:
            break
        data += part
    head, _, rest = data.partition(b"\r\n\r\n")
    status, headers = parse_head(head)
    wanted = int(headers.get("content-length", 0))
    while len(rest) < wanted:
        part = connection.recv(65_536)
        if not part:
            break
        rest += part
    return status, headers, rest


def parse_head(head):
    """Return the status and the headers in the head of a response."""
    first, *lines = head.decode("latin-1").split("\r\n")
    return int(first.split(" ")[1]), dict(line.split(": ", 1) for line in lines)


OURS_ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "pytest_emoji_mock"}
"""The environment of a run of pytest with no plugin but ours; all that are installed take a second or more to load."""


def run_pytest(folder, **environment):
    """Run pytest on `folder` in another process, without this project's configuration."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "--color=no"]
    return subprocess.run(
        [*command, "--rootdir", folder, folder],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=os.environ | environment,
    )


def run_on_terminal(*arguments, folder, **environment):
    """Run `emoji-mock` with stderr on a terminal; return its exit status, the bytes on the terminal, and stdout."""
    import pty

    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "emoji_mock", *arguments]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **environment}
    with (folder / "out").open("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=follower, env=environment, cwd=folder)
        os.close(follower)
        shown = b""
        try:
            while part := os.read(leader, 65_536):
                shown += part
        except OSError:
            pass
        status = process.wait(20)
        out.seek(0)
        printed = out.read()
    os.close(leader)
    return status, shown, printed
