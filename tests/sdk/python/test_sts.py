"""Roles and keys for a while, as boto3 asks STS for them on the same port."""
import datetime
import json

from botocore.config import Config
from botocore.exceptions import ClientError
from local import SESSION, LocalTest
from test_policy import policy, statement
from test_signature import ANN, SignedTest

ACCOUNT = ANN["account"]
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci/builder"


def trust(principal, **more):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": principal},
                                                    "Action": ["sts:AssumeRole", "sts:TagSession"], **more}]}


def role(principal=ANN["arn"], actions="rekognition:*", condition=None, **more):
    return {"arn": ROLE, "account": ACCOUNT, "policies": [policy(statement("Allow", actions))],
            "trust": trust(principal, **({"Condition": condition} if condition else {})), **more}


class StsTest(SignedTest):
    users = [ANN]
    options = ["--profile", "instant", "--auth", "policy", "--credentials", "credentials.json"]

    def sts(self, user=ANN):
        return SESSION.client("sts", endpoint_url=self.url, region_name="us-east-1", aws_access_key_id=user["accessKeyId"],
                              aws_secret_access_key=user["secretAccessKey"], aws_session_token=user.get("sessionToken"),
                              config=Config(proxies={}, retries={"total_max_attempts": 1}))

    def know(self, *roles, user=None, others=(), **more):
        self.control("PUT", "/credentials", {"users": [user or {**ANN, "policies": []}, *others], "roles": list(roles), **more})

    def assume(self, user=ANN, **more):
        """The answer, and a user that signs with the keys it has."""
        answer = self.sts(user).assume_role(**{"RoleArn": ROLE, "RoleSessionName": "monday", **more})
        keys = answer["Credentials"]
        return answer, {"accessKeyId": keys["AccessKeyId"], "secretAccessKey": keys["SecretAccessKey"], "sessionToken": keys["SessionToken"]}

    def not_assumed(self, code="AccessDenied", **more):
        with self.assertRaises(ClientError) as caught:
            self.assume(**more)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)
        return caught.exception.response["Error"]["Message"]

    def test_a_role_is_assumed_and_its_keys_are_of_its_policies(self):
        self.know(role(actions="rekognition:Create*"))
        answer, session = self.assume()
        arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/builder/monday"
        self.assertEqual(answer["AssumedRoleUser"]["Arn"], arn)
        self.assertRegex(answer["AssumedRoleUser"]["AssumedRoleId"], "^AROA[A-Z0-9]{17}:monday$")
        self.as_user(session).create_project(ProjectName="birds")
        self.assertIn(f"User: {arn} is not authorized", self.refused("AccessDeniedException", self.as_user(session).describe_projects))
        who = self.sts(session).get_caller_identity()
        self.assertEqual((who["Arn"], who["Account"], who["UserId"]), (arn, ACCOUNT, answer["AssumedRoleUser"]["AssumedRoleId"]))
        self.refused("UnrecognizedClientException", self.as_user({**session, "sessionToken": None}).describe_projects)

    def test_who_is_not_trusted_does_not_assume(self):
        words = f"User: {ANN['arn']} is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
        self.assertEqual(self.not_assumed(), words)  # there is no such role
        self.know(role(f"arn:aws:iam::{ACCOUNT}:user/bob"))
        self.assertEqual(self.not_assumed(), words)
        self.know(role(condition={"StringEquals": {"sts:ExternalId": "secret"}}))
        self.not_assumed()
        self.not_assumed(ExternalId="other")
        self.assume(ExternalId="secret")
        self.know(role(ACCOUNT))  # the account is trusted: its policies decide
        self.not_assumed()
        self.know(role(ACCOUNT), user={**ANN, "policies": [policy(statement("Allow", "sts:AssumeRole", ROLE))]})
        self.assume()
        self.know(role(), user={**ANN, "policies": [policy(statement("Deny", "sts:*"))]})
        self.not_assumed()

    def test_a_session_policy_bounds_and_tags_are_of_the_session(self):
        self.know(role(tags={"team": "a", "stage": "x"}))
        _, session = self.assume(Policy=json.dumps(policy(statement("Allow", "rekognition:DescribeProjects"))))
        self.as_user(session).describe_projects()
        self.assertTrue(self.refused("AccessDeniedException", self.as_user(session).create_project, ProjectName="b").endswith(
            "because no session policy allows the rekognition:CreateProject action"))
        self.not_assumed("MalformedPolicyDocument", Policy='{"Statement":[]}')
        self.know({**role(tags={"team": "a"}), "policies": [policy(statement("Allow", "*", Condition={"StringEquals": {"aws:PrincipalTag/team": "b"}}))]})
        _, session = self.assume()
        self.refused("AccessDeniedException", self.as_user(session).describe_projects)
        _, session = self.assume(Tags=[{"Key": "team", "Value": "b"}])
        self.as_user(session).describe_projects()

    def test_managed_policies_bound_a_session_as_its_own_does(self):
        looks = {"arn": f"arn:aws:iam::{ACCOUNT}:policy/look", "document": policy(statement("Allow", "rekognition:Describe*"))}
        makes = {"arn": "arn:aws:iam::aws:policy/make", "document": policy(statement("Allow", "rekognition:CreateProject"))}
        other = {**looks, "arn": "arn:aws:iam::444455556666:policy/look"}
        self.know(role(), managedPolicies=[looks, makes, other])
        _, session = self.assume(PolicyArns=[{"arn": looks["arn"]}])
        self.as_user(session).describe_projects()
        self.refused("AccessDeniedException", self.as_user(session).create_project, ProjectName="b")
        _, session = self.assume(PolicyArns=[{"arn": looks["arn"]}, {"arn": makes["arn"]}],
                                 Policy=json.dumps(policy(statement("Deny", "rekognition:DescribeProjects"))))
        self.as_user(session).create_project(ProjectName="b")
        self.refused("AccessDeniedException", self.as_user(session).describe_projects)
        self.not_assumed("ValidationError", PolicyArns=[{"arn": other["arn"]}])
        self.not_assumed("ValidationError", PolicyArns=[{"arn": "arn:aws:iam::aws:policy/none"}])
        self.not_assumed("ValidationError", PolicyArns=[{"arn": looks["arn"]}] * 11)

    def test_a_session_lasts_as_long_as_it_was_asked_for(self):
        self.know(role(maxSeconds=7200))
        answer, session = self.assume(DurationSeconds=7200)
        away = (answer["Credentials"]["Expiration"] - datetime.datetime.now(answer["Credentials"]["Expiration"].tzinfo)).total_seconds()
        self.assertAlmostEqual(away, 7200, delta=30)
        self.not_assumed("ValidationError", DurationSeconds=7201)
        self.not_assumed("ValidationError", RoleSessionName="a b")
        user = {**ANN, "policies": [policy(statement("Allow", "*"))]}
        self.know(role(f"arn:aws:iam::{ACCOUNT}:root", maxSeconds=7200), user=user)
        _, session = self.assume()  # a session that assumes has an hour
        self.know(role(f"arn:aws:iam::{ACCOUNT}:root", actions="*", maxSeconds=7200), user=user)
        self.assume(user=session)
        self.not_assumed("ValidationError", user=session, DurationSeconds=3601)

    def test_sessions_outlive_a_reload_and_end_with_their_role(self):
        self.know(role())
        _, session = self.assume()
        self.know(role(actions="rekognition:DescribeProjects"))
        self.as_user(session).describe_projects()
        self.refused("AccessDeniedException", self.as_user(session).create_project, ProjectName="b")
        self.assertEqual([s["accessKeyId"] for s in self.control("GET", "/credentials")["sessions"]], [session["accessKeyId"]])
        self.know()
        self.refused("UnrecognizedClientException", self.as_user(session).describe_projects)

    def test_a_user_gets_keys_for_a_while(self):
        keys = self.sts().get_session_token(DurationSeconds=900)["Credentials"]
        session = {"accessKeyId": keys["AccessKeyId"], "secretAccessKey": keys["SecretAccessKey"], "sessionToken": keys["SessionToken"]}
        self.as_user(session).describe_projects()
        self.assertEqual(self.sts(session).get_caller_identity()["Arn"], ANN["arn"])
        with self.assertRaises(ClientError):
            self.sts(session).get_session_token()

    def test_sts_refuses_as_sts_does(self):
        for user, code in (({**ANN, "secretAccessKey": "x"}, "SignatureDoesNotMatch"), ({**ANN, "accessKeyId": "AKIANOBODY7EXAMPLE"}, "InvalidClientTokenId")):
            with self.assertRaises(ClientError) as caught:
                self.sts(user).get_caller_identity()
            self.assertEqual(caught.exception.response["Error"]["Code"], code)
        self.know(role())
        answer, session = self.assume()
        told = self.server.log_text() + self.server.control("GET", "/_local/requests").body.decode() + self.server.control("GET", "/_local/credentials").body.decode()
        self.assertNotIn(session["secretAccessKey"], told)
        self.assertNotIn(session["sessionToken"], told)


class OpenStsTest(LocalTest):
    def test_without_signatures_the_caller_is_the_root_of_its_account(self):
        sts = SESSION.client("sts", endpoint_url=self.url, region_name="us-east-1", aws_access_key_id="111122223333",
                             aws_secret_access_key="any", config=Config(proxies={}))
        self.assertEqual(sts.get_caller_identity()["Arn"], "arn:aws:iam::111122223333:root")
        with self.assertRaises(ClientError) as caught:
            sts.get_session_token()
        self.assertEqual(caught.exception.response["Error"]["Code"], "InvalidAction")
