"""The reference of the control API: read by others, and called as its examples say."""
import copy
import json
import os
import subprocess
import unittest
import urllib.parse

import jsonschema
import openapi_spec_validator
from local import LocalTest
from reference import Reference

DOCUMENT = json.loads(subprocess.run([os.environ["TEST_BINARY"], "--print-openapi"], stdout=subprocess.PIPE, check=True)
                      .stdout)


def operations():
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def resolved(part):
    """The part with a way to what it refers to, for a reader of JSON Schema alone."""
    return {**part, "components": DOCUMENT["components"]}


def contents():
    """Every body and answer that is JSON: where it is of, its schema and its example."""
    for method, path, operation in operations():
        for name, holder in [("body", operation.get("requestBody")), ("answer", operation["responses"]["200"])]:
            content = (holder or {}).get("content", {}).get("application/json")
            if content:
                yield f"{method} {path}: {name}", content["schema"], content["example"]


class DocumentTest(unittest.TestCase):
    def test_it_is_openapi(self):
        openapi_spec_validator.validate(copy.deepcopy(DOCUMENT))

    def test_its_schemas_are_schemas_and_its_examples_fit_them(self):
        for where, schema, example in contents():
            with self.subTest(where):
                jsonschema.Draft202012Validator.check_schema(resolved(schema))
                jsonschema.validate(example, resolved(schema), jsonschema.Draft202012Validator)

    def test_the_reader_of_our_tests_agrees_with_another(self):
        ours = Reference(DOCUMENT)
        for where, schema, example in contents():
            theirs = jsonschema.Draft202012Validator(resolved(schema), format_checker=jsonschema.FormatChecker())
            for broken in broken_ones(example):
                with self.subTest(where, broken=broken):
                    self.assertEqual(not list(ours.problems(schema, broken, "it")), theirs.is_valid(broken))


def broken_ones(example):
    """The example with each of its members gone, of other types, or joined by another."""
    yield example
    yield [example]
    yield {**example, "surplus": 1}
    for name in example:
        yield {other: value for other, value in example.items() if other != name}
        for value in (None, True, 0, -1, 1.5, 1e12, "", "x", [], [1], {}, {"surplus": 1}):
            yield {**example, name: value}


class CallsTest(LocalTest):
    options = ["--profile", "aws", "--clock", "frozen"]
    # What an example cannot succeed with in a world that is empty.
    fails = {"POST /_local/moves": 404, "POST /_local/frames": 404, "GET /_local/objects": 400,
             "DELETE /_local/clock": 400, "GET /_local/policy/suggest": 400}

    def test_every_example_is_answered(self):
        # What is made comes before what is read, and that before what is deleted.
        order = ["PUT", "POST", "PATCH", "GET", "DELETE"]
        for method, path, operation in sorted(operations(), key=lambda one: order.index(one[0])):
            if path in ("/_local/events", "/_local/console"):
                continue
            name = f"{method} {path}"
            with self.subTest(name):
                target, body = self.example(path, operation)
                answer = self.server.control(method, target, body)
                # A fault, once ended, is not found; nor is what an id of another list names.
                self.assertIn(answer.status, (200, self.fails.get(name, 404 if "{" in path else 200)), answer.body)

    def test_every_broken_example_is_answered_as_it_is_declared(self):
        """Whether it may succeed, and how it may fail, is checked with every control call."""
        for method, path, operation in operations():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            for broken in broken_ones(content["example"]) if content else ():
                with self.subTest(f"{method} {path}", broken=broken):
                    self.server.control(method, path.replace("{id}", "1").replace("{name}", "before"), broken)

    def example(self, path, operation):
        """The path and the body of a call that is as its example."""
        return (path.replace("{id}", "1").replace("{name}", "before"),
                operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example"))

    def test_every_argument_is_taken(self):
        values = {"account": "123456789012", "region": "us-east-1", "status": "400", "limit": "2", "error": "AccessDeniedException",
                  "arn": "arn:aws:rekognition:us-east-1:123456789012:project/birds/version/first/1893456000000",
                  "operation": "CreateProject", "after": "0", "before": "9", "text": "birds", "s3": "data/train.manifest"}
        for method, path, operation in operations():
            for one in operation["parameters"]:
                if one["in"] == "path" or path == "/_local/events":
                    continue
                with self.subTest(f"{method} {path}?{one['name']}="):
                    value = values.get(one["name"]) or one["schema"]["enum"][-1]
                    target, body = self.example(path, operation)
                    answer = self.server.control(method, f"{target}?{urllib.parse.urlencode({one['name']: value})}", body)
                    if answer.status != 200:  # what it names is not there, or of the world and not of an account
                        self.assertNotEqual(answer.json()["error"]["code"], "UnknownArgument")

    def test_what_is_declared_nowhere_is_refused(self):
        for method, path, operation in operations():
            if "{" in path or "application/vnd.sqlite3" in str(operation):
                continue
            with self.subTest(f"{method} {path}"):
                self.assertEqual(self.server.control(method, path + "?surplus=1").json()["error"]["code"], "UnknownArgument")
                code = self.server.control(method, path, {"surplus": 1}).json()["error"]["code"]
                self.assertRegex(code, "^(UnknownMember|Invalid.*)$")
