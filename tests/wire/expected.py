"""What a story expects, held against what came. The words of it are documented in tests/wire/run."""

import json
import re

MORE = "<more>"


class Mismatch(Exception):
    pass


def read_expected(text):
    """Expected JSON: `...` in a list or object says that it may go on."""
    out, at = [], 0
    for found in re.finditer(r'"(?:\\.|[^"\\])*"|\.\.\.', text, re.S):
        out.append(text[at:found.start()])
        at = found.end()
        if found[0] != "...":
            out.append(found[0])
            continue
        opened = 0
        for c in reversed(re.sub(r'"(?:\\.|[^"\\])*"', "", "".join(out))):
            opened += c in "{[" or -(c in "}]")
            if opened == 1:
                out.append(f'"{MORE}":0' if c == "{" else f'"{MORE}"')
                break
    out.append(text[at:])
    try:
        return json.loads("".join(out))
    except ValueError as problem:
        raise Mismatch(f"what is expected is not JSON: {problem}") from None


def compare_text(what, wanted, got):
    """`wanted` is the text, a /regex/ for all of it, or - for nothing."""
    if wanted == "-":
        matches = got is None
    elif len(wanted) > 1 and wanted[0] == wanted[-1] == "/":
        matches = got is not None and re.fullmatch(wanted[1:-1], got, re.S) is not None
    else:
        matches = got == wanted
    if not matches:
        raise Mismatch(f"{what}\n  expected: {wanted}\n  got:      {'nothing' if got is None else got}")


def compare_json(wanted, got, bound):
    problems = []
    compare(wanted, got, bound, "", problems)
    if problems:
        raise Mismatch("\n".join(problems))


def compare(wanted, got, bound, path, problems):
    if isinstance(wanted, dict) and isinstance(got, dict):
        compare_objects(wanted, got, bound, path, problems)
    elif isinstance(wanted, list) and isinstance(got, list):
        compare_lists(wanted, got, bound, path, problems)
    elif not scalar_fits(wanted, got, bound):
        problems.append(f"{path or 'the body'}\n  expected: {json.dumps(wanted, ensure_ascii=False)}\n"
                        f"  got:      {json.dumps(got, ensure_ascii=False)}")


def compare_objects(wanted, got, bound, path, problems):
    for key, value in wanted.items():
        if key == MORE:
            continue
        at = f"{path}.{key}" if path else key
        if value == "<absent>":
            if key in got:
                problems.append(f"{at}\n  expected: to be absent\n  got:      {json.dumps(got[key])}")
        elif key not in got:
            problems.append(f"{at}\n  expected: {json.dumps(value)}\n  got:      nothing")
        else:
            compare(value, got[key], bound, at, problems)
    if MORE not in wanted:
        for key in got.keys() - wanted.keys():
            problems.append(f"{path + '.' if path else ''}{key}\n  expected: nothing\n  got:      {json.dumps(got[key])}")


def compare_lists(wanted, got, bound, path, problems):
    goes_on = MORE in wanted
    items = [w for w in wanted if w != MORE]
    if len(got) < len(items) or (len(got) > len(items) and not goes_on):
        problems.append(f"{path or 'the body'}\n  expected: {len(items)}{' or more' if goes_on else ''} items\n"
                        f"  got:      {len(got)}: {json.dumps(got)[:400]}")
        return
    for i, item in enumerate(items):
        compare(item, got[i], bound, f"{path}[{i}]", problems)


def scalar_fits(wanted, got, bound):
    if not isinstance(wanted, str):
        return wanted == got and isinstance(wanted, bool) == isinstance(got, bool)
    if wanted == "<any>":
        return True
    if found := re.fullmatch(r"\$([a-z]\w*)", wanted):
        return bound.setdefault(found[1], got) == got
    wanted = re.sub(r"\$\{(\w+)\}", lambda found: str(bound[found[1]]), wanted)
    if len(wanted) > 1 and wanted[0] == wanted[-1] == "/":
        return isinstance(got, str) and re.fullmatch(wanted[1:-1], got, re.S) is not None
    return wanted == got
