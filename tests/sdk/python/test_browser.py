"""A real browser, with TEST_BROWSER=1 and chromium: what a page of elsewhere may. The console is in tests/console."""
import functools
import http.server
import os
import re
import shutil
import subprocess
import tempfile
import threading
import unittest

from local import LocalTest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

# Each attack is answered with what the page got to see of it; then a word says that all were made.
ATTACKS = """<!doctype html><body><script type="module">
const url = 'URL', told = []
const attack = async (name, path, options) => {
  try { const answer = await fetch(url + path, options); told.push(name + '=' + (answer.type === 'opaque' ? 'opaque' : await answer.text())) }
  catch { told.push(name + '=refused') }
}
const api = { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'RekognitionService.DescribeProjects', Authorization: 'x' } }
await attack('reset', '/_local/reset', { method: 'POST', mode: 'no-cors' })
await attack('advance', '/_local/clock/advance', { method: 'POST', mode: 'no-cors', body: '{"by":"1h"}' })
await attack('read', '/_local/state', {})
await attack('settings', '/_local/settings', { method: 'PATCH', body: '{"limit.projects":1}', headers: { 'Content-Type': 'application/json' } })
await attack('api', '/', api)
document.body.textContent = told.join(' | ') + ' | done'
</script>"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@unittest.skipUnless(CHROMIUM and os.environ.get("TEST_BROWSER"), "it takes chromium, a while, and TEST_BROWSER=1")
class BrowserTest(LocalTest):
    options = ["--profile", "instant", "--clock", "frozen"]

    def show(self, url, *flags):
        """The page as it is after a while."""
        profile = self.enterContext(tempfile.TemporaryDirectory())
        done = subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + profile, "--virtual-time-budget=4000",
                               *flags, "--dump-dom", url], capture_output=True, text=True, timeout=60)
        return done.stdout

    def page(self, text):
        """Served from a port of its own; what URL stands for its origin."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        with open(os.path.join(folder, "index.html"), "w") as f:
            f.write(text)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server.server_address[1]

    def attack(self, host, *flags):
        port = self.page(ATTACKS.replace("URL", self.url))
        found = re.search(r"<body>(.*) \| done", self.show(f"http://{host}:{port}/", *flags))
        self.assertIsNotNone(found)
        return dict(part.split("=", 1) for part in found[1].split(" | "))

    def test_a_page_of_a_stranger_changes_and_reads_nothing(self):
        self.project("birds")
        before = self.control("GET", "/state")["digest"]
        # Its name leads to this machine, as any that an attacker has may.
        told = self.attack("evil.example", "--host-resolver-rules=MAP evil.example 127.0.0.1")
        self.assertEqual({name: told[name] for name in ("read", "settings", "api")}, {"read": "refused", "settings": "refused", "api": "refused"})
        self.assertEqual(self.control("GET", "/state")["digest"], before)
        self.assertEqual(self.control("GET", "/clock")["mode"], "frozen")
        self.assertNotIn("_local", "".join(told.values()))

    def test_a_page_of_this_machine_calls_the_api_and_nothing_else(self):
        self.project("birds")
        before = self.control("GET", "/state")["digest"]
        told = self.attack("localhost")
        self.assertIn('{"ProjectDescriptions":[{"ProjectArn":', told["api"])
        self.assertEqual((told["read"], told["settings"]), ("refused", "refused"))
        self.assertEqual(self.control("GET", "/state")["digest"], before)

    def test_a_name_that_was_rebound_reads_nothing(self):
        page = self.show(f"http://evil.example:{self.server.address[1]}/_local/state", "--host-resolver-rules=MAP evil.example 127.0.0.1")
        self.assertIn("--allow-host would let it in", page)
