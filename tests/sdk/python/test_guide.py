"""Programs in the shape of the samples of the Custom Labels guide, as they are: only the environment says where to."""
import os
import subprocess
import sys

from local import LocalTest, png
from server import PATIENCE

GUIDE = os.path.realpath(os.path.join(os.path.dirname(__file__), "../guide"))
CONFIG = """[profile custom-labels-access]
region = us-east-1
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
"""


class GuideTest(LocalTest):
    def setUp(self):
        super().setUp()
        config = os.path.join(self.server.folder, "config")
        with open(config, "w", encoding="utf-8") as f:
            f.write(CONFIG)
        self.environment = {**os.environ, "AWS_ENDPOINT_URL_REKOGNITION": self.url, "AWS_CONFIG_FILE": config}

    def run_sample(self, name, *arguments, status=0, stdin=""):
        done = subprocess.run([sys.executable, f"{GUIDE}/{name}.py", *arguments], env=self.environment, input=stdin,
                              capture_output=True, text=True, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout

    def test_the_samples_of_the_guide_run_as_they_are(self):
        project = self.run_sample("create_project", "birds").split("ARN: ")[1].strip()
        trained = self.run_sample("train_model", project, "v1", "results", "birds", "--manifest", "s3://data/train.manifest",
                                  "--tag_name", "stage", "--tag_value", "test")
        model = trained.split("Finished training model: ")[1].split()[0]
        self.assertIn("Status: TRAINING_COMPLETED; F1 score: 0.95", trained)
        photo = os.path.join(self.server.folder, "robin.png")
        with open(photo, "wb") as f:
            f.write(png())
        self.assertIn("not running", self.run_sample("show_custom_labels", model, photo, status=1))
        self.assertIn("Status: RUNNING", self.run_sample("start_model", project, model, "1", "--max_inference_units", "2"))
        self.assertEqual(self.run_sample("show_custom_labels", model, photo), "Custom labels detected: 0\n")
        shown = self.run_sample("describe_models", "--project_name", "birds")
        for line in ("Project: birds", f"\tModel: {model}", "\tStatus: RUNNING", "\tInference units: 1", "\tTag: stage=test",
                     "\tEvaluation: s3://results/birds/EvaluationResultSummary-birds-v1.json",
                     "\tTestingDataResult: birds/TestingGroundTruth-birds-v1.json"):
            self.assertIn(line + "\n", shown)
        self.assertIn("Status: STOPPED", self.run_sample("stop_model", project, model))
        self.assertIn("Finished deleting model", self.run_sample("delete_model", project, model, stdin="y\n"))
        self.assertNotIn("Model:", self.run_sample("describe_models"))

    def test_a_program_that_knows_its_arns_runs_in_a_world_that_has_them(self):
        project = "arn:aws:rekognition:us-east-1:123456789012:project/garden/1617548260281"
        model = project.replace("/1617548260281", "/version/garden.2021-04-04T11.35.22/1617550522329")
        self.control("POST", "/load", {"accounts": {"123456789012": {"us-east-1": {"projects": [{
            "name": "garden", "arn": project, "versions": [
                {"name": "garden.2021-04-04T11.35.22", "arn": model, "status": "TRAINING_COMPLETED"}]}]}}}})
        self.assertIn("Status: RUNNING", self.run_sample("start_model", project, model, "1"))
        self.assertIn("Status: STOPPED", self.run_sample("stop_model", project, model))

    def test_the_samples_for_collections_users_and_liveness_run_as_they_are(self):
        for who in ("ann", "bob"):
            self.control("POST", "/images", {"image": {"s3": f"photos/{who}*"}, "shows": {"persons": [{"person": who}]}})
        shown = self.run_sample("keep_faces", "staff", "photos", "ann1.jpg", "ann2.jpg", "bob.jpg", "ann3.jpg")
        for line in ("Collection ARN: aws:rekognition:us-east-1:123456789012:collection/staff", "Status code: 200",
                     "faces count: 3", "3 faces deleted", "The collection staff was not found"):
            self.assertIn(line + "\n", shown)
        found = [line.split("ExternalImageId: ")[1] for line in shown.splitlines() if line.startswith("FaceId")]
        self.assertEqual((sorted(found[:2]), found[2:]), (["ann1.jpg", "ann2.jpg"], ["ann2.jpg"]))
        shown = self.run_sample("keep_users", "staff", "ann", "photos", "ann1.jpg", "ann2.jpg", "ann3.jpg")
        for line in ("- associated 2 faces; the user is UPDATING", "- ann is ACTIVE", "- found ann with 100", "Finished"):
            self.assertIn(line + "\n", shown)
        self.control("PATCH", "/settings", {"liveness.auto": "on", "liveness.check": "0s"})
        self.assertIn("Status: SUCCEEDED\n", self.run_sample("check_liveness"))
