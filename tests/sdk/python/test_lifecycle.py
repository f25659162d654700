"""The whole life of a model and of an adapter, with the stock waiters."""
import datetime

from botocore.exceptions import WaiterError

from local import LocalTest, png


class InstantTest(LocalTest):
    def test_a_model_lives_from_project_to_nothing(self):
        c = self.rekognition
        project = self.project(Tags={"team": "birds"})
        version = self.train(project, Tags={"stage": "test"}, VersionDescription="the first")
        c.get_waiter("project_version_training_completed").wait(ProjectArn=project, VersionNames=["v1"])
        self.assertEqual(c.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1)["Status"], "STARTING")
        c.get_waiter("project_version_running").wait(ProjectArn=project, VersionNames=["v1"])
        found = c.detect_custom_labels(ProjectVersionArn=version, Image={"Bytes": png()}, MinConfidence=0, MaxResults=5)
        self.assertEqual(found["CustomLabels"], [])
        self.assertEqual(c.stop_project_version(ProjectVersionArn=version)["Status"], "STOPPING")
        self.assertEqual(self.status(version), "STOPPED")

        copy = c.copy_project_version(
            SourceProjectArn=project, SourceProjectVersionArn=version, DestinationProjectArn=self.project("copies"),
            VersionName="copied", OutputConfig={"S3Bucket": "results"})["ProjectVersionArn"]
        self.assertEqual(self.status(copy), "COPYING_COMPLETED")

        c.tag_resource(ResourceArn=version, Tags={"owner": "me"})
        c.untag_resource(ResourceArn=version, TagKeys=["stage"])
        self.assertEqual(c.list_tags_for_resource(ResourceArn=version)["Tags"], {"owner": "me"})
        self.assertEqual(c.list_tags_for_resource(ResourceArn=project)["Tags"], {"team": "birds"})

        self.assertEqual(c.delete_project_version(ProjectVersionArn=version)["Status"], "DELETING")
        self.assertEqual(self.describe(project, "v1"), [])
        self.assertEqual(c.delete_project(ProjectArn=project)["Status"], "DELETING")
        self.assertEqual(c.describe_projects(ProjectNames=["birds"])["ProjectDescriptions"], [])

    def test_the_stock_waiters_return_at_their_first_poll(self):
        project = self.project()
        version = self.train(project)
        polls = self.count(self.rekognition, "DescribeProjectVersions")
        self.rekognition.get_waiter("project_version_training_completed").wait(ProjectArn=project)
        self.assertEqual(len(polls), 1)
        self.rekognition.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1)
        self.rekognition.get_waiter("project_version_running").wait(ProjectArn=project)
        self.assertEqual(len(polls), 2)

    def test_a_stopped_model_is_started_again_with_other_units(self):
        c = self.rekognition
        project = self.project()
        version = self.running(project=project)
        c.stop_project_version(ProjectVersionArn=version)
        self.assertEqual(self.status(version), "STOPPED")
        c.start_project_version(ProjectVersionArn=version, MinInferenceUnits=2, MaxInferenceUnits=4)
        description = self.describe(project)[0]
        self.assertEqual((description["Status"], description["MinInferenceUnits"], description["MaxInferenceUnits"]),
                         ("RUNNING", 2, 4))

    def test_an_adapter_is_trained_and_serves_without_a_start(self):
        c = self.rekognition
        project = self.project("adapters", Feature="CONTENT_MODERATION", AutoUpdate="ENABLED")
        version = self.train(project, FeatureConfig={"ContentModeration": {"ConfidenceThreshold": 60.0}})
        c.get_waiter("project_version_training_completed").wait(ProjectArn=project)
        description = self.describe(project)[0]
        self.assertEqual((description["Feature"], description["FeatureConfig"]),
                         ("CONTENT_MODERATION", {"ContentModeration": {"ConfidenceThreshold": 60.0}}))
        shown = c.describe_projects(Features=["CONTENT_MODERATION"])["ProjectDescriptions"][0]
        self.assertEqual((shown["Feature"], shown["AutoUpdate"]), ("CONTENT_MODERATION", "ENABLED"))
        self.refuses("InvalidParameterException", c.start_project_version, ProjectVersionArn=version, MinInferenceUnits=1)
        self.refuses("InvalidParameterException", c.stop_project_version, ProjectVersionArn=version)
        self.refuses("InvalidParameterException", c.detect_custom_labels, ProjectVersionArn=version,
                     Image={"Bytes": png()})
        c.delete_project_version(ProjectVersionArn=version)
        c.delete_project(ProjectArn=project)

    def test_a_project_is_of_custom_labels_when_it_does_not_say(self):
        self.project("plain")
        self.project("adapters", Feature="CONTENT_MODERATION", AutoUpdate="DISABLED")
        self.refuses("InvalidParameterException", self.rekognition.create_project, ProjectName="half",
                     Feature="CONTENT_MODERATION")
        names = [p["ProjectArn"].split("/")[1] for p in self.rekognition.describe_projects()["ProjectDescriptions"]]
        self.assertEqual(names, ["plain"])

    def test_what_a_trained_model_says_of_itself(self):
        project = self.project()
        version = self.train(project, KmsKeyId="alias/models", VersionDescription="the first")
        d = self.describe(project)[0]
        self.assertEqual(d["ProjectVersionArn"], version)
        self.assertEqual(d["OutputConfig"], {"S3Bucket": "results", "S3KeyPrefix": "birds"})
        self.assertEqual((d["KmsKeyId"], d["VersionDescription"]), ("alias/models", "the first"))
        self.assertEqual(d["StatusMessage"], "The model is ready to run.")
        self.assertIsInstance(d["EvaluationResult"]["F1Score"], float)
        self.assertEqual(d["EvaluationResult"]["Summary"]["S3Object"]["Bucket"], "results")
        self.assertIsInstance(d["BillableTrainingTimeInSeconds"], int)
        self.assertNotIn("MinInferenceUnits", d)

    def test_times_are_datetimes_to_the_millisecond(self):
        project = self.project()
        version = self.train(project)
        of_project = self.rekognition.describe_projects()["ProjectDescriptions"][0]["CreationTimestamp"]
        of_version = self.describe(project)[0]
        for time, arn in ((of_project, project), (of_version["CreationTimestamp"], version)):
            self.assertIsInstance(time, datetime.datetime)
            self.assertEqual(round(time.timestamp() * 1000), int(arn.rpartition("/")[2]))
        self.assertGreaterEqual(of_version["TrainingEndTimestamp"], of_version["CreationTimestamp"])


