"""Faults as clients meet them: boto3's own retries, and bytes on the wire."""
import os
import resource
import time
import unittest

from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from local import LocalTest
from server import SLOW, Closed, Connection, request

DESCRIBE = request("POST", "/", [("Content-Type", "application/x-amz-json-1.1"),
                                 ("X-Amz-Target", "RekognitionService.DescribeProjects")], b"{}")
CREATE = request("POST", "/", [("Content-Type", "application/x-amz-json-1.1"),
                               ("X-Amz-Target", "RekognitionService.CreateProject")], b'{"ProjectName":"birds"}')
DELAYED = 10000


class FaultsTest(LocalTest):
    options = ["--clock", "frozen"]

    def fault(self, **fault):
        return self.control("POST", "/faults", fault)["id"]

    def hits(self):
        return [fault["hits"] for fault in self.control("GET", "/faults")["faults"]]

    def requests(self, query=""):
        return self.control("GET", "/requests" + query)["requests"]

    # --- retries

    def survive(self, mode):
        """Two throttles and a reset, and what is done in the end is done once."""
        slept = self.virtual_time()
        throttle = self.fault(operation="CreateProject", times=2, error={"code": "ThrottlingException"})
        reset = self.fault(operation="CreateProject", times=1, wire="reset")
        client = self.client(retries={"mode": mode, "total_max_attempts": 5})
        sent = self.count(client, "CreateProject")
        answer = client.create_project(ProjectName="birds")
        self.assertEqual(answer["ResponseMetadata"]["RetryAttempts"], 3)
        self.assertEqual((len(sent), len(slept)), (4, 3))
        self.assertEqual(self.hits(), [2, 1])
        self.assertEqual([(r["status"], r["error"], r.get("fault")) for r in self.requests()],
                         [(400, "ThrottlingException", throttle), (400, "ThrottlingException", throttle),
                          (0, None, reset), (200, None, None)])
        self.assertEqual(self.control("GET", "/requests/count?operation=CreateProject&status=0"), {"count": 1})
        self.assertEqual(len(self.rekognition.describe_projects()["ProjectDescriptions"]), 1)

    def test_two_throttles_and_a_reset_are_survived_by_legacy_retries(self):
        self.survive("legacy")

    def test_two_throttles_and_a_reset_are_survived_by_standard_retries(self):
        self.survive("standard")

    def test_two_throttles_and_a_reset_are_survived_by_adaptive_retries(self):
        self.survive("adaptive")

    def test_errors_are_typed(self):
        for code in ("ThrottlingException", "InternalServerError", "ProvisionedThroughputExceededException"):
            self.fault(operation="DescribeProjects", times=1, error={"code": code})
            self.refuses(code, self.rekognition.describe_projects)

    def test_a_truncated_answer_is_of_a_call_that_was_performed(self):
        """botocore neither retries nor complains: it answers without what it could not read."""
        self.fault(operation="CreateProject", times=1, wire="truncate")
        client = self.client(retries={"total_max_attempts": 3})
        self.assertNotIn("ProjectArn", client.create_project(ProjectName="birds"))
        self.refuses("ResourceInUseException", client.create_project, ProjectName="birds")
        self.assertEqual([r["status"] for r in self.requests()], [200, 400])

    def test_a_hang_ends_with_the_patience_of_the_client(self):
        self.fault(operation="*", times=1, wire="hang")
        client = self.client(read_timeout=1)
        with self.assertRaises(ReadTimeoutError):
            client.describe_projects()
        client.describe_projects()

    def test_an_empty_answer_is_a_closed_connection(self):
        self.fault(operation="*", times=1, wire="empty")
        with self.assertRaises(ConnectionClosedError):
            self.rekognition.describe_projects()

    # --- bytes

    def struck(self, data=CREATE, **fault):
        """All bytes of the answer, and whether the connection ended in a reset."""
        self.fault(operation="*", times=1, **fault)
        connection = Connection(self.server.address)
        self.addCleanup(connection.close)
        connection.send(data)
        got = b""
        try:
            while more := connection.socket.recv(65536):
                got += more
        except ConnectionResetError:
            return got, True
        return got, False

    def test_each_wire_fault_has_its_bytes_and_changes_nothing(self):
        self.assertEqual(self.struck(wire="reset"), (b"", True))
        self.assertEqual(self.struck(wire="empty"), (b"", False))
        got, _ = self.struck(wire="garbage")
        self.assertTrue(got and not got.startswith(b"HTTP/"), got)
        self.assertEqual(self.control("GET", "/state")["accounts"], {})
        for entry, fault in zip(self.requests(), ("reset", "empty", "garbage"), strict=True):
            self.assertEqual((entry["status"], entry["error"], entry["output"]), (0, None, None))
            self.assertEqual(entry["explain"]["found"], f"fault {entry['fault']}: {fault}")

    def test_a_truncated_answer_stops_in_its_middle(self):
        got, _ = self.struck(wire="truncate")
        head, _, body = got.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split()[0])
        self.assertTrue(head.startswith(b"HTTP/1.1 200 "), head)
        self.assertEqual(len(body), length // 2)
        self.assertTrue(body.startswith(b'{"ProjectArn":"arn:'), body)
        got, _ = self.struck(wire="truncate", error={"code": "ThrottlingException", "status": 500})
        self.assertTrue(got.startswith(b"HTTP/1.1 500 "), got)

    def test_a_delay_comes_before_a_wire_fault_and_before_an_answer(self):
        for fault in ({}, {"wire": "empty"}, {"error": {"code": "ThrottlingException"}}):
            begin = time.monotonic()
            self.fault(operation="*", times=1, delay="150ms", **fault)
            connection = Connection(self.server.address)
            connection.send(DESCRIBE)
            try:
                connection.answer()
            except Closed:
                pass
            connection.close()
            self.assertGreaterEqual(time.monotonic() - begin, 0.15)

    # --- many

    def memory(self):
        with open(f"/proc/{self.server.process.pid}/status", encoding="ascii") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))

    def test_ten_thousand_delayed_calls_cost_memory_only(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < DELAYED + 500:
            raise unittest.SkipTest(f"needs {DELAYED + 500} open files, and may have {hard}")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, DELAYED + 500), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        self.fault(operation="DescribeProjects", delay="1h")
        self.control("GET", "/clock")
        before = self.memory()
        connections = []
        for _ in range(DELAYED):
            connections.append(Connection(self.server.address))
            connections[-1].send(DESCRIBE)
        slowest = 0
        while self.hits() != [DELAYED]:  # the answer of the server is what is waited for
            pass
        for _ in range(100):
            begin = time.monotonic()
            self.server.control("GET", "/_local/health")
            slowest = max(slowest, time.monotonic() - begin)
        each = (self.memory() - before) / DELAYED
        print(f"# {DELAYED} delayed calls: {each:.1f} KiB each, slowest health call {slowest * 1000:.1f} ms", flush=True)
        self.assertLess(slowest, 0.1 * SLOW)
        if "asan" not in os.environ["TEST_BINARY"]:
            self.assertLess(each, 64)
        self.assertEqual(self.server.stop(), 0)  # which ends all delays
        for connection in connections:
            with connection.socket as s:
                s.settimeout(20 * SLOW)
                self.assertTrue(s.recv(64).startswith(b"HTTP/1.1 200 "))


if __name__ == "__main__":
    unittest.main()
