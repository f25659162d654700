"""describe.hold: stock waiters, which sleep for 30 or 120 seconds between two polls, return when the work is done."""
import os
import subprocess
import threading
import time

from botocore.exceptions import WaiterError
from local import LocalTest
from server import PATIENCE, SLOW


class QuickTest(LocalTest):
    """Steps that take real time, though little."""
    options = ["--profile", "quick", "--set", "version.train=400ms", "--set", "version.start=300ms",
               "--set", "describe.hold=20s"]

    def test_the_stock_waiters_ask_once_and_return_when_the_work_is_done(self):
        c, project = self.rekognition, self.project()
        sent = self.count(c, "DescribeProjectVersions")
        begun = time.monotonic()
        version = self.train(project)
        c.get_waiter("project_version_training_completed").wait(ProjectArn=project)
        trained = time.monotonic()
        c.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1)
        c.get_waiter("project_version_running").wait(ProjectArn=project, VersionNames=["v1"])
        running = time.monotonic()
        self.assertEqual(len(sent), 2)
        self.assertGreaterEqual(trained - begun, 0.4)
        self.assertLess(trained - begun, 0.4 + SLOW)
        self.assertGreaterEqual(running - trained, 0.3)
        self.assertLess(running - trained, 0.3 + SLOW)
        self.assertEqual(self.control("GET", "/requests/count?operation=DescribeProjectVersions"), {"count": 2})

    def test_a_waiter_learns_of_a_failure_when_it_happens(self):
        c, project = self.rekognition, self.project()
        self.control("POST", "/outcomes", {"resource": "*", "event": "train", "to": "fail"})
        sent = self.count(c, "DescribeProjectVersions")
        self.train(project)
        with self.assertRaisesRegex(WaiterError, "terminal failure state"):
            c.get_waiter("project_version_training_completed").wait(ProjectArn=project)
        self.assertEqual(len(sent), 1)


class WaitersTest(LocalTest):
    """In quick, a waiter's calls are held without being told to, and no others."""
    options = ["--profile", "quick", "--set", "version.train=1s", "--set", "version.start=300ms"]

    def test_the_stock_waiters_ask_once_and_other_calls_are_answered_at_once(self):
        c, project = self.rekognition, self.project()
        begun = time.monotonic()
        version = self.train(project)
        self.assertEqual(self.describe(project)[0]["Status"], "TRAINING_IN_PROGRESS")
        sent = self.count(c, "DescribeProjectVersions")
        c.get_waiter("project_version_training_completed").wait(ProjectArn=project)
        self.assertGreaterEqual(time.monotonic() - begun, 1)
        c.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1)
        self.assertEqual(self.describe(project)[0]["Status"], "STARTING")
        c.get_waiter("project_version_running").wait(ProjectArn=project, VersionNames=["v1"])
        self.assertEqual(len(sent), 3)
        self.assertLess(time.monotonic() - begun, 1.3 + 2 * SLOW)

    def test_the_cli_waits_likewise(self):
        project = self.project()
        self.train(project)
        env = {**os.environ, "AWS_ENDPOINT_URL_REKOGNITION": self.url, "AWS_DEFAULT_REGION": "us-east-1",
               "AWS_ACCESS_KEY_ID": "123456789012", "AWS_SECRET_ACCESS_KEY": "any"}
        done = subprocess.run([os.environ["AWS"], "rekognition", "wait", "project-version-training-completed",
                               "--project-arn", project], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertEqual(self.describe(project)[0]["Status"], "TRAINING_COMPLETED")
        self.assertEqual(self.control("GET", "/requests/count?operation=DescribeProjectVersions"), {"count": 2})


class FrozenTest(LocalTest):
    options = ["--profile", "aws", "--clock", "frozen", "--set", "describe.hold=20s"]

    def held(self, count):
        """Asks until the server holds so many calls."""
        wanted, deadline = f"\nrekognition_local_held_calls {count}\n", time.monotonic() + PATIENCE
        while wanted not in self.server.control("GET", "/_local/metrics").body.decode():
            self.assertLess(time.monotonic(), deadline)

    def test_an_advance_from_another_connection_ends_a_wait(self):
        waiting_client, project = self.client(), self.project()
        sent = self.count(waiting_client, "DescribeProjectVersions")
        waiter = waiting_client.get_waiter("project_version_training_completed")
        self.train(project)
        waiting = threading.Thread(target=waiter.wait, kwargs={"ProjectArn": project})
        waiting.start()
        self.held(1)
        self.assertEqual(self.advance("29m"), [])
        self.held(1)
        self.assertEqual([f["to"] for f in self.advance("1m")], ["TRAINING_COMPLETED"])
        waiting.join(PATIENCE)
        self.assertFalse(waiting.is_alive())
        self.assertEqual(len(sent), 1)
        self.held(0)