class FrozenTest(LocalTest):
    options = ["--profile", "aws", "--clock", "frozen", "--set", "version.train=30m", "--set", "version.start=10m",
               "--set", "version.stop=2m", "--set", "version.delete=10s", "--set", "version.copy=5m"]

    def settle(self, version, path):
        for verb in path:
            if verb != "train":
                more = {"MinInferenceUnits": 1} if verb == "start" else {}
                getattr(self.rekognition, verb + "_project_version")(ProjectVersionArn=version, **more)
            self.advance(until="settled")

    def test_each_step_ends_at_its_millisecond_and_not_before(self):
        c = self.rekognition
        version = self.train(self.project())
        for act, busy, length, done in (
                (None, "TRAINING_IN_PROGRESS", "30m", "TRAINING_COMPLETED"),
                (lambda: c.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1), "STARTING", "10m",
                 "RUNNING"),
                (lambda: c.stop_project_version(ProjectVersionArn=version), "STOPPING", "2m", "STOPPED"),
                (lambda: c.delete_project_version(ProjectVersionArn=version), "DELETING", "10s", None)):
            if act:
                act()
            self.assertEqual(self.status(version), busy)
            minutes = {"30m": "29m59s999ms", "10m": "9m59s999ms", "2m": "1m59s999ms", "10s": "9s999ms"}[length]
            self.assertEqual(self.advance(minutes), [])
            self.assertEqual(self.status(version), busy)
            fired = self.advance("1ms")
            self.assertEqual([(f["arn"], f["from"]) for f in fired], [(version, busy)])
            self.assertEqual(self.status(version), done)

    def test_stock_waiters_poll_as_often_as_they_say_they_do(self):
        c = self.rekognition
        slept = self.virtual_time()
        project = self.project()
        version = self.train(project)
        polls = self.count(c, "DescribeProjectVersions")
        c.get_waiter("project_version_training_completed").wait(ProjectArn=project)
        self.assertEqual((len(polls), slept), (16, [120] * 15))
        c.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1)
        c.get_waiter("project_version_running").wait(ProjectArn=project)
        self.assertEqual((len(polls), slept), (16 + 21, [120] * 15 + [30] * 20))

    def test_a_waiter_gives_up_on_a_model_that_nobody_started(self):
        c = self.rekognition
        self.virtual_time()
        project = self.project()
        self.train(project)
        with self.assertRaisesRegex(WaiterError, "Max attempts exceeded"):
            c.get_waiter("project_version_running").wait(ProjectArn=project)

    def test_every_illegal_move_is_a_typed_exception_and_changes_nothing(self):
        c = self.rekognition
        other = self.project("other")
        in_use, not_ready = "ResourceInUseException", "ResourceNotReadyException"
        # What is done to get there; whether it is settled then; what is legal there.
        states = {
            "TRAINING_IN_PROGRESS": (["train"], False, ()),
            "TRAINING_COMPLETED": (["train"], True, ("start", "delete", "copy")),
            "STARTING": (["train", "start"], False, ("copy",)),
            "RUNNING": (["train", "start"], True, ("stop", "detect", "copy")),
            "STOPPING": (["train", "start", "stop"], False, ("copy",)),
            "STOPPED": (["train", "start", "stop"], True, ("start", "delete", "copy")),
            "DELETING": (["train", "delete"], False, ()),
        }
        for number, (state, (path, settled, legal)) in enumerate(states.items()):
            project = self.project(f"birds{number}")
            version = self.train(project)
            self.settle(version, path[:-1] if not settled else path)
            if not settled and path[-1] != "train":
                more = {"MinInferenceUnits": 1} if path[-1] == "start" else {}
                getattr(c, path[-1] + "_project_version")(ProjectVersionArn=version, **more)
            arguments = {"ProjectVersionArn": version}
            moves = {
                "start": (in_use, c.start_project_version, {**arguments, "MinInferenceUnits": 1}),
                "stop": (in_use, c.stop_project_version, arguments),
                "delete": (in_use, c.delete_project_version, arguments),
                "detect": (not_ready, c.detect_custom_labels, {**arguments, "Image": {"Bytes": png()}}),
                "copy": (in_use, c.copy_project_version, {
                    "SourceProjectArn": project, "SourceProjectVersionArn": version, "DestinationProjectArn": other,
                    "VersionName": f"copy{number}", "OutputConfig": {"S3Bucket": "results"}}),
            }
            for name, (error, operation, given) in moves.items():
                with self.subTest(f"{name} while {state}"):
                    self.assertEqual(self.status(version), state)
                    if name not in legal:
                        before = self.describe(project)
                        self.refuses(error, operation, **given)
                        self.assertEqual(self.describe(project), before)
            self.refuses(in_use, c.delete_project, ProjectArn=project)
            self.advance(until="settled")  # and out of the way of the quota
            if self.status(version) == "RUNNING":
                self.settle(version, ["stop"])

    def test_a_deleted_model_is_unknown_to_every_operation(self):
        c = self.rekognition
        project = self.project()
        version = self.train(project)
        self.settle(version, ["train", "delete"])
        missing, arguments = "ResourceNotFoundException", {"ProjectVersionArn": version}
        self.assertEqual(self.describe(project), [])
        self.assertEqual(self.describe(project, "v1"), [])
        self.refuses(missing, c.start_project_version, MinInferenceUnits=1, **arguments)
        self.refuses(missing, c.stop_project_version, **arguments)
        self.refuses(missing, c.delete_project_version, **arguments)
        self.refuses(missing, c.detect_custom_labels, Image={"Bytes": png()}, **arguments)
        self.refuses(missing, c.list_tags_for_resource, ResourceArn=version)
        c.delete_project(ProjectArn=project)
        self.advance(until="settled")
        self.refuses(missing, c.describe_project_versions, ProjectArn=project)
