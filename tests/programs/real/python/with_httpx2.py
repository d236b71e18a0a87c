"""A program with httpx2."""

import httpx2
from calls import TIMEOUT, run

client = httpx2.Client(timeout=TIMEOUT)


def send(call):
    """Send a request."""
    files = {"file": (call.file.name, call.file.read_bytes())} if call.file else None
    answer = client.request(call.method, call.url, headers=call.headers, json=call.json, data=call.form, files=files)
    return answer.status_code, answer.json() if "json" in answer.headers.get("content-type", "") else answer.content


run(send)
