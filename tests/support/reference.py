"""The reference of the control API, as the program prints it: every control call of the tests is checked by it.

It is OpenAPI 3.1, of which this reads what the program writes; tests/sdk/python/test_reference.py lets others read it.
"""

import functools
import json
import re
import subprocess
import urllib.parse

MOMENT = re.compile(r"\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


class Undeclared(AssertionError):
    """What was asked or answered is not in server/control/control.def or members.def."""


@functools.lru_cache(maxsize=None)
def reference(binary):
    return Reference(json.loads(subprocess.run([binary, "--print-openapi"], stdout=subprocess.PIPE, check=True).stdout))


class Reference:
    def __init__(self, document):
        self.document = document
        # A path without a name in it comes before one with a name: /requests/count.
        self.paths = [(re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), item)
                      for path, item in sorted(document["paths"].items(), key=lambda one: "{" in one[0])]

    def check(self, method, target, body, answer):
        """Raises when the answer of a server to this call is not as the reference has it; body: bytes or nothing."""
        path, _, query = target.partition("?")
        path = path.removesuffix("/")  # as people write it
        operation = next((item.get(method.lower().replace("head", "get")) for pattern, item in self.paths
                          if pattern.fullmatch(path)), None)
        if operation is None:
            self.check_error(answer, {"schema": {"$ref": "#/components/schemas/error"}}, method)
            return
        problems = [*self.argument_problems(operation, query), *self.body_problems(operation, body)]
        response = self.resolve(operation["responses"].get(str(answer.status), {}))
        if answer.status == 200 and problems:
            raise Undeclared(f"{method} {target} was answered 200, though {problems[0]}")
        if answer.status == 200:
            self.check_content(response["content"], answer, method)
        elif answer.status != 503:  # the server is stopping
            if not response:
                raise Undeclared(f"{method} {target} does not declare {answer.status}")
            self.check_error(answer, response["content"]["application/json"], method)

    def argument_problems(self, operation, query):
        known = {one["name"]: one["schema"] for one in operation["parameters"] if one["in"] == "query"}
        for name, value in urllib.parse.parse_qsl(query, keep_blank_values=True):
            if name not in known:
                yield f"it has no argument {name}"
            else:
                is_number = known[name].get("type") == "integer" and value.isdecimal()
                yield from self.problems(known[name], int(value) if is_number else value, name)

    def body_problems(self, operation, body):
        content = operation.get("requestBody", {}).get("content", {"application/json": {"schema": {"maxProperties": 0}}})
        if "application/json" not in content:
            return
        try:
            value = json.loads(body or b"{}")
        except ValueError:
            yield "its body is not JSON"
            return
        yield from self.problems(content["application/json"]["schema"], value, "body")

    def check_content(self, content, answer, method):
        kind = (answer.header("Content-Type") or "").split(";")[0]
        if kind not in content and "*/*" not in content:
            raise Undeclared(f"the answer is {kind}, not {', '.join(content)}")
        if method != "HEAD" and kind == "application/json":
            self.must_fit(content[kind]["schema"], answer)

    def check_error(self, answer, content, method):
        if answer.status < 400:
            raise Undeclared(f"{answer.status} is no error")
        if method != "HEAD":
            self.must_fit(content["schema"], answer)

    def must_fit(self, schema, answer):
        for problem in self.problems(schema, json.loads(answer.body), "answer"):
            raise Undeclared(f"{problem}: see server/control/members.def")

    # ---- JSON Schema, as far as the program uses it -------------------------

    def resolve(self, schema):
        while "$ref" in schema:
            found = self.document
            for name in schema["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            schema = found
        return schema

    def problems(self, schema, value, where):
        """What of the value does not fit, in words."""
        if schema is True or schema is False:
            if not schema:
                yield f"{where} is not declared"
            return
        schema = self.resolve(schema)
        if "anyOf" in schema:
            tried = [list(self.problems(one, value, where)) for one in schema["anyOf"]]
            if all(tried):
                yield tried[0][0]
            return
        for one in schema.get("allOf", ()):
            yield from self.problems(one, value, where)
        if not self.has_type(schema, value):
            yield f"{where} is {value!r}, no {schema['type']}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{where} is {value!r}, none of {schema['enum']}"
        if isinstance(value, dict):
            yield from self.object_problems(schema, value, where)
        elif isinstance(value, list):
            for i, item in enumerate(value) if "items" in schema else ():
                yield from self.problems(schema["items"], item, f"{where}[{i}]")
        elif isinstance(value, str):
            yield from self.text_problems(schema, value, where)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            yield from self.number_problems(schema, value, where)

    @staticmethod
    def has_type(schema, value):
        kind = schema.get("type")
        if kind in ("number", "integer"):
            return isinstance(value, (int, float)) and not isinstance(value, bool) and \
                (kind == "number" or float(value).is_integer())
        return kind is None or isinstance(value, TYPES[kind])

    def object_problems(self, schema, value, where):
        properties = schema.get("properties", {})
        if len(value) > schema.get("maxProperties", len(value)):
            yield f"{where} has members"
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{where} has no {name}"
        for name, item in value.items():
            yield from self.problems(schema.get("propertyNames", True), name, f"the name {where}.{name}")
            yield from self.problems(properties.get(name, schema.get("additionalProperties", True)), item, f"{where}.{name}")

    @staticmethod
    def text_problems(schema, value, where):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{where} is {value!r}, not {schema['pattern']}"
        if schema.get("format") == "date-time" and not MOMENT.fullmatch(value):
            yield f"{where} is {value!r}, no moment"
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{where} is {len(value)} characters"

    @staticmethod
    def number_problems(schema, value, where):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value) or \
                value <= schema.get("exclusiveMinimum", value - 1):
            yield f"{where} is {value}"
