"""A program with requests."""

import requests
from calls import TIMEOUT, run

session = requests.Session()


def send(call):
    """Send a request."""
    files = {"file": (call.file.name, call.file.read_bytes())} if call.file else None
    answer = session.request(
        call.method, call.url, headers=call.headers, json=call.json, data=call.form, files=files, timeout=TIMEOUT
    )
    return answer.status_code, answer.json() if "json" in answer.headers.get("content-type", "") else answer.content


run(send)
