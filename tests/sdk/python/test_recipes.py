"""The recipes that the README shows do what it says of them, and are there as they are here."""
import glob
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import yaml
from local import LocalTest
from server import PATIENCE, free_port

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../../.."))
RECIPES = ROOT + "/tests/recipes/"


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


# What pytest says when all tests of the recipes have passed.
PASSED = f"{sum(len(re.findall(r'^def test_', read(path), re.M)) for path in glob.glob(RECIPES + 'test_*.py'))} passed"


def run(command, cwd=ROOT, **env):
    # As for a user: no Python of ours, no server's log.
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **env}, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE * 3, check=False)
    return done.returncode, done.stdout


class RecipesTest(unittest.TestCase):
    def setUp(self):
        """A folder to be in, and one with what a user has on the path."""
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        tools = self.enterContext(tempfile.TemporaryDirectory())
        os.symlink(os.environ["TEST_BINARY"], tools + "/rekognition-local")
        self.path = ":".join([tools, os.path.dirname(os.environ["PYTHON"]), os.environ["PATH"]])

    def script(self, name, **env):
        """Runs the script of that name; what it prints, as words."""
        status, output = run([RECIPES + name], cwd=self.folder, PATH=self.path, REKOGNITION_LOCAL_PORT=str(free_port()), **env)
        self.assertEqual(status, 0, output)
        return output.split()

    def pytest(self, *options, **env):
        status, output = run([os.environ["PYTHON"], "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, RECIPES], **env)
        self.assertEqual((status, re.findall(r"\d+ passed", output)), (0, [PASSED]), output)

    def test_pytest(self):
        self.pytest()

    def test_pytest_with_workers_of_xdist_and_one_server(self):
        self.pytest("-n", "3")

    def test_the_leak_check_of_pytest(self):
        with open(RECIPES + "test_birds.py", encoding="utf-8") as f, \
                open(self.folder + "/test_leak.py", "w", encoding="utf-8") as leak:
            leak.write(f.read().replace("    rekognition.stop_project_version(", "    dict("))
        for name in "conftest.py", "robin.png":
            shutil.copy(RECIPES + name, self.folder)
        status, output = run([os.environ["PYTHON"], "-m", "pytest", "-q", "-p", "no:cacheprovider", self.folder])
        left = re.findall(r"^E +AssertionError: the test has left models on, which cost money$", output, re.MULTILINE)
        self.assertEqual((status, len(left)), (1, 2), output)

    def test_the_helper_for_node(self):
        here = ROOT + "/tests/sdk/javascript"
        status, output = run([os.environ["NODE"], "--import", here + "/resolve.mjs", "--test", "--test-reporter=tap",
                              *glob.glob(RECIPES + "*.test.mjs")])
        self.assertEqual((status, re.findall(r"# pass (\d+)", output)), (0, ["1"]), output)

    def test_the_shell_script(self):
        self.assertEqual(self.script("birds.sh"), ["STARTING", "STOPPING"])

    def test_a_fixture(self):
        self.assertEqual(self.script("fixture.sh"), ["TRAINING_FAILED", "The", "manifest", "file", "is", "not",
                                                     "accessible.", "RUNNING", "The", "model", "is", "running."])
        with open(self.folder + "/now.json", encoding="utf-8") as f:
            self.assertIn("123456789012", json.load(f)["accounts"])

    def test_a_training_with_folders(self):
        output = self.script("train_with_folders.sh")
        self.assertEqual(output[:2], ["TRAINING_COMPLETED", "first/EvaluationResultSummary-birds-first.json"])
        self.assertEqual(len(output), 8, output)

    def test_a_training_with_moto(self):
        output = self.script("train_with_moto.sh", MOTO_PORT=str(free_port()))
        self.assertIn("TRAINING_COMPLETED", output)
        self.assertIn("TestingGroundTruth-birds-first.json", output)

    def test_the_container_image(self):
        """Without an engine: what the script asks of `docker` is done with the program, as docker/Dockerfile has it."""
        with open(ROOT + "/docker/Dockerfile", encoding="utf-8") as f:
            image = f.read()
        self.assertIn("EXPOSE 7356\n", image)
        self.assertIn("VOLUME /data\n", image)
        with open(self.path.split(":")[0] + "/docker", "w", encoding="utf-8") as docker:
            docker.write("""#!/bin/sh
case "$*" in
"run -d --rm -p 127.0.0.1:$REKOGNITION_LOCAL_PORT:7356 -v rekognition:/data rekognition-local "*)
    shift 8
    rekognition-local --db :memory: --log off "$@" >/dev/null 2>&1 &
    echo $! ;;
"stop "*) kill "$2" ;;
*) exit 1 ;;
esac
""")
        os.chmod(docker.name, 0o755)
        self.assertEqual(json.loads("".join(self.script("docker.sh")))["status"], "ok")

    def test_the_demo(self):
        status, output = run([ROOT + "/tests/demo/run", os.environ["TEST_BINARY"]])
        self.assertEqual(status, 0, output)
        self.assertRegex(output, r"The console: http://127\.0\.0\.1:\d+/_local/console\n")
        self.assertEqual(output.count("An error occurred (ResourceInUseException)"), 1, output)
        self.assertRegex(output, r"(?s)TRAINING_COMPLETED.* start-project-version .*RUNNING.* detect-custom-labels ")
        self.assertRegex(output, r"It sees a rose, \d+\.\d % sure\.\n$")


class ServedRecipesTest(LocalTest):
    """Recipes for a server that is there already: here at another place than they say."""

    def recipe(self, name):
        with open(RECIPES + name, encoding="utf-8") as f:
            return f.read().replace("http://127.0.0.1:7356", self.url)

    def test_the_service_container_of_a_job(self):
        job = yaml.safe_load(self.recipe("ci.yaml"))["jobs"]["test"]
        env = {name: str(value) for name, value in job["env"].items()}
        *steps, install, test = [step["run"] for step in job["steps"] if "run" in step]
        for step in steps:
            status, output = run(["sh", "-ec", step], **env)
            self.assertEqual(status, 0, output)
        self.assertEqual((install, test), ("pip install boto3 pytest", "pytest"))
        status, output = run([os.environ["PYTHON"], "-m", "pytest", "-q", "-p", "no:cacheprovider", RECIPES], **env)
        self.assertEqual((status, re.findall(r"\d+ passed", output)), (0, [PASSED]), output)

    def test_a_profile_of_the_aws_configuration(self):
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as config:
            config.write(self.recipe("aws-config"))
            config.flush()
            status, output = run([os.environ["AWS"], "--profile", "local", "rekognition", "create-project", "--project-name",
                                  "birds", "--output", "text"], AWS_CONFIG_FILE=config.name)
        self.assertEqual((status, output.rpartition("/")[0]), (0, "arn:aws:rekognition:us-east-1:123456789012:project/birds"))

    def test_terraform(self):
        """Its provider cannot be had everywhere; that it reads the file, and what the provider asks, can be seen."""
        text = self.recipe("terraform.tf")
        self.assertIn("rekognition = var.rekognition_local", text)
        if shutil.which("terraform"):
            status, output = run(["terraform", "fmt", "-check", "-diff", RECIPES + "terraform.tf"])
            self.assertEqual((status, "---" in output), (0, False), output)
        arn = self.rekognition.create_project(ProjectName="birds", Feature="CUSTOM_LABELS")["ProjectArn"]
        [project] = self.rekognition.describe_projects(ProjectNames=["birds"], Features=["CUSTOM_LABELS"])["ProjectDescriptions"]
        self.assertEqual((project["ProjectArn"], project["Status"]), (arn, "CREATED"))
        self.assertEqual(self.rekognition.list_tags_for_resource(ResourceArn=arn)["Tags"], {})


class FirstCallTest(LocalTest):
    def test_the_first_call(self):
        with open(RECIPES + "first_call.py", encoding="utf-8") as f:
            program = f.read().replace("http://127.0.0.1:7356", self.url)
        status, output = run([os.environ["PYTHON"], "-c", program])
        self.assertEqual(status, 0, output)
        self.assertRegex(output, r"^arn:aws:rekognition:us-east-1:123456789012:project/birds-\d+/\d{13}\n$")


class ReadmeTest(LocalTest):
    """Everything that README.md prints is run as it is printed, but for where the server is."""
    options = ["--profile", "quick"]

    def setUp(self):
        super().setUp()
        with open(ROOT + "/README.md", encoding="utf-8") as f:
            self.text = f.read()
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        os.symlink(os.environ["TEST_BINARY"], self.folder + "/rekognition-local")
        with open(self.folder + "/.curlrc", "w", encoding="utf-8") as f:
            f.write("fail\nsilent\nshow-error\n")

    def bash(self, script, cwd=None):
        """Runs it in a folder of its own; what it prints to both."""
        return run(["bash", "-c", script.replace("http://127.0.0.1:7356", self.url)], cwd=cwd or self.folder,
                   CURL_HOME=self.folder, PATH=":".join([self.folder, os.path.dirname(os.environ["PYTHON"]), os.environ["PATH"]]))

    def blocks(self, language):
        return re.findall(rf"^```{language}\n(.*?)^```$", self.text, re.M | re.S)

    def test_every_block_is_of_a_kind_that_is_run(self):
        """Files are looked at by PapersTest; text is a picture."""
        outside = re.sub(r"^<!-- file .*?^<!-- end -->$", "", self.text, flags=re.M | re.S)
        self.assertEqual({kind for kind in re.findall(r"^```(.*)$", outside, re.M) if kind}, {"text", "sh", "console"})

    def test_its_targets_of_make_are_there(self):
        targets = set(re.findall(r"(?:^|`)make ([a-z]+)", self.text, re.M))
        self.assertEqual(targets & {"run", "test", "install"}, {"run", "test", "install"})
        for target in targets:
            with self.subTest(target):
                self.assertEqual(run(["make", "-n", target])[0], 0)

    def test_its_sessions(self):
        for session in self.blocks("console"):
            steps = [step.partition("\n") for step in re.split(r"^\$ ", session, flags=re.M)[1:]]
            status, output = self.bash("exec 2>&1\n" + "".join(f"{command}\necho @@@\n" for command, _, _ in steps))
            self.assertEqual(status, 0, output)
            for (command, _, shown), said in zip(steps, output.split("@@@\n")):
                with self.subTest(command):
                    self.assertEqual(re.sub(r"\d+", "N", said.strip()), re.sub(r"\d+", "N", shown.strip()))

    def test_its_table_of_powers(self):
        [setting] = [block for block in self.blocks("sh") if block.startswith("LOCAL=")]
        commands = re.findall(r"^\| .* \| `(curl .*)` \|$", self.text, re.M)
        self.assertGreater(len(commands), 10)
        for command in commands:
            with self.subTest(command):
                status, output = self.bash(setting + command)
                self.assertEqual(status, 0, output)

    def test_its_command_for_pytest(self):
        [command] = re.findall(r"`(rekognition-local exec [^`]*pytest[^`]*)`", self.text)
        status, output = self.bash(command + " -p no:cacheprovider", cwd=RECIPES)
        self.assertEqual((status, re.findall(r"\d+ passed", output)), (0, [PASSED]), output)

    def test_it_is_short(self):
        self.assertLess(len(self.text.encode()), 10000)


class PapersTest(unittest.TestCase):
    """What documents show of files and of the program's tables is what `make docs` puts there."""
    documents = [p for pattern in ("*.md", "*/*.md", "*/*/*.md") for p in glob.glob(pattern, root_dir=ROOT)
                 if not p.startswith("build/")]

    def check(self, document):
        with open(document, encoding="utf-8") as f:
            text = f.read()
        for path, shown in re.findall(r"^<!-- file (\S+) -->\n(.*?)^<!-- end -->$", text, re.M | re.S):
            with self.subTest(f"{path} in {os.path.basename(document)}"), open(f"{ROOT}/{path}", encoding="utf-8") as f:
                self.assertRegex(shown, r"\A```\w+\n(?:.*\n)*```\n\Z")
                self.assertEqual(shown.split("\n", 1)[1].removesuffix("```\n"), f.read())
        return text

    def test_what_papers_show_is_what_is_tested(self):
        for document in self.documents:
            self.check(f"{ROOT}/{document}")

    def test_what_papers_show_is_what_the_tables_say(self):
        with tempfile.TemporaryDirectory() as folder:
            copies = [shutil.copy(f"{ROOT}/{document}", f"{folder}/{document.replace('/', '-')}")
                      for document in self.documents]
            status, output = run([ROOT + "/tests/docs", os.environ["TEST_BINARY"], *copies])
            self.assertEqual((status, output), (0, ""))
            for document, copy in zip(self.documents, copies):
                with self.subTest(document), open(f"{ROOT}/{document}", encoding="utf-8") as f, \
                        open(copy, encoding="utf-8") as made:
                    self.assertEqual(f.read(), made.read(), f"`make docs` renews {document}")

    def test_documents_are_made_from_what_is_tested(self):
        with tempfile.TemporaryDirectory() as folder:
            document = folder + "/made.md"
            with open(document, "w", encoding="utf-8") as f:
                for name in ("birds.sh", "conftest.py", "rekognition-local.mjs"):
                    f.write(f"Before.\n<!-- file tests/recipes/{name} -->\nOld.\n<!-- end -->\nAfter.\n")
            status, output = run([ROOT + "/tests/docs", os.environ["TEST_BINARY"], document])
            self.assertEqual((status, output), (0, ""))
            text = self.check(document)
            self.assertNotIn("Old.", text)
            self.assertEqual([text.count(word) for word in ("Before.\n", "After.\n", "```sh\n", "```python\n", "```js\n")],
                             [3, 3, 1, 1, 1])
            with open(document, "w", encoding="utf-8") as f:
                f.write("<!-- file tests/recipes/nobody -->\n<!-- end -->\n")
            self.assertNotEqual(run([ROOT + "/tests/docs", os.environ["TEST_BINARY"], document])[0], 0)
