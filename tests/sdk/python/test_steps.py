"""A step that is told to fail, in whatever phase it is, fails; and what it did is not there. Even across kill -9."""
import json
import os
import socket
import threading

from server import Server

from local import LocalTest, png

COUNT = 300


def line(i, label="cat"):
    return {"source-ref": f"s3://data/{i}.jpg", "job": 1,
            "job-metadata": {"confidence": 1, "job-name": "labeling-job/job", "class-name": label,
                             "human-annotated": "yes", "creation-date": "2021-07-11T03:33:42.025Z",
                             "type": "groundtruth/image-classification"}}


def manifest(entries):
    return "".join(json.dumps(entry) + "\n" for entry in entries).encode()


class Silent:
    """A server of S3 that takes every request and answers none."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.asked, self.clients = threading.Semaphore(0), []
        self.thread = threading.Thread(target=self.listen)
        self.thread.start()
        return self

    def listen(self):
        try:
            while True:
                client = self.socket.accept()[0]
                self.clients.append(client)
                if client.recv(1):
                    self.asked.release()
        except OSError:
            pass

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()
        for client in self.clients:
            client.close()


class StepsTest(LocalTest):
    def setUp(self):
        """Every test begins its server itself."""

    def begin(self, *options):
        self.server = self.enterContext(Server(os.environ["TEST_BINARY"], ["--clock", "frozen", "--profile", "aws", *options]))
        self.put("data/train.manifest", manifest(line(i, "cat" if i % 2 else "dog") for i in range(40)))
        self.put("data/test.manifest", manifest(line(i, "cat" if i % 2 else "dog") for i in range(40, 60)))
        self.put("results/.keep", b"")
        for i in range(60):
            self.put(f"data/{i}.jpg", png())
        self.start()
        self.control("PATCH", "/settings", {"limit.projects": 1000, "limit.versionsPerProject": 1000,
                                            "limit.concurrentTrainings": 1000})

    def put(self, name, data):
        path = f"{self.server.folder}/s3/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)

    def start(self):
        self.server.start({"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"})
        self.url = "http://{}:{}".format(*self.server.address)
        self.rekognition = self.client()

    def begin_with_objects(self):
        self.begin("--s3", "dir:s3")

    # --- steps, and what is there afterwards

    def make(self, project, kind="TRAIN", **source):
        more = {"DatasetSource": source} if source else {}
        return self.rekognition.create_dataset(ProjectArn=project, DatasetType=kind, **more)["DatasetArn"]

    def make_from_manifest(self, project):
        return self.make(project, GroundTruthManifest={"S3Object": {"Bucket": "data", "Name": "train.manifest"}})

    def update(self, dataset, entries):
        self.rekognition.update_dataset_entries(DatasetArn=dataset, Changes={"GroundTruth": manifest(entries)})

    def filled(self, project, kind="TRAIN"):
        dataset = self.make(project, kind)
        self.advance(until="settled")
        self.update(dataset, [line(i) for i in range(COUNT)])
        self.advance(until="settled")
        return dataset

    def told(self, dataset):
        """All that can be seen of its content."""
        entries, token = [], {}
        while token is not None:
            page = self.rekognition.list_dataset_entries(DatasetArn=dataset, **token)
            entries += page["DatasetEntries"]
            token = {"NextToken": page["NextToken"]} if "NextToken" in page else None
        labels = self.rekognition.list_dataset_labels(DatasetArn=dataset)["DatasetLabelDescriptions"]
        return self.stats(dataset), entries, labels

    def described(self, dataset):
        return self.rekognition.describe_dataset(DatasetArn=dataset)["DatasetDescription"]

    def stats(self, dataset):
        return self.described(dataset)["DatasetStats"]

    def fail(self, resource, event, **more):
        """Posts the outcome; how many steps it has had when that is answered."""
        posted = self.control("POST", "/outcomes", {"resource": resource, "event": event, "to": "fail", **more})
        return self.control("GET", "/outcomes/" + posted["id"])["hits"]

    def settle_work(self):
        self.control("GET", "/state")  # is told between two states

    def wait_for_end(self, dataset):
        """What is due now ends when its work is done, or taken back."""
        self.settle_work()
        return self.described(dataset)["Status"]

    # --- an outcome that comes while the step is under way is never lost

    def check_posting(self, project, begin, event, status, failed, times=20):
        for i in range(times):
            resource = begin(i)
            if i % 3 == 0:
                self.settle_work()
            self.assertEqual(self.fail(resource if i % 2 else resource + "*", event, after="0s"), 1, i)
            self.settle_work()
            self.assertEqual(status(resource), failed, i)

    def check_all_postings(self):
        project = self.project()
        self.advance(until="settled")
        self.check_posting(project, lambda i: self.train(project, f"v{i}"), "train", self.status, "TRAINING_FAILED")

        def create(i):
            other = self.project(f"p{i}")
            self.advance("2s")
            return self.make_from_manifest(other)
        self.check_posting(project, create, "dataset.create", lambda arn: self.described(arn)["Status"], "CREATE_FAILED")
        dataset = self.filled(project)
        before = self.told(dataset)

        def update(i):
            self.update(dataset, [line(j, "dog") for j in range(0, COUNT + 50, i + 2)])
            return dataset
        self.check_posting(project, update, "dataset.update", lambda arn: self.described(arn)["Status"], "UPDATE_FAILED")
        self.assertEqual(self.told(dataset), before)
        self.update(dataset, [line(0, "dog"), line(COUNT)])
        self.advance(until="settled")
        self.assertEqual(self.stats(dataset), {"LabeledEntries": COUNT + 1, "TotalEntries": COUNT + 1, "TotalLabels": 2,
                                               "ErrorEntries": 0})

    def test_an_outcome_takes_a_step_under_way_in_every_phase(self):
        self.begin()
        self.check_all_postings()

    def test_an_outcome_takes_a_step_under_way_in_every_phase_with_objects(self):
        self.begin_with_objects()
        self.check_all_postings()

    def test_an_outcome_breaks_off_what_waits_for_another_server(self):
        silent = self.enterContext(Silent())
        self.begin("--s3", silent.url)
        project = self.project()
        self.advance(until="settled")
        version = self.train(project)
        self.assertTrue(silent.asked.acquire(timeout=60))
        self.assertEqual(self.fail("*", "train", message="Enough.", after="0s"), 1)
        self.settle_work()
        shown = self.describe(project)[0]
        self.assertEqual((shown["Status"], shown["StatusMessage"]), ("TRAINING_FAILED", "Enough."))
        version = self.train(project, "v2")
        self.assertTrue(silent.asked.acquire(timeout=60))
        self.assertEqual(self.fail(version, "train"), 1)
        self.advance("29m59s")
        self.assertEqual(self.status(version), "TRAINING_IN_PROGRESS")
        self.advance("1s")
        self.assertEqual(self.status(version), "TRAINING_FAILED")

    # --- what a step did is there when it ends well, and never else

    def check_update(self, interrupt):
        project = self.project()
        dataset = self.filled(project)
        before = self.told(dataset)
        for turn in range(3):
            self.update(dataset, [line(i, "dog") for i in range(10, COUNT + 10)])
            if turn != 1:
                self.settle_work()
            interrupt()
            self.assertEqual(self.stats(dataset), before[0])
            self.assertEqual(self.fail(dataset, "dataset.update"), 1)
            interrupt()
            self.assertEqual(self.stats(dataset), before[0])
            self.advance("15s")
            self.assertEqual(self.described(dataset)["Status"], "UPDATE_FAILED")
            self.assertEqual(self.told(dataset), before)
        self.update(dataset, [line(i, "dog") for i in range(10, COUNT + 10)])
        interrupt()
        self.advance("15s")
        self.assertEqual(self.described(dataset)["Status"], "UPDATE_COMPLETE")
        stats, entries, _ = after = self.told(dataset)
        self.assertEqual((stats["TotalEntries"], stats["TotalLabels"]), (COUNT + 10, 2))
        self.assertTrue(all('"dog"' in e for e in entries[10:]) and not any('"dog"' in e for e in entries[:10]))
        # What has ended well stays, whatever becomes of the next step.
        self.update(dataset, [line(11, "cow")])
        self.settle_work()
        self.fail(dataset, "dataset.update", after="0s")
        self.assertEqual(self.wait_for_end(dataset), "UPDATE_FAILED")
        self.assertEqual(self.told(dataset), after)

    def nothing(self):
        pass

    def kill(self):
        self.server.kill()
        self.start()

    def test_an_update_that_fails_late_leaves_the_entries_as_they_were(self):
        self.begin()
        self.check_update(self.nothing)

    def test_an_update_that_fails_late_leaves_the_entries_as_they_were_after_a_kill(self):
        self.begin()
        self.check_update(self.kill)

    def check_copy(self, interrupt):
        source = self.filled(self.project())
        copies = self.project("copies")
        self.advance("2s")
        dataset = self.make(copies, DatasetArn=source)
        self.settle_work()
        interrupt()
        self.assertEqual(self.fail(dataset, "dataset.create"), 1)
        interrupt()
        self.advance("15s")
        shown = self.described(dataset)
        self.assertEqual((shown["Status"], set(shown["DatasetStats"].values())), ("CREATE_FAILED", {0}))
        self.assertEqual(self.told(source)[0]["TotalEntries"], COUNT)

    def test_a_copy_that_fails_late_has_no_entries(self):
        self.begin()
        self.check_copy(self.nothing)

    def test_a_copy_that_fails_late_has_no_entries_after_a_kill(self):
        self.begin()
        self.check_copy(self.kill)

    def check_distribution(self, interrupt):
        project = self.project()
        train = self.filled(project)
        test = self.make(project, "TEST")
        self.advance(until="settled")
        before = self.told(train), self.told(test)
        for turn, (told, after) in enumerate([(train, "10s"), (test, "0s"), (test, "20s")]):
            self.rekognition.distribute_dataset_entries(Datasets=[{"Arn": train}, {"Arn": test}])
            if turn != 1:
                self.settle_work()
            interrupt()
            self.assertEqual(self.fail(told, "dataset.update", after=after, message="No."), 1)
            interrupt()
            self.advance("30s")
            for dataset in (train, test):
                shown = self.described(dataset)
                self.assertEqual((shown["Status"], shown["StatusMessage"]), ("UPDATE_FAILED", "No."))
            self.assertEqual([e for e in sorted(self.told(train)[1])], sorted(before[0][1]))
            self.assertEqual((self.told(train)[0], self.told(test)[1]), (before[0][0], []))
        self.rekognition.distribute_dataset_entries(Datasets=[{"Arn": train}, {"Arn": test}])
        interrupt()
        self.advance("30s")
        self.assertEqual([self.stats(d)["TotalEntries"] for d in (train, test)], [COUNT * 4 // 5, COUNT // 5])

    def test_a_distribution_that_fails_late_has_moved_nothing(self):
        self.begin()
        self.check_distribution(self.nothing)

    def test_a_distribution_that_fails_late_has_moved_nothing_after_a_kill(self):
        self.begin()
        self.check_distribution(self.kill)
