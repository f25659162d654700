"""The package rekognition-local, as it was installed: its plugin in sessions of pytest's own, and its context manager."""
import unittest

import pytest
import rekognition_local

SUITE = """
    import time

    def model(rekognition):
        project = rekognition.create_project(ProjectName="birds")["ProjectArn"]
        version = rekognition.create_project_version(
            ProjectArn=project, VersionName="first", OutputConfig={"S3Bucket": "results", "S3KeyPrefix": "birds"})
        rekognition.get_waiter("project_version_training_completed").wait(ProjectArn=project)
        return version["ProjectVersionArn"]

    def test_what_is_stopped_is_no_leak(rekognition):
        version = model(rekognition)
        rekognition.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1)
        rekognition.stop_project_version(ProjectVersionArn=version)

    def test_another_test_does_not_see_its_project(rekognition):
        assert rekognition.describe_projects()["ProjectDescriptions"] == []

    def test_time_is_its_own(rekognition, rekognition_account, rekognition_local):
        other = rekognition_local.account()
        rekognition_account.freeze()
        before = rekognition_account.control("GET", "/clock")
        assert before["own"] and before["mode"] == "frozen"
        rekognition_account.advance("24h")
        assert rekognition_account.control("GET", "/clock")["now"][:10] > before["now"][:10]
        assert other.control("GET", "/clock")["now"][:10] == before["now"][:10]
        assert other.control("GET", "/clock")["mode"] == "real"
"""

LEAK = """
    def test_a_leak(rekognition):
        project = rekognition.create_project(ProjectName="birds")["ProjectArn"]
        version = rekognition.create_project_version(
            ProjectArn=project, VersionName="first", OutputConfig={"S3Bucket": "results", "S3KeyPrefix": "birds"})
        rekognition.start_project_version(ProjectVersionArn=version["ProjectVersionArn"], MinInferenceUnits=1)
"""


@pytest.fixture
def local(pytester, monkeypatch):
    monkeypatch.delenv("REKOGNITION_LOCAL_URL", raising=False)
    return pytester


def test_each_test_has_an_account_and_a_time_of_its_own(local):
    local.makepyfile(SUITE)
    local.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=3)


def test_workers_of_xdist_have_a_server_each(local):
    local.makepyfile(test_one=SUITE, test_two=SUITE)
    local.runpytest_subprocess("-p", "no:cacheprovider", "-n", "2").assert_outcomes(passed=6)


def test_a_model_that_is_left_on_is_an_error_of_the_teardown(local):
    local.makepyfile(LEAK)
    result = local.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*LeftOn: left on, which would cost money: arn:aws:rekognition:*:project/birds/version/first/*"])


def test_options_of_the_server_are_told_it(local):
    local.makepyfile("""
        def test_settings(rekognition_local):
            assert rekognition_local.control("GET", "/settings")["version.train"] != "0s"
    """)
    local.runpytest_subprocess("-p", "no:cacheprovider", "--rekognition-local-option=--profile=aws").assert_outcomes(passed=1)


def test_a_wrong_option_is_told_of(local):
    local.makepyfile("def test_it(rekognition): pass")
    result = local.runpytest_subprocess("-p", "no:cacheprovider", "--rekognition-local-option=--profile=none")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*ServerFailed: * ended with 2, and has said why*"])


def test_the_server_of_the_environment_is_used(local, monkeypatch):
    with rekognition_local.Server() as server:
        monkeypatch.setenv("REKOGNITION_LOCAL_URL", server.url)
        local.makepyfile(f"""
            def test_url(rekognition_local):
                assert rekognition_local.url == {server.url!r}
        """)
        local.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
        assert server.control("GET", "/health")["ready"]


class ContextTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = rekognition_local.Server().start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def test_an_account_is_emptied(self):
        with self.server.account() as account:
            account.client().create_project(ProjectName="birds")
        self.assertEqual(account.client().describe_projects()["ProjectDescriptions"], [])

    def test_what_went_wrong_is_told_rather_than_what_is_on(self):
        with self.assertRaises(KeyError), self.server.account() as account:
            client = account.client()
            project = client.create_project(ProjectName="birds")["ProjectArn"]
            version = client.create_project_version(ProjectArn=project, VersionName="first",
                                                    OutputConfig={"S3Bucket": "results", "S3KeyPrefix": "birds"})
            client.start_project_version(ProjectVersionArn=version["ProjectVersionArn"], MinInferenceUnits=1)
            self.assertEqual(account.left_on(), [version["ProjectVersionArn"]])
            raise KeyError
        self.assertEqual(account.left_on(), [])

    def test_a_refusal_of_the_control_api(self):
        with self.assertRaises(rekognition_local.Refused) as refused:
            self.server.control("GET", "/nothing")
        self.assertEqual(refused.exception.status, 404)


def test_a_server_that_was_not_started_has_no_url():
    with pytest.raises(rekognition_local.ServerFailed):
        rekognition_local.Server().url
