"""Models that are trained with something: manifests and datasets in, results in a bucket out."""
import json
import os
import random
import shutil
import tempfile

from server import Server

from training_figures import Bucket, Folder, check_figures, check_numbers, classified, json_lines, located, picture, read_results, text
from local import LocalTest, png
from s3 import Moto

LABELS = "rose", "tulip", "daisy"


def asset(key, bucket="manifests"):
    return {"GroundTruthManifest": {"S3Object": {"Bucket": bucket, "Name": key}}}


class TrainingTest(LocalTest):
    def setUp(self):
        """Every test begins its server itself."""
        self.folder = tempfile.mkdtemp(prefix="rekognition-local-training.")
        self.addCleanup(shutil.rmtree, self.folder)
        self.store = Folder(self.folder)

    def begin(self, *options, where=None, environment=None, db=None):
        where = where or "dir:" + self.folder
        self.server = self.enterContext(
            Server(os.environ["TEST_BINARY"], ["--profile", "instant", "--s3", where, *options]))
        self.server.start(environment or {})
        self.url = "http://{}:{}".format(*self.server.address)
        self.rekognition = self.client()

    def flowers(self, count, bucket="images", prefix="", labels=LABELS):
        """Lines of `count` images, which are there."""
        lines = []
        for i in range(count):
            self.store.put(bucket, f"{prefix}{i}.png", png(extra=8))
            lines.append(classified(f"s3://{bucket}/{prefix}{i}.png", labels[i % len(labels)]))
        return lines

    def boxes(self, count, labels=LABELS, bucket="images", prefix="boxes/"):
        lines, chance = [], random.Random(5)
        for i in range(count):
            self.store.put(bucket, f"{prefix}{i}.png", png(640, 480, extra=8))
            lines.append(located(f"s3://{bucket}/{prefix}{i}.png", *(
                (labels[(i + k) % len(labels)], chance.randrange(500), chance.randrange(400), 20 + k, 30)
                for k in range(1 + i % 3))))
        return lines

    def train_with(self, training, testing=None, name="v1", project=None, **more):
        """Trains with these lines (split, when there are none to test with); the description at the end."""
        project = project or self.project("p" + name)
        self.store.put("manifests", f"{name}-train.manifest", text(training))
        data = {"TrainingData": {"Assets": [asset(f"{name}-train.manifest")]},
                "TestingData": {"AutoCreate": True, "Assets": []}}
        if testing is not None:
            self.store.put("manifests", f"{name}-test.manifest", text(testing))
            data["TestingData"] = {"Assets": [asset(f"{name}-test.manifest")]}
        wanted = dict(ProjectArn=project, VersionName=name,
                      OutputConfig={"S3Bucket": "results", "S3KeyPrefix": "out/put"}, **data)
        wanted.update(more)
        self.rekognition.create_project_version(**wanted)
        self.advance(until="settled")
        return self.describe(project, name)[0]

    def failed(self, description, message, *codes, part=None):
        """Says why in the description and, when it is about the content, in the summary."""
        self.assertEqual((description["Status"], description["StatusMessage"]), ("TRAINING_FAILED", message))
        self.assertNotIn("EvaluationResult", description)
        self.assertNotIn("BillableTrainingTimeInSeconds", description)
        if not codes:
            self.assertNotIn("ManifestSummary", description)
            self.assertNotIn("Validation", description["TrainingDataResult"])
            return None
        results = read_results(self.store, description)
        summary = results["ManifestSummary"]
        where = summary["statistics"][part] if part else summary
        self.assertEqual([error["code"] for error in where["errors"]], list(codes))
        self.assertIn(message, [error["message"] for error in where["errors"]])
        return results


