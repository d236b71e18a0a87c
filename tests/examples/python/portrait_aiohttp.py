"""Print the first picture that has a suitable face, with aiohttp, asking for all at once: `python portrait_aiohttp.py URL…`."""

import asyncio
import os
import random
import sys

import aiohttp

VENDOR = "https://dashscope.aliyuncs.com/api/v1"
PATH = "/services/aigc/image2video/face-detect"
ATTEMPTS = 4
BUSY = 429


class ServiceError(Exception):
    """The service refused the request; nothing is billed."""


async def find_face(session, picture):
    """Return the face box, or None where the picture failed."""
    status, answer = await detect(session, picture)
    if "output" not in answer:
        raise ServiceError(answer.get("code", f"HTTP {status}"))
    return answer["output"].get("bbox_face")


async def detect(session, picture):
    """Return the status and the answer of a detection; repeat what is free and may succeed later."""
    url = os.environ.get("DASHSCOPE_HTTP_BASE_URL", VENDOR) + PATH
    body = {"model": "emoji-detect-v1", "input": {"image_url": picture}, "parameters": {"ratio": "1:1"}}
    for attempt in range(1, ATTEMPTS + 1):
        try:
            async with session.post(url, json=body) as reply:
                if attempt == ATTEMPTS or not (reply.status == BUSY or reply.status >= 500):
                    return reply.status, await reply.json() if reply.content_type == "application/json" else {}
        except aiohttp.ClientConnectorError:
            if attempt == ATTEMPTS:
                raise
        await asyncio.sleep(random.uniform(0, 0.5 * 2**attempt))
    raise AssertionError("the last attempt returns or raises")


async def pick_portrait(pictures):
    """Return the first of the pictures that has a face, or None."""
    headers = {"Authorization": f"Bearer {os.environ['DASHSCOPE_API_KEY']}"}
    async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(30)) as session:
        faces = await asyncio.gather(*(find_face(session, picture) for picture in pictures))
    return next((picture for picture, face in zip(pictures, faces, strict=True) if face), None)


if __name__ == "__main__":
    portrait = asyncio.run(pick_portrait(sys.argv[1:]))
    print(portrait or "no suitable picture")
    sys.exit(portrait is None)
