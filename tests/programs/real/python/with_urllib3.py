"""A program with urllib3, which knows no proxy unless it is told one."""

import urllib3
from calls import TIMEOUT, run

pool = urllib3.PoolManager(timeout=TIMEOUT)


def send(call):
    """Send a request."""
    more = {"json": call.json} if call.json else {}
    if call.form:
        more = {"fields": call.form | {"file": (call.file.name, call.file.read_bytes())}}
    answer = pool.request(call.method, call.url, headers=call.headers, **more)
    return answer.status, answer.json() if "json" in answer.headers.get("content-type", "") else answer.data


run(send)
