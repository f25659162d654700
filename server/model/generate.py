#!/usr/bin/env python3
"""Writes model.c and shapes.h from the public service description.

    generate.py SERVICE-2.json[.gz] DIRECTORY

The description is the one that botocore ships, data/rekognition/2016-06-27/service-2.json.gz. The
result is checked in, and depends on nothing but that file and this one, so that CI can compare.
"""
import gzip
import json
import pathlib
import re
import sys

KINDS = {
    "structure": "SHAPE_STRUCTURE",
    "list": "SHAPE_LIST",
    "map": "SHAPE_MAP",
    "string": "SHAPE_STRING",
    "blob": "SHAPE_BLOB",
    "integer": "SHAPE_INTEGER",
    "long": "SHAPE_LONG",
    "float": "SHAPE_FLOAT",
    "boolean": "SHAPE_BOOLEAN",
    "timestamp": "SHAPE_TIMESTAMP",
}


# ---- the orders of a Java service -------------------------------------------------------------


def java_hash(text):
    """String.hashCode(), as an unsigned number."""
    value = 0
    for unit in memoryview(text.encode("utf-16-le")).cast("H"):
        value = (31 * value + unit) & 0xFFFFFFFF
    return value


def lower_first(name):
    return name[:1].lower() + name[1:]


def message_order_of_values(values):
    """The order in which a message lists an enumeration.

    By bucket of a 32-bucket table that does not spread the hash, newest first within a bucket.
    Holds for 47 of the 50 lists of other AWS services that were recorded; inferred for this one.
    """
    return sorted(reversed(values), key=lambda value: java_hash(value) & 31)


def message_order_of_members(names):
    """The order in which the members of a structure are checked, as places in the model.

    That of a Java 8 HashMap keyed by the members' names in lower camel case. Inferred from the
    messages of a dozen other services. The order within one bucket is not known: the model's.
    """
    size = 16
    while len(names) > size * 3 // 4:
        size *= 2

    def bucket(place):
        value = java_hash(lower_first(names[place]))
        return (value ^ value >> 16) & (size - 1)

    return sorted(range(len(names)), key=bucket)


# ---- C ----------------------------------------------------------------------------------------


def c_string(text):
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted.replace("??", "?\\?")  # C11 still has trigraphs


def c_limit(number):
    """A limit is kept as written, too: messages print 1.0 where the model says 1.0."""
    return f'{{ {number}, "{number}" }}'


def members_of(name, shape):
    names = list(shape["members"])
    required = shape.get("required", [])
    order = message_order_of_members(names)
    yield f"static const struct member members_{name}[] = {{"
    for member, target in shape["members"].items():
        needed = "true" if member in required else "false"
        yield f'    {{ "{member}", &shape_{target["shape"]}, {needed} }},'
    yield "    { NULL, NULL, false },"
    yield "};"
    yield f"static const unsigned char order_{name}[] = {{ {', '.join(map(str, order))} }};"


def enumeration_of(name, shape):
    yield f"static const char *const enumeration_{name}[] = {{"
    for value in message_order_of_values(shape["enum"]):
        yield f"    {c_string(value)},"
    yield "    NULL,"
    yield "};"


def fields_of(name, shape):
    yield "name", f'"{name}"'
    yield "kind", KINDS[shape["type"]]
    if shape.get("members"):
        yield "members", f"members_{name}"
        yield "order", f"order_{name}"
        yield "member_count", len(shape["members"])
    if shape["type"] == "map":
        yield "key", f'&shape_{shape["key"]["shape"]}'
        yield "element", f'&shape_{shape["value"]["shape"]}'
    if shape["type"] == "list":
        yield "element", f'&shape_{shape["member"]["shape"]}'
    if "enum" in shape:
        yield "enumeration", f"enumeration_{name}"
    if "pattern" in shape:
        yield "pattern", f"&pattern_{name}"
    if "min" in shape:
        yield "min", c_limit(shape["min"])
    if "max" in shape:
        yield "max", c_limit(shape["max"])
    if shape.get("sensitive"):
        yield "sensitive", "true"


