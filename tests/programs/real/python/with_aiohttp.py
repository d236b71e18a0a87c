"""A program with aiohttp, which knows no proxy unless it is told one."""

import asyncio

import aiohttp
from calls import TIMEOUT, run_async


async def main():
    """Do the steps in one session."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(TIMEOUT)) as session:

        async def send(call):
            form = call.json and None
            if call.form:
                form = aiohttp.FormData(call.form, default_to_multipart=True)
                form.add_field("file", call.file.read_bytes(), filename=call.file.name)
            async with session.request(
                call.method, call.url, headers=call.headers, json=call.json, data=form
            ) as answer:
                body = await (answer.json() if "json" in answer.content_type else answer.read())
                return answer.status, body

        await run_async(send)


if __name__ == "__main__":
    asyncio.run(main())
