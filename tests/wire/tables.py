"""What the stories have exercised, held against the tables of the server."""

import os
import re

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


def rows(path, pattern):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return re.findall(pattern, f.read(), re.M)


OPERATIONS = rows("server/call/operations.def", r"^OPERATION\((\w+)")
REFUSALS = rows("server/call/refusals.def", r"^REFUSAL\((\w+)")
CONTROLS = [f"{method} {path}" for method, path in rows("server/control/control.def", r'^CONTROL\((\w+),\s*"([^"]+)"')]
ERRORS = {name: (int(status), form)
          for name, status, form in rows("server/call/errors.def", r"^ERROR\((\w+),\s*(\d+),\s*(\w+)\)")}

DECLARED = {(operation, error)
            for operation, errors in rows("server/model/model.c", r"^static const char \*const errors_(\w+)\[\] = \{([^}]*)\};")
            for error in re.findall(r'"(\w+)"', errors)}


def uncaused():
    """The pairs of uncaused.def."""
    pairs = set()
    for error, text in rows("server/call/uncaused.def", r'^UNCAUSED\((\w+),\s*((?:"[^"]*"\s*)+),'):
        words = "".join(re.findall(r'"([^"]*)"', text)).split()
        declared = {(o, e) for o, e in DECLARED if e == error}
        named = {(o, error) for o in words if o not in ("*", "but")}
        pairs |= declared - named if words[0] == "*" else named
    return pairs


UNCAUSED = uncaused()
TOLD = {"FAULT", "DETECTION"}  # rules by which a test has an operation fail: no natural causes


class Seen:
    def __init__(self):
        self.operations, self.refusals, self.controls, self.pairs = set(), set(), set(), set()

    def operation(self, name, status):
        if status == 200:
            self.operations.add(name)

    def control(self, method, target):
        path = target.split("?")[0].removeprefix("/_local")
        for row in CONTROLS:
            verb, pattern = row.split(" ")
            if verb == method and re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(pattern)), path):
                self.controls.add(row)

    def log(self, text):
        """The log says of every refusal which rule made it."""
        for operation, error, rule in re.findall(r" \d{3} (\w+) \S+ \S+ \d+us (\w+): (\w+)", text):
            self.refusals.add(rule)
            if rule not in TOLD:
                self.pairs.add((operation, error))

    def missing(self):
        return [("every operation that is served is exercised by a story",
                 [o for o in OPERATIONS if o not in self.operations]),
                ("every refusal is exercised by a story", [r for r in REFUSALS if r not in self.refusals]),
                ("every error that an operation declares is reached by a story",
                 sorted(".".join(pair) for pair in DECLARED - self.pairs - UNCAUSED)),
                ("no error that is said to have no cause is reached by a story",
                 sorted(".".join(pair) for pair in UNCAUSED & self.pairs)),
                ("every control call is exercised by a story", [c for c in CONTROLS if c not in self.controls])]
