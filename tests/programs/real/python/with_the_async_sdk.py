"""A program with the asynchronous half of the official SDK, which trusts the authorities of certifi alone."""

import asyncio
import sys

import aiohttp
import dashscope
from calls import line_of
from dashscope.aigc.video_synthesis import AioVideoSynthesis
from dashscope.client.base_api import BaseAioApi
from with_the_sdk import DETECTION, RESOLVE, line_of_detection, upload, video_input


async def detect(picture):
    """Detect a face."""
    return await BaseAioApi.call(**DETECTION, input={"image_url": picture}, ratio="1:1", headers=RESOLVE)


async def do(step, argument):
    """Return the line of a step."""
    if step == "video":
        made = await AioVideoSynthesis.call(**video_input(argument, await detect(argument)))
        async with aiohttp.ClientSession() as session, session.get(made.output.video_url) as film:
            return line_of(await film.read())
    if step == "upload":
        argument = await asyncio.to_thread(upload, argument)  # the SDK has no asynchronous one
    return line_of_detection(await detect(argument))


async def main():
    """Do the steps of the command."""
    for pair in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        print(await do(*pair), flush=True)
    await dashscope.close_shared_aio_session()


asyncio.run(main())
