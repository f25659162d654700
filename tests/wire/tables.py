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


class Seen:
    def __init__(self):
        self.operations, self.refusals, self.controls = set(), set(), set()

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
        self.refusals.update(re.findall(r"us \w+: (\w+)", text))

    def missing(self):
        return [("every operation that is served is exercised by a story",
                 [o for o in OPERATIONS if o not in self.operations]),
                ("every refusal is exercised by a story", [r for r in REFUSALS if r not in self.refusals]),
                ("every control call is exercised by a story", [c for c in CONTROLS if c not in self.controls])]
