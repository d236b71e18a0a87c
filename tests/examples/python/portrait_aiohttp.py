"""Pick a portrait with aiohttp, all pictures at once."""

import asyncio
import os

import aiohttp

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
BUSY = 429
TRIES = 3


class Refused(Exception):  # noqa: N818 - it is what happened
    """The service did not look at the picture."""


async def find_face(session, picture):
    """Return the face box, or None where the picture failed."""
    question = {"model": "emoji-detect-v1", "input": {"image_url": picture}, "parameters": {"ratio": "1:1"}}
    headers = {"Authorization": f"Bearer {os.environ['DASHSCOPE_API_KEY']}"}
    for attempt in range(1, TRIES + 1):
        async with session.post(URL, json=question, headers=headers) as reply:
            answer = await reply.json()
        if reply.status != BUSY or attempt == TRIES:
            break
        await asyncio.sleep(0.01 * attempt)
    if not reply.ok:
        raise Refused(answer["code"])
    return answer["output"].get("bbox_face")


async def pick_portrait(pictures):
    """Return the first of the pictures that has a face, or None."""
    async with aiohttp.ClientSession() as session:
        faces = await asyncio.gather(*(find_face(session, picture) for picture in pictures))
    return next((picture for picture, face in zip(pictures, faces, strict=True) if face), None)
