"""Runs test_*.py of this folder, and prints a line for each test."""
import os
import re
import signal
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


def name_of(test):
    """test_a_model_is_trained of test_lifecycle.py: "sdk/python/lifecycle: a model is trained"."""
    module, _, method = test.id().partition(".")
    return f"sdk/python/{module.removeprefix('test_')}: {method.rpartition('.')[2].removeprefix('test_')}".replace("_", " ")


def flat(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flat(test)
        else:
            yield test


class Result(unittest.TestResult):
    def addSuccess(self, test):
        print("ok", name_of(test), flush=True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.say(test, self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.say(test, self.errors[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err:
            self.say(subtest, (self.failures + self.errors)[-1][1])

    def addSkip(self, test, reason):
        print("ok", name_of(test), "# SKIP", reason, flush=True)

    @staticmethod
    def say(test, text):
        print(f"FAIL {name_of(test)}", text, sep="\n", flush=True)


def main():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # programs in the background are born deaf to it
    sys.path[:0] = [HERE, HERE + "/../../support"]
    pattern = os.environ.get("TEST_PATTERN", "")
    tests = [t for t in flat(unittest.defaultTestLoader.discover(HERE, "test_*.py"))
             if re.search(pattern, name_of(t).replace("_", " "))]
    result = Result()
    unittest.TestSuite(tests).run(result)
    sys.exit(not result.wasSuccessful())


if __name__ == "__main__":
    main()
