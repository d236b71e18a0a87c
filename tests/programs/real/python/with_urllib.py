"""A program with the standard library alone."""

import json
import urllib.error
import urllib.request

from calls import TIMEOUT, run

MARK = "a-mark-between-the-parts"


def encode(form, file):
    """Return a multipart form."""
    parts = [
        f'--{MARK}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in form.items()
    ]
    last = f'--{MARK}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'
    return "".join([*parts, last]).encode() + file.read_bytes() + f"\r\n--{MARK}--\r\n".encode()


def send(call):
    """Send a request."""
    headers, data = dict(call.headers), None
    if call.json:
        headers["Content-Type"], data = "application/json", json.dumps(call.json).encode()
    elif call.form:
        headers["Content-Type"], data = f"multipart/form-data; boundary={MARK}", encode(call.form, call.file)
    request = urllib.request.Request(call.url, data, headers, method=call.method)  # noqa: S310 - an https URL
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT)  # noqa: S310 - likewise
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        body = answer.read()
    return answer.status, json.loads(body) if "json" in answer.headers.get("content-type", "") else body


if __name__ == "__main__":
    run(send)
