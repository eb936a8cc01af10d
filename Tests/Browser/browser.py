"""Drives headless Chromium through its DevTools pipe: no driver, no library, no port.

https://chromedevtools.github.io/devtools-protocol/
"""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


def find():
    """The browser's path, or None."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        path = name and shutil.which(name)
        if path:
            return path
    return None


class Browser:
    """A browser with one page, which is shown files only."""

    def __init__(self, path, seconds=60):
        self.seconds = seconds
        self.profile = tempfile.mkdtemp(prefix="ailogger-browser-")
        to_read, self.to_browser = os.pipe()
        self.from_browser, to_write = os.pipe()
        # The protocol's pipes are descriptors 3 and 4 of the browser.
        script = 'exec "$0" "$@" 3<&%d 4>&%d' % (to_read, to_write)
        self.process = subprocess.Popen(
            ["bash", "-c", script, path, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-background-networking",
             "--disable-component-update", "--hide-scrollbars", "--user-data-dir=" + self.profile, "about:blank"],
            pass_fds=(to_read, to_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.buffer = b""
        self.last = 0
        self.session = None
        self.events = []
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next((one for one in targets if one["type"] == "page"), None)
        target = page["targetId"] if page else self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")

    def close(self):
        os.close(self.to_browser)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.from_browser)
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, **parameters):
        """What the browser answers; events that come before it are kept in `events`."""
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to_browser, data):]
        while True:
            answer = self.receive()
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def receive(self):
        end = time.monotonic() + self.seconds
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.from_browser], [], [], max(0, end - time.monotonic()))
            data = ready and os.read(self.from_browser, 1 << 20)
            if not data:
                raise RuntimeError("the browser is silent" if not ready else "the browser is gone")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    # What tests do

    def open(self, path, fragment="", width=1280, height=900, dark=False, scripts=True):
        """Shows a file as if for the first time."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"}])
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.call("Page.navigate", url="about:blank")
        self.wait("Page.loadEventFired")
        self.events.clear()
        self.call("Page.navigate", url="file://" + os.path.abspath(path) + fragment)
        self.wait("Page.loadEventFired")
        if scripts:
            self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def wait(self, name):
        while not any(event.get("method") == name for event in self.events):
            self.events.append(self.receive())
        self.events = [event for event in self.events if event.get("method") != name]

    def run(self, expression):
        """The value of an expression in the page; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def press(self, key):
        """A key, as a person would press it."""
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowLeft": 37, "ArrowRight": 39}
        text = {"text": "\r" if key == "Enter" else key} if key == "Enter" or len(key) == 1 else {}
        code = {"windowsVirtualKeyCode": codes[key]} if key in codes else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text, **code)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, **code)

    def type(self, text):
        for letter in text:
            self.press(letter)

    def drag(self, selector, start, end):
        """Drags the mouse over an element, from one share of its width to another."""
        box = self.run(f"(({{left, top, width, height}}) => [left, top, width, height])"
                       f"(document.querySelector({json.dumps(selector)}).getBoundingClientRect())")
        places = [(box[0] + box[2] * share, box[1] + box[3] / 2) for share in (start, (start + end) / 2, end)]
        for kind, (x, y) in zip(("mousePressed", "mouseMoved", "mouseReleased"), places):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1)

    def problems(self):
        """What the console says, what failed, and every request but that of the page itself."""
        result = []
        for event in self.events:
            name, data = event.get("method"), event.get("params", {})
            if name == "Runtime.exceptionThrown":
                result.append("exception: " + json.dumps(data["exceptionDetails"])[:500])
            elif name == "Runtime.consoleAPICalled" and data["type"] in ("error", "warning", "assert"):
                result.append("console: " + json.dumps(data["args"])[:500])
            elif name == "Log.entryAdded":
                result.append("log: " + data["entry"]["text"])
            elif name == "Network.requestWillBeSent" and data.get("type") != "Document":
                result.append("request: " + data["request"]["url"][:200])
        return result

    def screenshot(self, path, full=False):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"clip": {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 8000), "scale": 1}}
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=full, **(clip if full else {}))
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF", printBackground=False)["data"])
