"""Every constraint of every member of every operation, at every depth, violated one by one.

What is expected follows from the service description of botocore (of the SDK tests' environment, if it is there) and
from the grammar of messages as it was observed; nothing here is taken from the server.
"""

import base64
import copy
import glob
import gzip
import json
import os
import re
from re import _parser as regex_parser

from server import Server

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
MODELS = ROOT + "/build/venv/lib/python3*/site-packages/botocore/data/rekognition/2016-06-27/service-2.json.gz"
BLOB_MOST = 100000  # a blob that is too long is not sent when that would take megabytes; a story sends one
SCALARS = ("string", "integer", "long", "float", "double", "boolean", "blob", "timestamp")


class Model:
    def __init__(self, description):
        self.shapes, self.operations = description["shapes"], description["operations"]

    def shape(self, name):
        return self.shapes[name]


# ---- values that fit -----------------------------------------------------------------------------

def to_python(pattern):
    return pattern.replace(r"\p{L}", "a-zA-Z").replace(r"\p{Z}", " ").replace(r"\p{N}", "0-9")


def matches(pattern, text):
    return re.fullmatch(to_python(pattern), text) is not None


def character(choices):
    op, value = choices[0]
    if str(op) == "NEGATE":
        return "x"
    if str(op) == "LITERAL":
        return chr(value)
    if str(op) == "RANGE":
        return chr(value[0])
    return {"CATEGORY_DIGIT": "0", "CATEGORY_WORD": "a", "CATEGORY_NOT_SPACE": "x", "CATEGORY_SPACE": " "}[str(value)]


def example(tree, more):
    """A text that the parsed pattern matches; `more` lengthens what may be repeated."""
    text = ""
    for op, value in tree:
        op = str(op)
        if op == "LITERAL":
            text += chr(value)
        elif op == "IN":
            text += character(value)
        elif op in ("ANY", "NOT_LITERAL"):
            text += "x"
        elif op in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, inner = value
            text += example(inner, more) * min(int(most), least + more)
        elif op == "SUBPATTERN":
            text += example(value[3], more)
        elif op == "BRANCH":
            text += example(value[1][0], more)
    return text


def fitting_text(shape):
    if "enum" in shape:
        return shape["enum"][-1]
    least, most = shape.get("min", 0), shape.get("max", 1 << 20)
    if "pattern" not in shape:
        return "x" * max(least, 1)
    tree = regex_parser.parse(to_python(shape["pattern"]))
    for more in range(0, 260):
        text = example(tree, more)
        if least <= len(text) <= most and text and matches(shape["pattern"], text):
            return text
    raise AssertionError(f"no text for {shape}")


def fitting(model, name):
    """A value with every member at every depth; lists and maps with as few as may be, but one."""
    shape = model.shape(name)
    kind = shape["type"]
    if kind == "structure":
        return {member: fitting(model, m["shape"]) for member, m in shape["members"].items()}
    if kind == "list":
        return [fitting(model, shape["member"]["shape"]) for _ in range(max(shape.get("min", 0), 1))]
    if kind == "map":
        return {fitting(model, shape["key"]["shape"]): fitting(model, shape["value"]["shape"])}
    if kind == "string":
        return fitting_text(shape)
    if kind == "blob":
        return base64.b64encode(b"x" * max(shape.get("min", 0), 3)).decode()
    if kind == "boolean":
        return True
    return max(shape.get("min", 0), 1) if shape.get("max", 1) >= 1 else shape["max"]


# ---- values that do not ----------------------------------------------------------------------------

def longer(shape, text, length):
    """The text made that long by one of its characters, still matching its pattern; None if none will do."""
    for i in reversed(range(len(text))):
        made = text[:i] + text[i] * (length - len(text)) + text[i:]
        if "pattern" not in shape or matches(shape["pattern"], made):
            return made
    return None


def misfits(shape, fit):
    """Values that violate one constraint of a scalar (or several, when a length of nothing has no pattern either)."""
    kind = shape["type"]
    if kind == "string":
        if "enum" in shape:
            yield "NO_SUCH_VALUE"
            return
        if shape.get("min", 0) > 0:
            yield fit[:shape["min"] - 1]
        if "max" in shape:
            yield longer(shape, fit, shape["max"] + 1)
        if "pattern" in shape:
            bad = ["!", "\u2603", " ", "\n"]
            length = max(shape.get("min", 1), 1)
            yield next((c * length for c in bad if not matches(shape["pattern"], c * length)), None)
    elif kind == "blob":
        if shape.get("min", 0) > 0:
            yield base64.b64encode(b"x" * (shape["min"] - 1)).decode()
        if shape.get("max", BLOB_MOST) < BLOB_MOST:
            yield base64.b64encode(b"x" * (shape["max"] + 1)).decode()
    elif kind in ("integer", "long", "float", "double"):
        if "min" in shape:
            yield shape["min"] - 1
        if "max" in shape:
            yield shape["max"] + 1


