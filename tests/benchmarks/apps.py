"""Servers to compare the fake with: a bare FastAPI route and a raw ASGI function for the same call.

`python apps.py fastapi|raw` serves on a free port and prints its address.
"""

import sys
from collections import deque

from detection import ANSWER, PATH


def bare_fastapi():
    """Return a FastAPI application that validates the body with pydantic and answers with the same document."""
    from fastapi import FastAPI
    from pydantic import BaseModel

    class Input(BaseModel):
        image_url: str

    class Parameters(BaseModel):
        ratio: str

    class Detection(BaseModel):
        model: str
        input: Input
        parameters: Parameters

    app = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})

    @app.post(PATH)
    async def face_detect(body: Detection):  # noqa: ARG001 - FastAPI validates it
        return ANSWER

    return app


def raw():
    """Return an ASGI function that validates the same body, keeps a journal, and answers with the same document."""
    import msgspec

    from emoji_mock.contract.documents.detection import DetectRequest

    decode = msgspec.json.Decoder(DetectRequest).decode
    answer = msgspec.json.encode(ANSWER)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))]
    journal = deque(maxlen=10_000)

    async def app(scope, receive, send):
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        journal.append((scope["path"], decode(body).input.image_url, 200, answer))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    return app


def main():
    """Serve the application named on the command line."""
    import uvicorn

    from emoji_mock.server.run import bind

    listener = bind("127.0.0.1", 0)
    app = {"fastapi": bare_fastapi, "raw": raw}[sys.argv[1]]()
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    # As the fake: a connection is idle while the others' turns last, which is longer on a busy machine.
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", ws="none", timeout_keep_alive=60)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
