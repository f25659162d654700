"""The recipes that the README shows do what it says of them, and are there as they are here."""
import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from local import LocalTest
from server import PATIENCE, free_port

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../../.."))
RECIPES = ROOT + "/tests/recipes/"


def run(command, **env):
    # As for a user: no Python of ours, no server's log.
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE * 2, check=False)
    return done.returncode, done.stdout


class RecipesTest(unittest.TestCase):
    def test_the_fixture_of_pytest(self):
        status, output = run([os.environ["PYTHON"], "-m", "pytest", "-q", "-p", "no:cacheprovider", RECIPES])
        self.assertEqual((status, re.findall(r"\d+ passed", output)), (0, ["2 passed"]), output)

    def test_the_helper_for_node(self):
        here = ROOT + "/tests/sdk/javascript"
        status, output = run([os.environ["NODE"], "--import", here + "/resolve.mjs", "--test", "--test-reporter=tap",
                              *glob.glob(RECIPES + "*.test.mjs")])
        self.assertEqual((status, re.findall(r"# pass (\d+)", output)), (0, ["1"]), output)

    def test_the_shell_script(self):
        with tempfile.TemporaryDirectory() as path:
            os.symlink(os.environ["TEST_BINARY"], path + "/rekognition-local")
            os.symlink(os.environ["AWS"], path + "/aws")
            status, output = run(RECIPES + "birds.sh", PATH=path + ":" + os.environ["PATH"],
                                 REKOGNITION_LOCAL_PORT=str(free_port()))
        self.assertEqual((status, output.split()), (0, ["STARTING", "STOPPING"]), output)

    def test_the_demo(self):
        status, output = run([ROOT + "/tests/demo", os.environ["TEST_BINARY"]])
        self.assertEqual((status, output.split()[-1]), (0, "STOPPING"), output)
        self.assertEqual(output.count("error"), 1, output)
        self.assertIn("RUNNING", output)


class FirstCallTest(LocalTest):
    def test_the_first_call(self):
        with open(RECIPES + "first_call.py", encoding="utf-8") as f:
            program = f.read().replace("http://127.0.0.1:7356", self.url)
        status, output = run([os.environ["PYTHON"], "-c", program])
        self.assertEqual(status, 0, output)
        self.assertRegex(output, r"^arn:aws:rekognition:us-east-1:123456789012:project/birds/\d{13}\n$")


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