class TrainingInAFolder(TrainingTest):
    def test_a_classifier_leaves_results_whose_figures_agree(self):
        self.begin()
        for name, score in ("v0.95", 0.95), ("v0.6", 0.6), ("v1", 1), ("v0", 0):
            with self.subTest(score):
                self.control("PATCH", "/settings", {"training.f1Score": score})
                description = self.train_with(self.flowers(60), self.flowers(90, prefix="t/"), name)
                self.assertEqual((description["Status"], description["StatusMessage"]),
                                 ("TRAINING_COMPLETED", "The model is ready to run."))
                self.assertAlmostEqual(description["EvaluationResult"]["F1Score"], score, delta=0.01)
                check_figures(self, read_results(self.store, description), description)
        self.assertEqual([key for key in self.store.keys("results") if "-v1." in key],
                         sorted(f"out/put/{kind}-pv1-v1.json" for kind in (
                             "EvaluationResultSummary", "ManifestSummary", "TrainingGroundTruth", "TestingGroundTruth",
                             "TrainingManifestWithValidation", "TestingManifestWithValidation")))

    def test_a_detector_leaves_results_whose_figures_agree(self):
        self.begin()
        for name, score, labels in ("v1", 0.95, LABELS), ("v2", 0.5, LABELS[:1]), ("v3", 0.8, LABELS[:2]):
            with self.subTest(score):
                self.control("PATCH", "/settings", {"training.f1Score": score})
                description = self.train_with(self.boxes(30, labels), self.boxes(60, labels, prefix="t/"), name)
                self.assertEqual(description["Status"], "TRAINING_COMPLETED", description["StatusMessage"])
                self.assertAlmostEqual(description["EvaluationResult"]["F1Score"], score, delta=0.02)
                results = read_results(self.store, description)
                check_figures(self, results, description)
                self.assertEqual(results["ManifestSummary"]["statistics"]["testing"]["use_case"], "OBJECT_LOCALIZATION")
                for line in results["TestingGroundTruth"]:
                    self.assertEqual(line["rekognition-custom-labels-evaluation"], line["rekognition-custom-labels-evaluation-0"])

    def test_images_may_have_several_labels(self):
        self.begin("--set", "training.f1Score=0.7")
        lines = self.flowers(40)
        for i, line in enumerate(lines[::2]):
            line.update(classified(line["source-ref"], LABELS[(2 * i + 1) % 3]))
        description = self.train_with(lines, lines)
        self.assertAlmostEqual(description["EvaluationResult"]["F1Score"], 0.7, delta=0.02)
        check_figures(self, read_results(self.store, description), description)

    def test_lines_of_the_ground_truth_are_numbered_and_say_which_they_were(self):
        self.begin()
        for name, lines, tested in (("c", self.flowers(12), self.flowers(9, prefix="t/")),
                                    ("d", self.boxes(12), self.boxes(9, prefix="u/"))):
            with self.subTest(name):
                lines[3:3] = [{"source-ref": "s3://images/0.png"}]
                tested[:0] = [{"source-ref": "s3://images/1.png"}]
                results = read_results(self.store, self.train_with(lines, tested, name))
                check_numbers(self, results["TrainingGroundTruth"], lines)
                check_numbers(self, results["TestingGroundTruth"], tested)
                self.assertEqual([line["line-idx"] for line in results["TestingGroundTruth"]], list(range(2, 11)))
                self.assertNotIn(4, [line["line-idx"] for line in results["TrainingGroundTruth"]])

    def test_the_longest_names_make_files_that_can_be_read_again(self):
        self.begin()
        project, name = self.project("p" * 255), "v" * 255
        self.store.put("manifests", "long", text(self.flowers(30)))
        self.rekognition.create_project_version(
            ProjectArn=project, VersionName=name, OutputConfig={"S3Bucket": "results", "S3KeyPrefix": "o" * 300},
            TrainingData={"Assets": [asset("long")]}, TestingData={"AutoCreate": True})
        self.advance(until="settled")
        description = self.describe(project, name)[0]
        self.assertEqual(description["Status"], "TRAINING_COMPLETED", description["StatusMessage"])
        place = description["TestingDataResult"]["Output"]["Assets"][0]["GroundTruthManifest"]["S3Object"]
        self.assertEqual(place["Name"], f"{'o' * 300}/TestingGroundTruth-{'p' * 255}-{name}.json")
        files = [key for key in self.store.keys("results") if key.startswith("ooo")]
        self.assertEqual(len(files), 6)
        self.assertTrue(all(len(part) <= 255 for key in files for part in key.split("/")))
        self.rekognition.create_project_version(
            ProjectArn=project, VersionName="again", OutputConfig={"S3Bucket": "results"},
            TrainingData={"Assets": [asset(place["Name"].replace("Testing", "Training"), "results")]},
            TestingData={"Assets": [asset(place["Name"], "results")]})
        self.advance(until="settled")
        again = self.describe(project, "again")[0]
        self.assertEqual(again["Status"], "TRAINING_COMPLETED", again["StatusMessage"])

    def test_a_fifth_is_split_off_to_test_with(self):
        self.begin()
        lines = self.flowers(70, labels=LABELS[:2])
        description = self.train_with(lines)
        results = read_results(self.store, description)
        check_numbers(self, results["TrainingGroundTruth"], lines)
        check_numbers(self, results["TestingGroundTruth"], lines)
        self.assertEqual((len(results["TrainingGroundTruth"]), len(results["TestingGroundTruth"])), (56, 14))
        sources = [{line["source-ref"] for line in results[part + "GroundTruth"]} for part in ("Training", "Testing")]
        self.assertFalse(sources[0] & sources[1])
        check_figures(self, results, description)
        again = self.train_with(self.flowers(70, labels=LABELS[:2]), name="v1", project=self.project("another"))
        self.assertEqual(again["Status"], "TRAINING_COMPLETED")
        self.assertEqual(description["TestingDataResult"]["Input"], {"Assets": [], "AutoCreate": True})
        few = self.flowers(10) + self.flowers(1, prefix="one/", labels=["orchid"])
        self.failed(self.train_with(few, name="few"),
                    "The manifest file contains insufficient labeled images per label to perform auto-split.",
                    "ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_AUTOSPLIT", part="training")

    def test_datasets_are_trained_with(self):
        self.begin()
        project = self.project()
        lines = self.flowers(30)
        for kind, part in ("TRAIN", lines[:24]), ("TEST", lines[24:]):
            dataset = self.rekognition.create_dataset(ProjectArn=project, DatasetType=kind)["DatasetArn"]
            self.advance(until="settled")
            self.rekognition.update_dataset_entries(DatasetArn=dataset, Changes={"GroundTruth": text(part)})
            self.advance(until="settled")
        self.rekognition.create_project_version(ProjectArn=project, VersionName="v", OutputConfig={"S3Bucket": "results"})
        self.advance(until="settled")
        description = self.describe(project)[0]
        self.assertEqual(description["Status"], "TRAINING_COMPLETED", description["StatusMessage"])
        self.assertEqual(description["TrainingDataResult"]["Input"], {})
        results = read_results(self.store, description)
        self.assertEqual((len(results["TrainingGroundTruth"]), len(results["TestingGroundTruth"])), (24, 6))
        check_figures(self, results, description)
        self.assertIn("ManifestSummary-birds-v.json", self.store.keys("results"))

    def test_lines_that_are_wrong_are_told_and_left_out(self):
        self.begin()
        lines = self.flowers(40)
        self.store.put("images", "text.png", b"no picture")
        self.store.put("images", "small.png", png(32, 32))
        wrong = [("{", "ERROR_INVALID_JSON_LINE"), ({"x": 1}, "ERROR_MISSING_SOURCE_REF"),
                 ({"source-ref": "http://images/1.png"}, "ERROR_INVALID_SOURCE_REF_FORMAT"),
                 ({"source-ref": "s3://images/1.png", "x": 1}, "ERROR_NO_LABEL_ATTRIBUTES"),
                 (classified("s3://images/text.png", "rose"), "ERROR_INVALID_IMAGE"),
                 (classified("s3://images/none.png", "rose"), "ERROR_INVALID_IMAGE"),
                 (classified("s3://images/small.png", "rose"), "ERROR_INVALID_IMAGE_DIMENSION")]
        bare = {"source-ref": lines[0]["source-ref"]}
        training = lines[:10] + [bare] + [line for line, _ in wrong] + lines[10:]
        results = read_results(self.store, self.train_with(training, lines))
        statistics = results["ManifestSummary"]["statistics"]
        self.assertEqual(statistics["training"], {
            "use_case": "IMAGE_LEVEL_LABELS", "total_json_lines": 48, "valid_json_lines": 40, "invalid_json_lines": 7,
            "ignored_json_lines": 1, "errors": [], "error_json_line_indices": list(range(12, 19))})
        self.assertEqual(statistics["testing"]["error_json_line_indices"], [])
        self.assertEqual(results["ManifestSummary"]["errors"], [])
        self.assertEqual(len(results["TrainingGroundTruth"]), 40)
        for (line, code), told in zip(wrong, results["TrainingManifestWithValidation"][11:18]):
            self.assertEqual([error["code"] for error in told.pop("cl-errors")], [code])
            self.assertEqual(told, {} if isinstance(line, str) else line)
        self.assertEqual(results["TrainingManifestWithValidation"][10]["warnings"],
                         [{"code": "WARNING_UNANNOTATED_RECORD", "message": "Record is unannotated."}])

    def test_contents_that_nothing_can_be_trained_with(self):
        self.begin()
        lines = self.flowers(30)
        one = self.flowers(10, prefix="one/", labels=["rose"])
        others = self.flowers(10, prefix="others/", labels=["oak", "elm"])
        self.failed(self.train_with(one, one, "few"), "The manifest file has too few labels.",
                    "ERROR_MANIFEST_TOO_FEW_LABELS", part="training")
        self.failed(self.train_with(lines, others, "apart"),
                    "Less than 50% label overlap between the training and testing manifest files.",
                    "ERROR_INSUFFICIENT_LABEL_OVERLAP")
        self.failed(self.train_with(lines + ["{"] * 8, lines, "invalid"), "The manifest file contains too many invalid rows.",
                    "ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST", part="training")
        self.failed(self.train_with(lines, lines[:8] + ["{"] * 3, "test"), "The manifest file contains too many invalid rows.",
                    "ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST", part="testing")
        self.failed(self.train_with(lines + self.flowers(3, bucket="elsewhere"), lines, "two"),
                    "The manifest file contains images from multiple S3 buckets.",
                    "ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS", part="training")
        boxes = self.boxes(10)
        results = self.failed(self.train_with(boxes[:2] + self.flowers(3, labels=["rose", "oak", "elm"]), lines, "mixed"),
                              "Less than 50% usable label overlap between the training and testing manifest files.",
                              "ERROR_INSUFFICIENT_USABLE_LABEL_OVERLAP")
        self.assertEqual(results["ManifestSummary"]["statistics"]["training"]["ignored_json_lines"], 2)
        self.control("PATCH", "/settings", {"dataset.maxLabels": 2})
        self.failed(self.train_with(lines, lines, "many"), "The manifest file has too many labels.",
                    "ERROR_MANIFEST_TOO_MANY_LABELS", part="training")
        self.control("PATCH", "/settings", {"dataset.maxLabels": None, "dataset.maxEntries": 29})
        self.failed(self.train_with(lines, lines, "rows"), "The manifest file has too many rows.",
                    "ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM", part="training")

    def test_files_that_nothing_can_be_read_from(self):
        self.begin()
        lines = self.flowers(10)
        self.failed(self.train_with([], lines, "empty"), "The manifest file is empty.")
        self.failed(self.train_with(lines, [], "empty-2"), "The manifest file is empty.")
        self.failed(self.train_with(lines, lines, "none", TrainingData={"Assets": [asset("none.manifest")]}),
                    "The manifest file extension or contents are invalid.")
        self.control("PATCH", "/settings", {"dataset.maxManifestBytes": 1000})
        self.failed(self.train_with(lines, lines, "large"), "The manifest file size exceeds the maximum supported size.")
        self.control("PATCH", "/settings", {"dataset.maxManifestBytes": None})
        with open(self.folder + "/file", "w"):
            self.failed(self.train_with(lines, lines, "out", OutputConfig={"S3Bucket": "file"}),
                        "Unable to write to output S3 bucket.")

    def test_what_is_killed_is_trained_again(self):
        results = {}
        lines = self.flowers(300)
        self.store.put("manifests", "train.manifest", text(lines))
        for name, deaths in ("whole", 0), ("killed", 4):
            self.begin("--db", f"{self.folder}/{name}.db", "--clock", "frozen", "--profile", "quick")
            project = self.project()
            self.rekognition.create_project_version(
                ProjectArn=project, VersionName="v", OutputConfig={"S3Bucket": name},
                TrainingData={"Assets": [asset("train.manifest")]}, TestingData={"AutoCreate": True})
            for _ in range(deaths):
                self.server.kill()
                self.server.start({})
                self.url = "http://{}:{}".format(*self.server.address)
                self.rekognition = self.client()
            self.advance(until="settled")
            description = self.describe(project)[0]
            self.assertEqual(description["Status"], "TRAINING_COMPLETED", description["StatusMessage"])
            results[name] = read_results(self.store, description)
            check_figures(self, results[name], description)
        for kind in "TrainingManifestWithValidation", "TestingManifestWithValidation", "ManifestSummary":
            self.assertEqual(results["whole"][kind], results["killed"][kind])
        for found in results.values():
            found["EvaluationResultSummary"].pop("EvaluationDetails")
        self.assertEqual(results["whole"]["EvaluationResultSummary"], results["killed"]["EvaluationResultSummary"])


    def test_a_copy_takes_the_results_along(self):
        self.begin()
        description = self.train_with(self.flowers(20), self.flowers(10, prefix="t/"))
        source = self.describe(self.project("other")) or description["ProjectVersionArn"]
        wanted = dict(SourceProjectArn=self.arn_of("pv1"), SourceProjectVersionArn=source,
                      DestinationProjectArn=self.arn_of("other"))
        self.rekognition.copy_project_version(VersionName="copy", OutputConfig={"S3Bucket": "copies", "S3KeyPrefix": "c"}, **wanted)
        self.advance(until="settled")
        copy = self.describe(self.arn_of("other"))[0]
        self.assertEqual(copy["Status"], "COPYING_COMPLETED", copy["StatusMessage"])
        keys = self.store.keys("copies")
        self.assertEqual(len(keys), 6)
        for key in keys:
            self.assertTrue(key.endswith("-other-copy.json"), key)
            self.assertEqual(self.store.get("copies", key),
                             self.store.get("results", key.replace("c/", "out/put/").replace("other-copy", "pv1-v1")))
        self.assertIn(copy["EvaluationResult"]["Summary"]["S3Object"]["Name"], keys)
        self.assertIn(copy["ManifestSummary"]["S3Object"]["Name"], keys)
        with open(self.folder + "/file", "w"):
            self.rekognition.copy_project_version(VersionName="none", OutputConfig={"S3Bucket": "file"}, **wanted)
        self.advance(until="settled")
        copy = self.describe(self.arn_of("other"), "none")[0]
        self.assertEqual((copy["Status"], copy["StatusMessage"]),
                         ("COPYING_FAILED", "Unable to write to output S3 bucket."))

    def arn_of(self, name):
        return self.rekognition.describe_projects(ProjectNames=[name])["ProjectDescriptions"][0]["ProjectArn"]


