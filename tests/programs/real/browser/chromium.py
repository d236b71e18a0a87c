"""Open a page of the vendor's origin in Chromium, through the proxy, and do the steps of the command in it."""

import base64
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ORIGIN = "https://dashscope.aliyuncs.com/"


class Browser:
    """A headless Chromium, told what to do by a pipe: JSON documents that end in a null character."""

    def __init__(self, folder):
        orders, self._orders = os.pipe()
        self._answers, answers = os.pipe()
        program = shutil.which("chromium") or shutil.which("google-chrome")
        command = [
            program,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--remote-debugging-pipe",
            f"--user-data-dir={folder}",
            f"--proxy-server={os.environ['EMOJI_MOCK_PROXY']}",
            f"--ignore-certificate-errors-spki-list={os.environ['EMOJI_MOCK_CA_SPKI']}",
        ]
        actions = [
            (os.POSIX_SPAWN_DUP2, orders, 3),
            (os.POSIX_SPAWN_DUP2, answers, 4),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        self._process = os.posix_spawn(program, command, os.environ, file_actions=actions)
        os.close(orders)
        os.close(answers)
        self._number, self._unread = 0, b""

    def order(self, method, session=None, **arguments):
        """Have something done, and return its result."""
        self._number += 1
        sent = {"id": self._number, "method": method, "params": arguments}
        if session:
            sent["sessionId"] = session
        os.write(self._orders, json.dumps(sent).encode() + b"\0")
        return self.wait(lambda message: message.get("id") == self._number)["result"]

    def wait(self, wanted):
        """Return the next message that is wanted."""
        while True:
            message, ended, rest = self._unread.partition(b"\0")
            if not ended:
                piece = os.read(self._answers, 1 << 16)
                if not piece:
                    sys.exit("Chromium has ended")
                self._unread += piece
                continue
            self._unread = rest
            read = json.loads(message)
            if wanted(read):
                return read

    def close(self):
        """End the browser."""
        os.kill(self._process, signal.SIGTERM)
        os.waitpid(self._process, 0)


def steps():
    """Return the steps of the command; a picture that is uploaded is given to the page as a `data:` URL."""
    for step, argument in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        if step == "upload":
            yield step, f"data:image/png;base64,{base64.b64encode(Path(argument).read_bytes()).decode()}"
        else:
            yield step, argument


def main():
    """Print a line for each step."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(folder)
        target = browser.order("Target.createTarget", url="about:blank")["targetId"]
        session = browser.order("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        browser.order("Page.enable", session)
        browser.order("Page.navigate", session, url=ORIGIN)
        browser.wait(lambda message: message.get("method") == "Page.loadEventFired")
        arguments = json.dumps([os.environ["DASHSCOPE_API_KEY"], list(steps())])
        code = f"({(HERE / 'page.js').read_text('utf-8')})(...{arguments})"
        done = browser.order("Runtime.evaluate", session, expression=code, awaitPromise=True, returnByValue=True)
        browser.close()
    print(*done["result"].get("value", [json.dumps(done)]), sep="\n")


main()
