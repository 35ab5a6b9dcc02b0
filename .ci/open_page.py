"""Open a page in headless Chromium; fail on a console error, an exception, or any request beyond the page.

Usage: open_page.py FILE. Uses the standard library only: Chromium is driven through the pair of pipes of
`--remote-debugging-pipe` (JSON messages that end in a zero byte). No name resolves in that browser, so a page
that asks for something gets nothing, and is reported.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LOADING = 90.0  #: seconds a page may take to load
SETTLING = 2.0  #: seconds of silence after that


class Browser:
    """A headless Chromium and its two pipes."""

    def __init__(self, program: str, profile: str) -> None:
        arguments = [
            program,
            "--headless=new",
            "--remote-debugging-pipe",
            f"--user-data-dir={profile}",
            "--no-first-run",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-extensions",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "about:blank",
        ]
        if os.geteuid() == 0:
            arguments.insert(1, "--no-sandbox")  # Chromium's sandbox refuses to start for root
        to_read, self._commands = os.pipe()
        self._events, to_write = os.pipe()
        # Chromium reads descriptor 3 and writes 4: keep the ends we hand over out of that range.
        far_read, far_write = (fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in (to_read, to_write))
        self.process = os.posix_spawn(
            program,
            arguments,
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, far_read, 3),
                (os.POSIX_SPAWN_DUP2, far_write, 4),
            ],
            setpgroup=0,
        )
        for fd in (to_read, to_write, far_read, far_write):
            os.close(fd)
        self._buffer = b""
        self._last = 0
        self.waiting: list[dict[str, Any]] = []  #: events that came while an answer was awaited

    def send(self, method: str, session: str | None = None, **params: Any) -> int:
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        return self._last

    def ask(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        wanted = self.send(method, session, **params)
        deadline = time.monotonic() + LOADING
        while time.monotonic() < deadline:
            message = self._read(1.0)
            if message and message.get("id") == wanted:
                if "error" in message:
                    raise RuntimeError(f"Chromium refuses {method}: {message['error'].get('message')}")
                answer: dict[str, Any] = message["result"]
                return answer
            if message:
                self.waiting.append(message)
        raise RuntimeError(f"Chromium gives no answer to {method}")

    def event(self, seconds: float) -> dict[str, Any] | None:
        """The next event, or None when there is none for so long."""
        return self.waiting.pop(0) if self.waiting else self._read(seconds)

    def _read(self, seconds: float) -> dict[str, Any] | None:
        deadline = time.monotonic() + seconds
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._events], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                return None
            chunk = os.read(self._events, 1 << 16)
            if not chunk:
                raise RuntimeError("Chromium has ended; run it by hand to see why")
            self._buffer += chunk
        message, _, self._buffer = self._buffer.partition(b"\0")
        event: dict[str, Any] = json.loads(message)
        return event

    def close(self) -> None:
        for fd in (self._commands, self._events):
            os.close(fd)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process, signal.SIGKILL)  # its own group, made above
        os.waitpid(self.process, 0)


def fault(event: dict[str, Any], page: str) -> str | None:
    """What is wrong about an event, in one line."""
    method, data = event.get("method"), event.get("params", {})
    if method == "Runtime.consoleAPICalled" and data["type"] in {"error", "assert"}:
        words = [str(one.get("value", one.get("description", one.get("type")))) for one in data["args"]]
        return f"console.{data['type']}: {' '.join(words)}"
    if method == "Runtime.exceptionThrown":
        detail = data["exceptionDetails"]
        return f"uncaught: {detail.get('exception', {}).get('description') or detail.get('text')}"
    if method == "Log.entryAdded" and data["entry"]["level"] == "error":
        return f"console: {data['entry']['text']} {data['entry'].get('url', '')}".rstrip()
    if method == "Network.requestWillBeSent":
        url = data["request"]["url"]
        if url.partition("#")[0] != page and not url.startswith(("data:", "blob:", "about:")):
            return f"request: {url[:200]}"
    if method == "Network.webSocketCreated":
        return f"request: {data['url'][:200]}"
    return None


def faults(browser: Browser, page: str) -> list[str]:
    """Open the page and collect what goes wrong until it has loaded and come to rest."""
    target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
    session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    watch(browser, session)
    found: list[str] = []
    loaded = False
    browser.ask("Page.enable", session)
    browser.ask("Page.navigate", session, url=page)
    deadline = time.monotonic() + LOADING
    quiet_since = time.monotonic()
    while not loaded or time.monotonic() - quiet_since < SETTLING:
        if time.monotonic() > deadline:
            return [*found, f"the page is still busy after {LOADING:.0f} s"]
        event = browser.event(0.2)
        if event is None:
            continue
        quiet_since = time.monotonic()
        if event.get("method") == "Page.loadEventFired" and event.get("sessionId") == session:
            loaded = True
        if event.get("method") == "Target.attachedToTarget":  # a frame or a worker of the page
            watch(browser, event["params"]["sessionId"], wait=False)
        if line := fault(event, page):
            found.append(line)
    text = browser.ask(
        "Runtime.evaluate", session, expression="document.body ? document.body.innerText.trim().length : 0"
    )
    if not text["result"].get("value"):
        found.append("the page shows no text")
    return list(dict.fromkeys(found))


def watch(browser: Browser, session: str, *, wait: bool = True) -> None:
    call = browser.ask if wait else browser.send
    for domain in ("Runtime", "Log", "Network"):
        call(f"{domain}.enable", session)
    call("Target.setAutoAttach", session, autoAttach=True, waitForDebuggerOnStart=False, flatten=True)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print("open_page: give one HTML file that exists", file=sys.stderr)
        return 2
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        print("open_page: no Chromium was found; on Debian: apt-get install chromium", file=sys.stderr)
        return 2
    page = Path(arguments[0]).resolve().as_uri()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        try:
            found = faults(browser, page)
        except (RuntimeError, OSError) as error:
            print(f"open_page: {error}", file=sys.stderr)
            return 2
        finally:
            browser.close()
    for line in found:
        print(f"open_page: {arguments[0]}: {line}", file=sys.stderr)
    if not found:
        print(f"{arguments[0]}: no console error, no request")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
