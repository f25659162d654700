"""`rekognition-local exec`: a server for as long as a command runs."""
import json
import os
import pty
import re
import signal
import socket
import subprocess
import tempfile
import unittest

from server import PATIENCE

BINARY = os.environ["TEST_BINARY"]
PYTHON = os.environ["PYTHON"]
GIVEN = ("AWS_ENDPOINT_URL_REKOGNITION", "REKOGNITION_LOCAL_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
         "AWS_REGION", "AWS_DEFAULT_REGION")
TELL = "import json, os; print(json.dumps({n: os.environ.get(n) for n in %r}))" % (GIVEN,)

# Waits for a signal, having said that it does, and counts those that come within a moment.
WAITER = """
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
print("waits", flush=True)
came = [signal.sigwait([signal.SIGINT, signal.SIGTERM])]
while more := signal.sigtimedwait([signal.SIGINT, signal.SIGTERM], 0.2):
    came.append(more.si_signo)
print(*(signal.Signals(s).name for s in came), flush=True)
sys.exit(9)
"""

MODEL = """
import boto3, sys
rekognition = boto3.client("rekognition")
project = rekognition.create_project(ProjectName="birds")["ProjectArn"]
manifest = {"GroundTruthManifest": {"S3Object": {"Bucket": "data", "Name": "train.manifest"}}}
model = rekognition.create_project_version(
    ProjectArn=project, VersionName="first", OutputConfig={"S3Bucket": "results", "S3KeyPrefix": "birds"},
    TrainingData={"Assets": [manifest]}, TestingData={"AutoCreate": True})["ProjectVersionArn"]
rekognition.start_project_version(ProjectVersionArn=model, MinInferenceUnits=1)
if "stop" in sys.argv:
    rekognition.stop_project_version(ProjectVersionArn=model)
"""

CALL = """
import json, os, sys, urllib.request
operation, body = sys.argv[1:]
headers = {"X-Amz-Target": "RekognitionService." + operation, "Content-Type": "application/x-amz-json-1.1"}
if operation.startswith("/"):
    headers = {}
url = os.environ["REKOGNITION_LOCAL_URL"] + (operation if operation.startswith("/") else "")
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
try:
    opener.open(urllib.request.Request(url, body.encode(), headers))
except urllib.error.HTTPError:
    pass
"""

TESTS = """
import boto3, pytest

@pytest.mark.parametrize("i", range(40))
def test_projects_of_all_workers_are_in_one_world(i):
    rekognition = boto3.client("rekognition")
    rekognition.create_project(ProjectName=f"birds-{i}")
    with pytest.raises(rekognition.exceptions.ResourceInUseException):
        rekognition.create_project(ProjectName=f"birds-{i}")
"""


