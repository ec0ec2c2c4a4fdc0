"""Chromium without a window, told what to do by the WebDriver protocol (W3C) through chromedriver:
JSON over HTTP, so that nothing but the two Debian packages is needed."""

import base64
import json
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

PATIENCE_S = 20
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # how WebDriver says that something is an element
KEYS = {"Escape": "\ue00c", "Left": "\ue012", "Right": "\ue014", "Home": "\ue011", "End": "\ue010",
        "Down": "\ue015", "Up": "\ue013", "Enter": "\ue007"}
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--no-first-run", "--disable-background-networking", "--disable-extensions",
         "--window-size=1280,860"]


class Browser:
    def __init__(self):
        self.opened = 0
        self.wishes = None
        self.folder = tempfile.mkdtemp(prefix="glassmq-chromium-")
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        port = None
        for line in self.driver.stdout:
            port = re.search(r"started successfully on port (\d+)", line)
            if port:
                break
        self.address = f"http://127.0.0.1:{port[1]}"
        options = {"binary": shutil.which("chromium"),
                   "args": FLAGS + [f"--user-data-dir={self.folder}"]}
        wanted = {"goog:chromeOptions": options,
                  "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        begun = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.address += f"/session/{begun['sessionId']}"

    def end(self):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(PATIENCE_S)
            self.driver.stdout.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, how, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, method=how,
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"]) from None

    def tell(self, command, **parameters):
        """A command of the DevTools protocol."""
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, path, width=1280, height=860, dark=False, still=True):
        """Loads the page anew: each time by another address, so that no hash is left."""
        self.opened += 1
        if self.wishes != (width, height, dark, still):
            self.wishes = (width, height, dark, still)
            self.wish(width, height, dark, still)
        self.call("POST", "/url", {"url": f"{path.resolve().as_uri()}?{self.opened}"})

    def wish(self, width, height, dark, still):
        wishes = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
                  {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"}]
        self.tell("Emulation.setEmulatedMedia", features=wishes)
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 500)

    def run(self, script, *words):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(words)})

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0]).innerText", selector)

    def find(self, selector):
        return self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def find_all(self, selector):
        found = self.call("POST", "/elements", {"using": "css selector", "value": selector})
        return [element[ELEMENT] for element in found]

    def click(self, selector):
        self.call("POST", f"/element/{self.find(selector)}/click", {})

    def label(self, element):
        """What a screen reader calls it."""
        return self.call("GET", f"/element/{element}/computedlabel")

    def role(self, element):
        return self.call("GET", f"/element/{element}/computedrole")

    def press(self, *keys):
        """On the keyboard, whatever has the focus."""
        steps = []
        for key in keys:
            value = KEYS.get(key, key)
            steps += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self.act({"type": "key", "id": "keyboard", "actions": steps})

    def drag(self, *points):
        """Down at the first point, over the others, and up."""
        moves = [{"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)}
                 for x, y in points]
        moves.insert(1, {"type": "pointerDown", "button": 0})
        self.act({"type": "pointer", "id": "finger", "parameters": {"pointerType": "touch"},
                  "actions": moves + [{"type": "pointerUp", "button": 0}]})

    def act(self, source):
        self.call("POST", "/actions", {"actions": [source]})
        self.call("DELETE", "/actions")

    def logs(self, kind):
        """What came since the last call: "browser" is the console."""
        return self.call("POST", "/se/log", {"type": kind})

    def wait(self, script, *words):
        """Until the script answers with something true, which is the answer here too."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            answer = self.run(script, *words)
            if answer:
                return answer
            if time.monotonic() > deadline:
                raise AssertionError(f"never came true: {script}")
            time.sleep(0.02)

    def photograph(self, path):
        path.write_bytes(base64.b64decode(self.call("GET", "/screenshot")))
