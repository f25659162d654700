"""describe.hold: stock waiters, which sleep for 30 or 120 seconds between two polls, return when the work is done."""
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