def definition_of(name, shape):
    yield ""
    if shape.get("members"):
        yield from members_of(name, shape)
    if "enum" in shape:
        yield from enumeration_of(name, shape)
    if "pattern" in shape:
        yield f"static struct pattern pattern_{name} = {{ .text = {c_string(shape['pattern'])} }};"
    yield f"const struct shape shape_{name} = {{"
    for field, value in fields_of(name, shape):
        yield f"    .{field} = {value},"
    yield "};"


def operation_of(name, operation):
    yield f"    [MODEL_{name}] = {{"
    yield f'        "{name}",'
    yield f'        &shape_{operation["input"]["shape"]},'
    yield f'        &shape_{operation["output"]["shape"]},'
    yield f"        errors_{name},"
    yield "    },"


def errors_of(name, operation):
    yield f"static const char *const errors_{name}[] = {{"
    for error in sorted({error["shape"] for error in operation.get("errors", [])}):
        yield f'    "{error}",'
    yield "    NULL,"
    yield "};"


def source(banner, shapes, operations, errors):
    yield banner
    yield '#include "model.h"'
    yield ""
    yield '#include "pattern.h"'
    for name in sorted(shapes):
        yield from definition_of(name, shapes[name])
    yield ""
    for name in sorted(operations):
        yield from errors_of(name, operations[name])
    yield ""
    yield "const struct operation_model model_operations[MODEL_OPERATION_COUNT] = {"
    for name in sorted(operations):
        yield from operation_of(name, operations[name])
    yield "};"
    yield ""
    yield "const char *const model_errors[] = {"
    for name in sorted(errors):
        yield f'    "{name}",'
    yield "    NULL,"
    yield "};"


def header(banner, shapes, operations):
    yield banner
    yield "#ifndef SERVER_MODEL_SHAPES_H"
    yield "#define SERVER_MODEL_SHAPES_H"
    yield ""
    yield "enum model_operation {"
    for name in sorted(operations):
        yield f"    MODEL_{name},"
    yield "    MODEL_OPERATION_COUNT"
    yield "};"
    yield ""
    for name in sorted(shapes):
        yield f"extern const struct shape shape_{name};"
    yield ""
    yield "#endif"


# ---- reading ----------------------------------------------------------------------------------


def read_description(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def botocore_version(path):
    """Of the botocore that the description lies in: botocore/data/rekognition/<date>/<file>."""
    package = path.resolve().parents[3] / "__init__.py"
    found = re.search(r"__version__ = '([^']+)'", package.read_text()) if package.exists() else None
    return found.group(1) if found else "of unknown version"


def reachable(description):
    """The shapes of requests and replies; those that only errors have are left out."""
    shapes, found = description["shapes"], {}
    operations = description["operations"].values()
    ends = [operation[end]["shape"] for operation in operations for end in ("input", "output")]
    while ends:
        name = ends.pop()
        if name in found:
            continue
        shape = found[name] = shapes[name]
        ends += [member["shape"] for member in shape.get("members", {}).values()]
        ends += [shape[part]["shape"] for part in ("member", "key", "value") if part in shape]
    return found


def main():
    path, directory = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    description = read_description(path)
    shapes, operations = reachable(description), description["operations"]
    errors = [name for name, shape in description["shapes"].items() if shape.get("exception")]
    version = botocore_version(path)
    banner = (
        f"/* Generated by generate.py from the service description of botocore {version}.\n"
        " * Do not edit: run `make model`. */"
    )
    for file, lines in (
        ("model.c", source(banner, shapes, operations, errors)),
        ("shapes.h", header(banner, shapes, operations)),
    ):
        (directory / file).write_text("\n".join(lines) + "\n", encoding="utf-8")


main()
