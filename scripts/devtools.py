"""Headless Chromium over the DevTools pipe (--remote-debugging-pipe), by the standard library."""
import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

TIMEOUT_S = 60
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--disable-extensions", "--disable-background-networking", "--no-first-run",
         "--remote-debugging-pipe", "about:blank"]


class BrowserError(Exception):
    pass


def high(descriptor):
    """The same file above the numbers that Chromium wants for its ends of the pipes."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return moved


class Browser:
    """A Chromium with a profile of its own, for `with`."""

    def __enter__(self):
        program = shutil.which("chromium")
        if program is None:
            raise BrowserError("chromium is not installed; run scripts/setup.sh")
        self.profile = tempfile.mkdtemp(prefix="chromium.")
        command_read, command_write = map(high, os.pipe())
        reply_read, reply_write = map(high, os.pipe())
        self.commands, self.replies = command_write, reply_read
        # Chromium reads commands from descriptor 3 and writes replies to 4.
        self.process = subprocess.Popen(
            ["/bin/bash", "-c", f'exec "$@" 3<&{command_read} 4>&{reply_write}', "chromium",
             program, f"--user-data-dir={self.profile}", *FLAGS],
            pass_fds=(command_read, reply_write), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(command_read)
        os.close(reply_write)
        self.received = b""
        self.last_id = 0
        self.events = []
        return self

    def __exit__(self, *_):
        os.close(self.commands)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.replies)
        shutil.rmtree(self.profile, ignore_errors=True)

    def message(self, deadline):
        """The next message, or BrowserError at the deadline."""
        while b"\0" not in self.received:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.replies], [], [], left)[0]:
                raise BrowserError(f"chromium did not answer within {TIMEOUT_S} s")
            part = os.read(self.replies, 1 << 20)
            if not part:
                raise BrowserError("chromium ended")
            self.received += part
        text, self.received = self.received.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, session=None, **parameters):
        """The result of a DevTools method; events that come meanwhile are kept."""
        self.last_id += 1
        request = {"id": self.last_id, "method": method, "params": parameters}
        if session:
            request["sessionId"] = session
        text = json.dumps(request).encode() + b"\0"
        while text:
            text = text[os.write(self.commands, text):]
        deadline = time.monotonic() + TIMEOUT_S
        while True:
            message = self.message(deadline)
            if message.get("id") != self.last_id:
                self.events.append(message)
            elif "error" in message:
                raise BrowserError(f"{method}: {message['error']['message']}")
            else:
                return message["result"]

    def wait_for(self, session, method):
        deadline = time.monotonic() + TIMEOUT_S
        while not any(event.get("sessionId") == session and event["method"] == method
                      for event in self.events):
            self.events.append(self.message(deadline))

    def open(self, path, width=1200, height=900, scheme="light"):
        return Page(self, path, width, height, scheme)


class Page:
    """A file in a window of its own, loaded whole."""

    def __init__(self, browser, path, width, height, scheme):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank", newWindow=True)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target,
                                    flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        browser.wait_for(self.session, "Page.loadEventFired")

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def evaluate(self, expression):
        """The value of a JavaScript expression, as JSON; promises are awaited."""
        reply = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                          awaitPromise=True, userGesture=True)
        if "exceptionDetails" in reply:
            raise BrowserError(json.dumps(reply["exceptionDetails"])[:500])
        return reply["result"].get("value")

    def wait_until(self, condition):
        """Until the JavaScript condition holds; BrowserError where it does not in time."""
        deadline = time.monotonic() + TIMEOUT_S
        while not self.evaluate(condition):
            if time.monotonic() > deadline:
                raise BrowserError(f"not within {TIMEOUT_S} s: {condition}")
            time.sleep(0.01)

    def press(self, key, code):
        for kind in ("rawKeyDown", "char", "keyUp") if key == "Enter" else ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code, text="\r" if kind == "char" else "")

    def complaints(self):
        """Errors and warnings of the console, exceptions, and requests that left the file."""
        found = []
        for event in self.browser.events:
            if event.get("sessionId") != self.session:
                continue
            method, parameters = event["method"], event.get("params", {})
            if method == "Runtime.exceptionThrown":
                found.append(parameters["exceptionDetails"].get("exception", {})
                             .get("description", parameters["exceptionDetails"]["text"]))
            elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning"):
                found.append(json.dumps(parameters["args"]))
            elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                found.append(parameters["entry"]["text"])
            elif method == "Network.requestWillBeSent":
                url = parameters["request"]["url"]
                if not url.startswith(("file:", "data:")):
                    found.append(f"request to {url}")
        return found

    def picture(self, path):
        """A PNG of the window."""
        reply = self.call("Page.captureScreenshot", format="png")
        with open(path, "wb") as file:
            file.write(base64.b64decode(reply["data"]))