def run(*arguments, options=(), **environment):
    ours = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run([BINARY, "exec", *options, "--", *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=PATIENCE * 2, env={**ours, **environment}, check=False)
    return done.returncode, done.stdout, done.stderr


def alone(*arguments):
    """Of a command that is an operation and its input, or a path of the control API and a body."""
    return [PYTHON, "-c", CALL, *arguments]


def of_users(masks):
    """Without the signals 32 and 33, which the C library keeps for itself and ignores in what it spawns."""
    return re.sub(r"\b[0-9a-f]{16}\b", lambda found: f"{int(found[0], 16) & ~(3 << 31):x}", masks)


class EnvironmentTest(unittest.TestCase):
    def tell(self, options=(), **environment):
        status, output, error = run(PYTHON, "-c", TELL, options=options, **environment)
        self.assertEqual((status, error), (0, ""))
        return json.loads(output)

    def test_the_command_is_told_where_the_server_is_and_who_it_is(self):
        told = self.tell()
        self.assertRegex(told["REKOGNITION_LOCAL_URL"], r"^http://127\.0\.0\.1:\d+$")
        self.assertEqual(told["AWS_ENDPOINT_URL_REKOGNITION"], told["REKOGNITION_LOCAL_URL"])
        self.assertEqual(told["AWS_ACCESS_KEY_ID"], "123456789012")
        self.assertTrue(told["AWS_SECRET_ACCESS_KEY"])
        self.assertEqual([told["AWS_REGION"], told["AWS_DEFAULT_REGION"]], ["us-east-1"] * 2)

    def test_what_is_set_is_left_but_the_endpoint(self):
        told = self.tell(AWS_ENDPOINT_URL_REKOGNITION="http://127.0.0.1:1", REKOGNITION_LOCAL_URL="http://127.0.0.1:1",
                         AWS_ACCESS_KEY_ID="AKIA", AWS_SECRET_ACCESS_KEY="secret", AWS_REGION="eu-west-1",
                         AWS_DEFAULT_REGION="eu-west-2")
        self.assertNotIn("http://127.0.0.1:1", told.values())
        self.assertEqual([told[name] for name in GIVEN[2:]], ["AKIA", "secret", "eu-west-1", "eu-west-2"])

    def test_of_the_two_regions_the_one_that_is_set_counts(self):
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            with self.subTest(name):
                told = self.tell(**{name: "eu-west-1"})
                self.assertEqual([told["AWS_REGION"], told["AWS_DEFAULT_REGION"]], ["eu-west-1"] * 2)

    def test_neither_a_proxy_nor_a_wish_for_the_real_endpoint_leads_elsewhere(self):
        call = "import boto3; boto3.client('rekognition').create_project(ProjectName='p')"
        for proxy in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            for more in ({}, {"NO_PROXY": "example.com"}, {"no_proxy": "example.com,example.org"}):
                self.assertEqual(run("sh", "-c", "echo $no_proxy $NO_PROXY", **{proxy: "http://127.0.0.1:1"}, **more)[1],
                                 " ".join(["".join(f"{v}," for v in more.values()) + "127.0.0.1"] * 2) + "\n")
        self.assertEqual(run(PYTHON, "-c", call, http_proxy="http://127.0.0.1:1", HTTPS_PROXY="http://127.0.0.1:1",
                             AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true")[0::2], (0, ""))
        self.assertEqual(run("sh", "-c", "echo $no_proxy $NO_PROXY")[1], "\n")

    def test_options_and_their_variables_are_those_of_a_server(self):
        told = self.tell(["--host", "0.0.0.0", "--region=eu-west-3", "--account", "111122223333"])
        self.assertRegex(told["REKOGNITION_LOCAL_URL"], r"^http://127\.0\.0\.1:\d+$")
        self.assertEqual([told["AWS_REGION"], told["AWS_ACCESS_KEY_ID"]], ["eu-west-3", "111122223333"])
        self.assertEqual(self.tell(REKOGNITION_LOCAL_REGION="eu-west-3")["AWS_REGION"], "eu-west-3")

    def test_a_file_is_kept_when_one_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            for expected in (0, 1):  # the project is there the second time
                status, _, _ = run(PYTHON, "-c", "import boto3; boto3.client('rekognition').create_project(ProjectName='p')",
                                   options=["--db", folder + "/world.db"])
                self.assertEqual(status, expected)
            self.assertEqual(os.listdir(folder), ["world.db"])


class StatusTest(unittest.TestCase):
    def test_the_status_is_that_of_the_command(self):
        for status in (0, 1, 7, 255):
            self.assertEqual(run("sh", "-c", f"exit {status}"), (status, "", ""))

    def test_a_signal_that_ends_the_command_is_128_and_its_number(self):
        for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM, signal.SIGHUP):
            self.assertEqual(run("sh", "-c", f"ulimit -c 0; kill -{number} $$")[0], 128 + number)

    def test_a_command_that_is_not_there_or_no_program(self):
        self.assertEqual(run("no-such-command"), (127, "", "rekognition-local: exec: no-such-command: No such file or directory\n"))
        self.assertEqual(run("/no/such/command")[0], 127)
        self.assertEqual(run("/etc/passwd"), (126, "", "rekognition-local: exec: /etc/passwd: Permission denied\n"))
        self.assertEqual(run("/")[0], 126)

    def test_the_streams_are_the_commands_own(self):
        done = subprocess.run([BINARY, "exec", "--", "sh", "-c", "cat; echo wrong >&2"], input="a word", capture_output=True,
                              text=True, timeout=PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "a word", "wrong\n"))

    def test_the_command_has_no_file_and_no_signal_of_the_server(self):
        look = ["sh", "-c", "ls /proc/self/fd; grep -E 'Sig(Blk|Ign)' /proc/self/status"]
        plain = subprocess.run(look, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
        self.assertEqual(of_users(run(*look)[1]), of_users(plain.stdout))

    def test_what_was_ignored_before_is_ignored_by_the_command(self):
        look = "trap '' HUP INT; exec \"$@\""
        ask = ["sh", "-c", "grep SigIgn /proc/self/status"]
        plain = subprocess.run(["sh", "-c", look, "-", *ask], capture_output=True, text=True, check=True)
        done = subprocess.run(["sh", "-c", look, "-", BINARY, "exec", "--", *ask], capture_output=True, text=True, check=True)
        self.assertEqual(of_users(done.stdout), of_users(plain.stdout))


class SignalsTest(unittest.TestCase):
    def begin(self, **more):
        process = subprocess.Popen([BINARY, "exec", "--", PYTHON, "-c", WAITER], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.assertEqual(process.stdout.readline(), "waits\n")
        return process

    def test_interrupt_and_termination_are_passed_on_once(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                process = self.begin()
                process.send_signal(number)
                self.assertEqual(process.stdout.read().split(), [number.name])
                self.assertEqual(process.wait(PATIENCE), 9)

    def test_a_hang_up_is_not(self):
        process = self.begin()
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.stdout.read().split(), ["SIGTERM"])
        self.assertEqual(process.wait(PATIENCE), 9)

    def test_a_command_that_is_ended_by_it_ends_it(self):
        process = subprocess.Popen([BINARY, "exec", "--", "sh", "-c", "echo waits; exec sleep 1000"],
                                   stdout=subprocess.PIPE, text=True)
        with process:
            self.assertEqual(process.stdout.readline(), "waits\n")
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(PATIENCE), 128 + signal.SIGTERM)

    def test_an_interrupt_of_the_terminal_comes_once(self):
        """A terminal tells the whole group; passed on, it would come twice, and pytest would not tear down."""
        child, terminal = pty.fork()
        if child == 0:
            os.execv(BINARY, [BINARY, "exec", "--", PYTHON, "-c", WAITER])
        said = b""
        while b"waits" not in said:
            said += os.read(terminal, 1000)
        os.write(terminal, b"\x03")
        _, status = os.waitpid(child, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 9)
        said = os.read(terminal, 1000).decode()
        os.close(terminal)
        self.assertEqual(re.findall(r"SIG\w+", said), ["SIGINT"])


class DaemonTest(unittest.TestCase):
    def test_what_a_command_leaves_behind_is_not_waited_for(self):
        """And finds the port closed: it has not inherited it."""
        status, output, _ = run("sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $! $REKOGNITION_LOCAL_URL")
        left, url = output.split()
        self.addCleanup(os.kill, int(left), signal.SIGKILL)
        self.assertEqual(status, 0)
        os.kill(int(left), 0)  # it lives
        with socket.socket() as s, self.assertRaises(ConnectionRefusedError):
            s.connect(("127.0.0.1", int(url.rpartition(":")[2])))

    def test_a_call_of_it_that_is_held_does_not_keep_the_server(self):
        status, output, error = run(
            PYTHON, "-c", MODEL + """
import subprocess
left = subprocess.Popen([sys.executable, "-c", '''
import boto3, sys
boto3.client("rekognition").describe_project_versions(ProjectArn=sys.argv[1])
''', project], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(left.pid)
import time, urllib.request, os
metrics = urllib.request.build_opener(urllib.request.ProxyHandler({}))
while b"held_calls 1\\n" not in metrics.open(os.environ["REKOGNITION_LOCAL_URL"] + "/_local/metrics").read():
    pass
""", options=["--profile", "instant", "--set", "version.start=1h", "--set", "describe.hold=1h"])
        self.assertEqual(status, 0, error)
        os.kill(int(output), 0)
        os.kill(int(output), signal.SIGKILL)
        self.assertIn("left on: ", error)


class ReportTest(unittest.TestCase):
    INSTANT = ("--profile", "instant")

    def fails_on(self, remark, command, options=()):
        """Reported always; a failure only when it is asked for, and not in place of another."""
        status, _, error = run(*command, options=options)
        self.assertEqual(status, 0, error)
        others = ",".join({"on", "ignored", "unserved", "unused"} - {remark})
        for asked, expected in ((remark, 3), (others, 0), (f"{others},{remark}", 3)):
            self.assertEqual(run(*command, options=[*options, "--fail-on", asked])[0], expected, asked)
        self.assertEqual(run("sh", "-c", '"$@"; exit 5', "-", *command, options=[*options, "--fail-on", remark])[0], 5)
        return error

    def test_a_model_that_was_left_on_and_its_bill(self):
        error = self.fails_on("on", [PYTHON, "-c", MODEL], [*self.INSTANT, "--set", "version.start=1h"])
        self.assertRegex(error, r"^rekognition-local: left on: arn:aws:rekognition:us-east-1:123456789012:project/birds/"
                                r"version/first/\d+ is STARTING since 20\S+Z, and has cost 0\.0000 USD\n$")

    def test_a_model_that_was_stopped_is_not_left_on(self):
        self.assertEqual(run(PYTHON, "-c", MODEL, "stop", options=[*self.INSTANT, "--fail-on", "on"]), (0, "", ""))

    def test_the_bill_is_that_of_the_clock(self):
        command = MODEL + """
import os, urllib.request
urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
    os.environ["REKOGNITION_LOCAL_URL"] + "/_local/clock/advance", b'{"by":"30m"}')
"""
        error = run(PYTHON, "-c", command, options=[*self.INSTANT, "--clock", "frozen"])[2]
        self.assertRegex(error, r"is RUNNING since \S+, and has cost 2\.0000 USD\n$")

    def test_members_that_the_operation_does_not_have(self):
        twice = alone("CreateProject", '{"ProjectName":"p","Colour":1,"Tags":{}}')
        error = self.fails_on("ignored", ["sh", "-c", '"$@"; "$@"', "-", *twice])
        self.assertEqual(error, "rekognition-local: ignored: CreateProject has no member Colour (2 calls)\n")

    def test_operations_that_are_not_there(self):
        error = self.fails_on("unserved", alone("ListColections", "{}"))
        self.assertEqual(error, "rekognition-local: not served: X-Amz-Target is RekognitionService.ListColections; "
                                "the nearest is RekognitionService.ListCollections (1 call)\n")

    def test_faults_and_outcomes_that_were_never_hit(self):
        error = self.fails_on("unused", alone("/_local/faults", '{"operation":"CreateProject","error":{"code":"ThrottlingException"}}'))
        self.assertEqual(error, "rekognition-local: never hit: fault 1, of CreateProject\n")
        error = self.fails_on("unused", alone("/_local/outcomes", '{"resource":"*birds*","event":"train","to":"fail"}'))
        self.assertEqual(error, "rekognition-local: never hit: outcome 1, of train of *birds*\n")

    def test_a_fault_that_was_hit_is_not_named(self):
        both = alone("/_local/faults", '{"operation":"CreateProject","error":{"code":"ThrottlingException"}}')
        call = alone("CreateProject", '{"ProjectName":"p"}')
        self.assertEqual(run("sh", "-c", '"$1" "$2" "$3" "$4" "$5"; shift 5; "$@"', "-", *both, *call,
                             options=["--fail-on", "unused"]), (0, "", ""))


class SuiteTest(unittest.TestCase):
    def test_pytest_with_four_workers(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(folder + "/test_birds.py", "w", encoding="utf-8") as f:
                f.write(TESTS)
            status, output, error = run(PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "4", folder,
                                        options=["--fail-on", "on,ignored,unserved,unused"])
        self.assertEqual((status, error), (0, ""), output)
        self.assertIn("40 passed", output)
