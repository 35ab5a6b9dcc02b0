"""A headless Chromium for tests of the page: the standard library only.

Chromium is driven through the pair of pipes of `--remote-debugging-pipe` (JSON messages that end in a zero byte).
No name resolves in that browser, so a page that asks for something gets nothing, and is reported.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LOADING = 90.0  #: seconds a page may take to load
SETTLING = 0.5  #: seconds of silence after that
#: Keys by name: the code and the text that Chromium wants with them.
KEYS: dict[str, tuple[int, str]] = {
    "Tab": (9, ""), "Enter": (13, "\r"), "Escape": (27, ""), "ArrowLeft": (37, ""), "ArrowUp": (38, ""),
    "ArrowRight": (39, ""), "ArrowDown": (40, ""), "+": (187, "+"), "-": (189, "-"), "/": (191, "/"),
}  # fmt: skip


def program() -> str | None:
    """Where a Chromium is installed."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextlib.contextmanager
def opened(file: Path, wide: int = 1400, high: int = 1000) -> Iterator[Page]:
    """A page in a browser of its own, loaded and at rest."""
    found = program()
    if found is None:
        raise RuntimeError("no Chromium was found; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(found, profile)
        try:
            page = Page(browser, file.resolve().as_uri())
            page.resize(wide, high)
            page.load()
            yield page
        finally:
            browser.close()


class Page:
    """One page: what a reader does with it, and what goes wrong meanwhile."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.faults: list[str] = []
        self.wide, self.high = 0, 0
        target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session: str = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._watch(self.session)
        self.ask("Page.enable")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        return self.browser.ask(method, self.session, **params)

    def load(self, fragment: str = "") -> None:
        """Open the page anew and wait until it has come to rest."""
        self.ask("Page.navigate", url="about:blank")
        self.settle()
        self.ask("Page.navigate", url=self.address + (f"#{fragment}" if fragment else ""))
        deadline = time.monotonic() + LOADING
        loaded, quiet_since = False, time.monotonic()
        while not loaded or time.monotonic() - quiet_since < SETTLING:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the page is still busy after {LOADING:.0f} s")
            event = self.browser.event(0.1)
            if event is None:
                continue
            quiet_since = time.monotonic()
            loaded = loaded or (event.get("method") == "Page.loadEventFired" and event.get("sessionId") == self.session)
            self._take(event)

    def settle(self, seconds: float = 0.15) -> None:
        """Let the page do what it has to, and note what goes wrong."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if event := self.browser.event(0.05):
                self._take(event)

    def run(self, script: str) -> Any:
        """The value of an expression in the page, which may use `$` and `$$`; a promise is awaited."""
        answer = self.ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, includeCommandLineAPI=True
        )
        if "exceptionDetails" in answer:
            detail = answer["exceptionDetails"]
            raise AssertionError(f"{script}: {detail.get('exception', {}).get('description') or detail.get('text')}")
        return answer["result"].get("value")

    def wait(self, script: str, seconds: float = 10.0) -> Any:
        """The value of an expression as soon as it is true."""
        deadline = time.monotonic() + seconds
        while not (value := self.run(script)):
            assert time.monotonic() < deadline, f"not true after {seconds:g} s: {script}"
            self.settle(0.05)
        return value

    def click(self, what: str) -> None:
        """A click of the mouse in the middle of the first element that a selector finds, once it stands still.

        Formulas are set when they come into view, which moves what is below them.
        """
        found = f"document.querySelector({json.dumps(what)})"
        assert self.run(f"!!{found}"), f"nothing on the page is {what}"
        self.run(f"{found}.scrollIntoView({{block: 'center', inline: 'center'}})")
        box = f"(() => {{ const b = {found}.getBoundingClientRect(); return [b.x + b.width/2, b.y + b.height/2]; }})()"
        x, y = self._still(box)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        self.settle()

    def _still(self, box: str, seconds: float = 5.0) -> Any:
        """A place on the page that is the same three times in a row."""
        deadline, seen = time.monotonic() + seconds, [self.run(box)]
        while len(seen) < 3 or seen[-3:] != [seen[-1]] * 3:
            assert time.monotonic() < deadline, f"the page does not come to rest: {seen[-3:]}"
            self.settle(0.1)
            seen.append(self.run(box))
        return seen[-1]

    def press(self, key: str, modifiers: int = 0) -> None:
        code, text = KEYS[key]
        named = {"key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        self.ask("Input.dispatchKeyEvent", type="keyDown", text=text, **named)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **named)
        self.settle(0.1)

    def type(self, text: str) -> None:
        """Text into whatever has the focus."""
        self.ask("Input.insertText", text=text)
        self.settle()

    def heard(self, what: str) -> list[tuple[str, str]]:
        """Role and name of all that a screen reader finds in the first element of a selector."""
        found = self.ask("Runtime.evaluate", expression=f"document.querySelector({json.dumps(what)})")
        nodes = self.ask("Accessibility.queryAXTree", objectId=found["result"]["objectId"])["nodes"]
        return [
            (n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes if not n["ignored"] and "role" in n
        ]

    def resize(self, wide: int, high: int) -> None:
        self.wide, self.high = wide, high
        self.ask("Emulation.setDeviceMetricsOverride", width=wide, height=high, deviceScaleFactor=1, mobile=wide < 600)

    def dark(self, on: bool) -> None:
        """What the reader's system prefers."""
        value = "dark" if on else "light"
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": value}])

    def picture(self, file: Path) -> None:
        """What the window shows."""
        file.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))

    def _take(self, event: dict[str, Any]) -> None:
        if event.get("method") == "Target.attachedToTarget":  # a frame or a worker of the page
            self._watch(event["params"]["sessionId"], wait=False)
        if (line := fault(event, self.address)) and line not in self.faults:
            self.faults.append(line)

    def _watch(self, session: str, *, wait: bool = True) -> None:
        call = self.browser.ask if wait else self.browser.send
        for domain in ("Runtime", "Log", "Network"):
            call(f"{domain}.enable", session)
        call("Target.setAutoAttach", session, autoAttach=True, waitForDebuggerOnStart=False, flatten=True)


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