def wrong_types(kind):
    """(a value of another type, what is said of it)"""
    to = {"string": "a String", "integer": "an Integer", "long": "a Long", "float": "a Float", "boolean": "a Boolean",
          "blob": "a Blob"}.get(kind)
    if kind == "structure":
        yield "x", "Expected null"
        yield [], "Start of list found where not expected"
    elif kind == "list":
        yield 7, "Expected list or null"
        yield {}, "Start of structure or map found where not expected."
    elif kind == "map":
        yield "x", "Expected map or null"
        yield [], "Start of list found where not expected"
    elif to:
        yield [], "Start of list found where not expected"
        yield {}, "Start of structure or map found where not expected."
        if kind in ("string", "boolean", "blob"):
            yield 7, f"NUMBER_VALUE can not be converted to {to}"
        if kind in ("integer", "long", "float", "boolean"):
            yield "x", f"STRING_VALUE can not be converted to {to}"
        if kind != "boolean":
            yield True, f"TRUE_VALUE can not be converted to {to}"
            yield False, f"FALSE_VALUE can not be converted to {to}"


def places(model, name, value, path=()):
    """(path, name of the shape, whether it may be left out) of everything in the value."""
    shape = model.shape(name)
    yield path, name
    if shape["type"] == "structure":
        for member, m in shape["members"].items():
            yield from places(model, m["shape"], value[member], (*path, member))
    elif shape["type"] == "list":
        yield from places(model, shape["member"]["shape"], value[0], (*path, 0))
    elif shape["type"] == "map":
        key = next(iter(value))
        yield from places(model, shape["value"]["shape"], value[key], (*path, key))


LEFT_OUT = object()


def changed(value, path, new):
    value = copy.deepcopy(value)
    at = value
    for step in path[:-1]:
        at = at[step]
    if new is LEFT_OUT:
        del at[path[-1]]
    else:
        at[path[-1]] = new
    return value


def violations(model, name, fit):
    """Inputs that violate one thing each."""
    for path, at in places(model, name, fit):
        shape, value = model.shape(at), fit
        for step in path:
            value = value[step]
        for member in shape.get("required", ()):
            yield changed(fit, (*path, member), LEFT_OUT)
        if not path:
            continue
        for bad in misfits(shape, value):
            if bad is not None:
                yield changed(fit, path, bad)
        if shape["type"] == "list":
            if shape.get("min", 0) > 0:
                yield changed(fit, path, value[:shape["min"] - 1])
            if "max" in shape:
                yield changed(fit, path, value[:1] * (shape["max"] + 1))
        elif shape["type"] == "map":
            if "max" in shape:
                yield changed(fit, path, {f"k{i}": next(iter(value.values())) for i in range(shape["max"] + 1)})
            for bad in misfits(model.shape(shape["key"]["shape"]), next(iter(value))):
                if bad is not None:
                    yield changed(fit, path, {bad: next(iter(value.values()))})


# ---- what is said of them ----------------------------------------------------------------------------

def java_hash(text):
    h = 0
    for c in text:
        h = (h * 31 + ord(c)) & 0xffffffff
    return h


def enumeration(values):
    """As a Java HashSet lists them: by bucket, those of one bucket newest first."""
    buckets = sorted(enumerate(values), key=lambda item: (java_hash(item[1]) & 31, -item[0]))
    return "[" + ", ".join(value for _, value in buckets) + "]"


def lower_first(name):
    return name[0].lower() + name[1:]


def all_rules(shape):
    """Every constraint of a scalar, in the order of a bracket, each with whether a value keeps to it."""
    kind = shape["type"]
    what, measure = "length", len
    if kind == "blob":
        measure = (lambda v: len(base64.b64decode(v)))
    elif kind != "string":
        what, measure = "value", (lambda v: v)
    if "enum" in shape:
        return [(f"Member must satisfy enum value set: {enumeration(shape['enum'])}", lambda v: v in shape["enum"])]
    rules = []
    if "max" in shape:
        rules.append((f"Member must have {what} less than or equal to {shape['max']}",
                      lambda v: measure(v) <= shape["max"]))
    if "min" in shape:
        rules.append((f"Member must have {what} greater than or equal to {shape['min']}",
                      lambda v: measure(v) >= shape["min"]))
    if "pattern" in shape:
        rules.append((f"Member must satisfy regular expression pattern: {shape['pattern']}",
                      lambda v: matches(shape["pattern"], v)))
    return rules


def keeps(shape, value):
    return all(fits(value) for _, fits in all_rules(shape))


def bracket(shape):
    return "[" + ", ".join(text for text, _ in all_rules(shape)) + "]"


def printed(model, name, value):
    """As Java prints it; None: not worth predicting."""
    shape = model.shape(name)
    kind = shape["type"]
    if kind == "blob":
        size = len(base64.b64decode(value))
        return f"java.nio.HeapByteBuffer[pos=0 lim={size} cap={size}]"
    if kind in ("float", "double"):
        return str(float(value))
    if kind == "list":
        items = [printed(model, shape["member"]["shape"], v) for v in value]
        return None if None in items else "[" + ", ".join(items) + "]"
    if kind == "map":
        return "{" + ", ".join(f"{k}={v}" for k, v in value.items()) + "}" if len(value) < 2 else None
    return str(value) if kind in ("string", "integer", "long") else None