class TrainingAtMoto(TrainingTest):
    def test_the_flow_of_the_guide(self):
        moto = self.enterContext(Moto())
        s3 = moto.client()
        self.store = Bucket(s3)
        for bucket in "images", "manifests", "results":
            s3.create_bucket(Bucket=bucket)
        self.begin(where=moto.url, environment=moto.environment())
        description = self.train_with(self.flowers(24), self.flowers(12, prefix="t/"))
        self.assertEqual(description["Status"], "TRAINING_COMPLETED", description["StatusMessage"])
        check_figures(self, read_results(self.store, description), description)
        version = description["ProjectVersionArn"]
        self.rekognition.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1)
        self.advance(until="settled")
        seen = self.rekognition.detect_custom_labels(
            ProjectVersionArn=version, Image={"S3Object": {"Bucket": "images", "Name": "4.png"}})["CustomLabels"]
        self.assertEqual([label["Name"] for label in seen], ["tulip"])
        known = self.rekognition.detect_custom_labels(
            ProjectVersionArn=version, Image={"Bytes": self.store.get("images", "5.png")})["CustomLabels"]
        self.assertEqual([label["Name"] for label in known], ["daisy"])
        self.rekognition.stop_project_version(ProjectVersionArn=version)
        self.failed(self.train_with(self.flowers(24), name="nowhere", OutputConfig={"S3Bucket": "no-such-bucket"}),
                    "Unable to write to output S3 bucket.")
