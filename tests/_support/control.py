"""Requests to the control API of a server."""

import json


def ask(live, method, path, document=None, kind="application/json"):
    """Send one request to the control API and return status and JSON."""
    content = b"" if document is None else document if isinstance(document, bytes) else json.dumps(document).encode()
    head = f"{method} /_mock/{path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {kind}\r\ncontent-length: {len(content)}\r\n\r\n"
    status, _, answer = live.send(head.encode() + content)[0]
    return status, json.loads(answer)