def expected(model, name, value, path=""):
    """(what is printed or None, path, constraint) of every violation."""
    shape = model.shape(name)
    kind = shape["type"]
    said = printed(model, name, value)
    if kind == "structure":
        for member, m in shape["members"].items():
            at = (path + "." if path else "") + lower_first(member)
            if member in value:
                yield from expected(model, m["shape"], value[member], at)
            elif member in shape.get("required", ()):
                yield "null", at, "Member must not be null"
    elif kind == "list":
        yield from size_of(shape, len(value), said, path)
        inner = model.shape(shape["member"]["shape"])
        if inner["type"] in SCALARS:
            if not all(keeps(inner, v) for v in value):
                yield said, path, f"Member must satisfy constraint: {bracket(inner)}"
        else:
            for i, v in enumerate(value, 1):
                yield from expected(model, shape["member"]["shape"], v, f"{path}.{i}.member")
    elif kind == "map":
        yield from size_of(shape, len(value), said, path)
        for what, inner, values in (("keys", shape["key"], value.keys()), ("value", shape["value"], value.values())):
            inner = model.shape(inner["shape"])
            if not all(keeps(inner, v) for v in values):
                yield said, path, f"Map {what} must satisfy constraint: {bracket(inner)}"
    else:
        for text, fits in all_rules(shape):
            if not fits(value):
                yield said, path, text


def size_of(shape, size, said, path):
    if size > shape.get("max", size):
        yield said, path, f"Member must have length less than or equal to {shape['max']}"
    if size < shape.get("min", 0):
        yield said, path, f"Member must have length greater than or equal to {shape['min']}"


def item(said, path, constraint):
    value = "Value null" if said == "null" else "Value '.*'" if said is None else f"Value '{re.escape(said)}'"
    return f"{value} at '{re.escape(path)}' failed to satisfy constraint: {re.escape(constraint)}"


def fits_message(message, items):
    """The items may come in any order: that of two constraints of one member is not settled."""
    head = f"{len(items)} validation error{'s' if len(items) > 1 else ''} detected: "
    rest = message.removeprefix(head)
    if rest == message:
        return False
    for pattern in map(lambda i: item(*i), items):
        found = re.search(f"(^|; ){pattern}(?=; Value|$)", rest, re.S)
        if not found:
            return False
    return True


# ---- the tests ---------------------------------------------------------------------------------------

class Examiner:
    def __init__(self, server, model, operation):
        self.server, self.model, self.operation = server, model, operation
        self.input = model.operations[operation]["input"]["shape"]
        self.fit = fitting(model, self.input)
        self.digest = self.state()

    def state(self):
        return self.server.control("GET", "/_local/state").json()["digest"]

    def refused(self, body, code):
        answer = self.server.call(self.operation, body)
        said = answer.json()
        if answer.status != 400 or said["__type"] != code:
            raise AssertionError(f"{json.dumps(body)[:600]} is answered {answer.status} {said}, not {code}")
        if self.state() != self.digest:
            raise AssertionError(f"{json.dumps(body)[:600]} is refused, and the world has changed")
        return said.get("message", said.get("Message"))

    def constraints(self):
        for body in violations(self.model, self.input, self.fit):
            items = list(expected(self.model, self.input, body))
            message = self.refused(body, "ValidationException")
            if not items or not fits_message(message, items[:10]):
                raise AssertionError(f"{json.dumps(body)[:600]}\n  {message[:1000]}\n  not: {items}")

    def types(self):
        for path, name in places(self.model, self.input, self.fit):
            for value, text in wrong_types(self.model.shape(name)["type"]) if path else ():
                body = changed(self.fit, path, value)
                message = self.refused(body, "SerializationException")
                if message != text:
                    raise AssertionError(f"{json.dumps(body)[:600]}\n  {message}\n  not: {text}")

    def what_fits(self):
        """Whatever else is wrong with it, a value that fits the model passes."""
        said = self.server.call(self.operation, self.fit).json()
        if said.get("__type") in ("ValidationException", "SerializationException"):
            raise AssertionError(f"{json.dumps(self.fit)[:600]} fits the model, but: {said}")


def examine(binary, model):
    with Server(binary, ["--clock", "frozen", "--log", "off"]) as server:
        server.start()
        server.call("CreateProject", {"ProjectName": "birds"})
        for operation in sorted(model.operations):
            try:
                examiner = Examiner(server, model, operation)
                examiner.constraints()
                examiner.types()
                examiner.what_fits()
            except AssertionError as problem:
                raise AssertionError(f"{operation}: {problem}") from None


def tests():
    name = "every constraint of every operation is told when it is violated"
    found = glob.glob(MODELS)
    if not found:
        return [(name, lambda binary: "the service description of botocore is not installed")]
    with gzip.open(found[0]) as f:
        model = Model(json.load(f))
    return [(name, lambda binary: examine(binary, model))]
