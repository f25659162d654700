"""`rekognition-local wait`, against servers that are late, and others that are none."""
import http.server
import os
import resource
import subprocess
import threading
import unittest

from server import PATIENCE, Server, free_port


def wait(port, timeout):
    return subprocess.Popen([os.environ["TEST_BINARY"], "wait", "--url", f"http://127.0.0.1:{port}", "--timeout", timeout],
                            stderr=subprocess.PIPE, text=True)


class WaitTest(unittest.TestCase):
    def test_a_server_that_starts_later_is_waited_for(self):
        port = free_port()
        with wait(port, f"{PATIENCE:.0f}s") as waiting, Server(os.environ["TEST_BINARY"], ["--port", str(port)]).start():
            self.assertEqual(waiting.wait(PATIENCE), 0)

    def test_waiting_is_not_work(self):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with wait(free_port(), "1s") as waiting:
            self.assertEqual(waiting.wait(PATIENCE), 1)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.assertLess(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 0.5)

    def test_what_answers_something_else_is_not_ready(self):
        class Other(http.server.BaseHTTPRequestHandler):
            status, body = 200, b""

            def do_GET(self):
                self.send_response(self.status)
                self.send_header("Content-Length", str(len(self.body)))
                self.end_headers()
                self.wfile.write(self.body)

            def log_message(self, *_):
                pass

        with http.server.HTTPServer(("127.0.0.1", 0), Other) as other:
            threading.Thread(target=other.serve_forever, daemon=True).start()
            for Other.status, Other.body in ((200, b'{"ready":false}'), (200, b"ready"), (503, b'{"ready":true}'),
                                             (200, b" " * 5000 + b'{"ready":true}')):
                with self.subTest(Other.body.strip()), wait(other.server_port, "200ms") as waiting:
                    self.assertEqual(waiting.wait(PATIENCE), 1)
                    self.assertRegex(waiting.stderr.read(), r"^rekognition-local: [^\n]*not ready within 200ms: [^\n]+\n$")
            Other.status, Other.body = 200, b'{"status":"ok","ready":true}'
            with wait(other.server_port, "5s") as waiting:
                self.assertEqual(waiting.wait(PATIENCE), 0)
            other.shutdown()
