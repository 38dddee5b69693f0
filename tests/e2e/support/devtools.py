"""Chromium's own developer tools, opened in one of its tabs and driven from outside."""
import asyncio
import json
import subprocess
import time
import urllib.parse
import urllib.request

import websockets

from support.patience import PATIENCE


class DevTools:
    """A headless browser with a tab in which the developer tools look at another, empty tab."""

    def __init__(self, folder):
        self.folder = folder
        self.browser = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-proxy-server",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             f"--user-data-dir={folder}", "--remote-debugging-port=0", "--remote-allow-origins=*", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.loop = asyncio.new_event_loop()
        self.socket, self.calls = None, 0

    def __enter__(self):
        try:
            self.place = f"127.0.0.1:{self._port()}"
            page = next(tab for tab in self._fetch("/json") if tab["type"] == "page")
            address = f"http://{self.place}/devtools/devtools_app.html?ws={self.place}/devtools/page/{page['id']}"
            tab = self._fetch("/json/new?" + urllib.parse.quote(address, safe=""), "PUT")
            self.socket = self._await(self._connect(tab["webSocketDebuggerUrl"]))
            self.wait(lambda: self.run("document.title").startswith("DevTools - "), "the developer tools do not open")
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        if self.socket:
            self._await(self.socket.close())
        self.loop.close()
        self.browser.kill()
        self.browser.wait()

    def run(self, script):
        """The value of an expression of JavaScript, which may be a promise, in the tab of the tools."""
        self.calls += 1
        self._await(self.socket.send(json.dumps({"id": self.calls, "method": "Runtime.evaluate", "params": {
            "expression": script, "awaitPromise": True, "returnByValue": True}})))
        while True:
            answer = json.loads(self._await(self.socket.recv()))
            if answer.get("id") == self.calls:
                result = answer["result"]
                assert "exceptionDetails" not in result, result["exceptionDetails"]
                return result["result"].get("value")

    def wait(self, condition, otherwise):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert self.browser.poll() is None and time.monotonic() < deadline, otherwise
            time.sleep(0.05)

    @staticmethod
    async def _connect(address):
        return await websockets.connect(address, max_size=None)

    def _await(self, work):
        async def bounded():
            return await asyncio.wait_for(work, PATIENCE)
        return self.loop.run_until_complete(bounded())

    def _fetch(self, path, method="GET"):
        request = urllib.request.Request(f"http://{self.place}{path}", method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def _port(self):
        file = self.folder / "DevToolsActivePort"
        self.wait(lambda: file.exists() and file.read_text().count("\n") > 0, "the browser does not start")
        return int(file.read_text().split("\n")[0])
