"""Take the pictures of README and the pages in a browser: python tests/_support/make_pictures.py."""

import asyncio
import os
import subprocess
import sys
import time
from base64 import b64encode
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import chromium
import httpx
from helpers import PATH
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text
from servers import running

from emoji_mock import Fake, Options
from emoji_mock.fake.vision.eyes import Eyes
from emoji_mock.media.portraits import Portrait, draw, refused_as

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
ACCOUNTS = ("alice", "bob")
RETRIED = """
import httpx

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"


def has_face(image_url):
    image = {"input": {"image_url": image_url}, "parameters": {"ratio": "1:1"}}
    headers = {"Authorization": "Bearer sk-mock-me"}
    for _ in range(5):
        answer = httpx.post(URL, json={"model": "emoji-detect-v1", **image}, headers=headers)
        if "bbox_face" in answer.json()["output"]:
            return True
    return False
"""
"""The program of README with a mistake: it asks again for what has failed, and pays each time."""
FRAME = (
    "<pre style='display:inline-block; margin:0; padding:20px 24px; background:#16181d; color:#e4e6eb;"
    " font:15px/1.45 DejaVu Sans Mono,monospace'>{code}</pre>"
)


def failure():
    """Return what pytest prints when the test of README meets that program."""
    readme = (ROOT / "README.md").read_text("utf-8")
    test = readme.partition('```python title="test_portrait.py"\n')[2].partition("```")[0]
    with TemporaryDirectory() as folder:
        Path(folder, "portrait.py").write_text(RETRIED, "utf-8")
        Path(folder, "test_portrait.py").write_text(test, "utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "--color=yes", "test_portrait.py"]
        clean = {
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_PLUGINS": "pytest_emoji_mock",
            "COLUMNS": "100",
        }
        printed = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False).stdout
    return printed.partition("emoji_api = ")[2].partition("\n")[2].partition("=====")[0].rstrip()


def as_html(printed):
    """Return a page that looks like a terminal with that text."""
    console = Console(record=True, width=130, file=StringIO(), force_terminal=True)
    console.print(Text.from_ansi(printed), soft_wrap=True)
    return console.export_html(inline_styles=True, code_format=FRAME, theme=MONOKAI)


def ask(client, account, image_url):
    """Ask whether the picture at a URL has a face."""
    body = {"model": "emoji-detect-v1", "input": {"image_url": image_url}, "parameters": {"ratio": "1:1"}}
    client.post(PATH, json=body, headers={"Authorization": f"Bearer sk-mock-{account}"})


def drawn(portrait):
    """Return a `data:` URL with a portrait."""
    out = BytesIO()
    draw(portrait).image.save(out, "JPEG")
    return "data:image/jpeg;base64," + b64encode(out.getvalue()).decode()


def fill(url):
    """Make calls of two accounts, so that the page has something of each kind to show."""
    with httpx.Client(base_url=url, timeout=30) as client:
        for number, code in enumerate(("FacePose", "MultiHuman", "FullFace", "NoHuman", "Value")):
            ask(client, ACCOUNTS[number % 2], drawn(refused_as(code, seed=number)))
        client.post(
            "/_mock/rules?namespace=bob", json={"outcome": "error", "code": "RateQuota", "times": 2}
        ).raise_for_status()
        for _ in range(3):
            ask(client, "bob", "https://example.com/me.png")
            time.sleep(0.3)
        for seed in range(11, 15):
            ask(client, ACCOUNTS[seed % 2], drawn(Portrait(seed=seed)))


async def photograph(page, name, **options):
    """Save what a page shows."""
    await page.screenshot(path=FOLDER / name, **options)
    print(f"{name}: {(FOLDER / name).stat().st_size} bytes")


async def main():
    """Write the pictures of the page, light on a desktop and dark on a phone, and of a failing test."""
    FOLDER.mkdir(exist_ok=True)
    async with chromium.started() as browser:
        with running(Fake(Options(seed=7, kept_picture_bytes=1 << 24, eyes=Eyes()))) as live:
            fill(live.url)
            async with chromium.opened(browser, live.url, viewport={"width": 1280, "height": 860}) as page:
                await page.wait_for_timeout(1500)
                await photograph(page, "dashboard.png")
            async with chromium.opened(browser, live.url, viewport=chromium.PHONE, color_scheme="dark") as page:
                await page.wait_for_timeout(1500)
                await photograph(page, "dashboard-dark.png")
        context = await browser.new_context(device_scale_factor=1.5)
        page = await context.new_page()
        await page.set_content(as_html(failure()))
        await photograph(page.locator("pre"), "failure.png")


if __name__ == "__main__":
    asyncio.run(main())
