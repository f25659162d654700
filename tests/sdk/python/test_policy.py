"""What policies allow: --auth policy, as boto3 meets it."""
import json

from test_signature import ANN, BOB, SignedTest


def statement(effect, action, resource="*", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


ROOT = {**ANN, "accessKeyId": "AKIAIOSFODNN7THEROOT", "arn": "arn:aws:iam::111122223333:root", "policies": []}
PROJECTS = "arn:aws:rekognition:us-east-1:111122223333:project/"


class PolicyTest(SignedTest):
    users = [ROOT]
    options = ["--profile", "instant", "--auth", "policy", "--credentials", "credentials.json"]

    def may(self, *statements, user=ANN, others=(), **more):
        """A client of the user, who has this one policy."""
        self.control("PUT", "/credentials", {"users": [{**user, "policies": [policy(*statements)], **more}, ROOT, *others]})
        return self.as_user(user)

    def denied(self, call, **input):
        return self.refused("AccessDeniedException", call, **input)

    def reasons(self):
        """What the journal says of the last call."""
        return self.control("GET", "/requests")["requests"][-1]["explain"]

    def test_what_no_policy_allows_is_denied_in_the_words_of_today(self):
        ann = self.may(statement("Allow", "rekognition:DescribeProjects"))
        ann.describe_projects()
        self.assertEqual(self.reasons(), {"decisions": "rekognition:DescribeProjects on * is allowed by the identity-based policy 0, statement 1"})
        self.assertEqual(self.denied(ann.create_project, ProjectName="birds"),
                         "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: rekognition:CreateProject "
                         "because no identity-based policy allows the rekognition:CreateProject action")
        self.assertEqual(self.reasons()["rule"], "PERMISSION")
        # Nobody learns whether what he may not see exists.
        self.assertEqual(self.denied(ann.delete_project, ProjectArn=PROJECTS + "none/1"),
                         f"User: {ANN['arn']} is not authorized to perform: rekognition:DeleteProject on resource: {PROJECTS}none/1 "
                         "because no identity-based policy allows the rekognition:DeleteProject action")

    def test_an_explicit_deny_comes_first(self):
        ann = self.may(statement("Allow", "*"), statement("Deny", "rekognition:Create*", Sid="NoMaking"))
        ann.describe_projects()
        self.assertTrue(self.denied(ann.create_project, ProjectName="b").endswith("with an explicit deny in an identity-based policy"))
        self.assertEqual(self.reasons()["found"], "rekognition:CreateProject on * is denied by the identity-based policy 0, statement 2 (NoMaking)")

    def test_resources_are_those_of_the_call(self):
        birds = self.as_user(ROOT).create_project(ProjectName="birds")["ProjectArn"]
        fish = self.as_user(ROOT).create_project(ProjectName="fish")["ProjectArn"]
        ann = self.may(statement("Allow", "rekognition:*", PROJECTS + "birds/*"))
        ann.describe_project_versions(ProjectArn=birds)
        self.denied(ann.describe_project_versions, ProjectArn=fish)
        self.assertIn("policies[0], statement 1 is for other resources", self.reasons()["found"])
        ann = self.may({"Effect": "Allow", "NotAction": "rekognition:Delete*", "NotResource": birds})
        ann.describe_project_versions(ProjectArn=fish)
        self.denied(ann.describe_project_versions, ProjectArn=birds)
        self.denied(ann.delete_project, ProjectArn=fish)

    def test_a_job_of_a_stored_video_may_need_a_role_that_may_be_passed(self):
        video = {"S3Object": {"Bucket": "videos", "Name": "cats.mp4"}}
        role = "arn:aws:iam::111122223333:role/word"
        channel = {"SNSTopicArn": "arn:aws:sns:us-east-1:111122223333:AmazonRekognition-word", "RoleArn": role}
        self.as_user(ROOT).create_collection(CollectionId="staff")
        self.as_user(ROOT).create_collection(CollectionId="others")
        ann = self.may(statement("Allow", "rekognition:Start*"), statement("Deny", "rekognition:StartFaceSearch", "*collection/others"))
        job = ann.start_label_detection(Video=video)["JobId"]
        self.assertIn("iam:PassRole", self.denied(ann.start_label_detection, Video=video, NotificationChannel=channel))
        self.denied(ann.get_label_detection, JobId=job)
        ann.start_face_search(Video=video, CollectionId="staff")
        self.denied(ann.start_face_search, Video=video, CollectionId="others")
        ann = self.may(statement("Allow", "rekognition:*"), statement("Allow", "iam:PassRole", role))
        ann.start_label_detection(Video=video, NotificationChannel=channel)
        self.assertEqual(ann.get_label_detection(JobId=job)["JobStatus"], "SUCCEEDED")
        self.control("PATCH", "/settings", {"limit.concurrentVideoJobs": 0})
        self.assertEqual(self.refused("LimitExceededException", ann.start_label_detection, Video=video),
                         f"0 open Jobs for User {ANN['arn']} Maximum limit: 0")

    def test_tags_of_request_resource_and_principal_are_conditions(self):
        ann = self.may(statement("Allow", "rekognition:*", Condition={
            "StringEquals": {"aws:RequestTag/team": "${aws:PrincipalTag/team}"},
            "ForAllValues:StringEquals": {"aws:TagKeys": ["team", "stage"]}}), tags={"team": "a"})
        arn = ann.create_project(ProjectName="one", Tags={"team": "a", "stage": "x"})["ProjectArn"]
        self.denied(ann.create_project, ProjectName="two", Tags={"team": "b"})
        self.assertIn('statement 1: StringEquals wants aws:RequestTag/team to be "${aws:PrincipalTag/team}", and it is b', self.reasons()["found"])
        self.denied(ann.create_project, ProjectName="two", Tags={"team": "a", "cost": "x"})
        self.denied(ann.create_project, ProjectName="two")
        ann = self.may(statement("Allow", "rekognition:*", Condition={"StringEquals": {"aws:ResourceTag/team": "a"}}))
        ann.describe_project_versions(ProjectArn=arn)
        ann = self.may(statement("Allow", "rekognition:*", Condition={"StringEquals": {"aws:ResourceTag/team": "b"}}))
        self.denied(ann.describe_project_versions, ProjectArn=arn)
        ann = self.may(statement("Allow", "rekognition:CreateProject"))
        ann.create_project(ProjectName="three")
        self.assertIn("perform: rekognition:TagResource on resource: " + PROJECTS + "four/*", self.denied(ann.create_project, ProjectName="four", Tags={"a": "b"}))

    def test_what_surrounds_a_call_is_a_condition(self):
        for condition in ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, {"Bool": {"aws:SecureTransport": "false"}},
                          {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, {"StringLike": {"aws:UserAgent": "Boto3/*"}},
                          {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/ann"}}, {"StringEquals": {"aws:username": "ann"}},
                          {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}, {"Null": {"aws:TokenIssueTime": "true"}},
                          {"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}, {"NumericGreaterThan": {"aws:EpochTime": "1700000000"}}):
            self.may(statement("Allow", "rekognition:*", Condition=condition)).describe_projects()
        for condition in ({"NotIpAddress": {"aws:SourceIp": "127.0.0.1"}}, {"Bool": {"aws:SecureTransport": "true"}},
                          {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}):
            self.denied(self.may(statement("Allow", "rekognition:*", Condition=condition)).describe_projects)

    def test_a_boundary_bounds_and_the_root_may_everything(self):
        boundary = policy(statement("Allow", "rekognition:Describe*"), statement("Deny", "rekognition:DescribeDataset"))
        ann = self.may(statement("Allow", "*"), boundary=boundary)
        ann.describe_projects()
        self.assertTrue(self.denied(ann.create_project, ProjectName="b").endswith(
            "because no permissions boundary allows the rekognition:CreateProject action"))
        self.assertTrue(self.denied(ann.describe_dataset, DatasetArn=PROJECTS + "b/dataset/train/1").endswith(
            "with an explicit deny in a permissions boundary"))
        self.as_user(ROOT).create_project(ProjectName="b")

    def test_copying_between_accounts_needs_leave_on_both_sides(self):
        root, other = self.as_user(ROOT), {**BOB, "accessKeyId": "AKIAIOSFODNN7BUILDER", "sessionToken": None,
                                           "arn": "arn:aws:iam::444455556666:user/bob"}
        del other["sessionToken"]
        source = self.project("source", root)
        version = self.train(source, "v1", root)
        bob = self.may(statement("Allow", "*"), user=other)
        copy = dict(SourceProjectArn=source, SourceProjectVersionArn=version, DestinationProjectArn=self.project("target", bob),
                    VersionName="v1", OutputConfig={"S3Bucket": "results"})
        self.assertTrue(self.denied(bob.copy_project_version, **copy).endswith(
            f"{other['arn']} is not authorized to perform: rekognition:CopyProjectVersion on resource: {version} "
            "because no resource-based policy allows the rekognition:CopyProjectVersion action"))
        allow = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": other["arn"]},
                                                        "Action": "rekognition:CopyProjectVersion", "Resource": version}}
        root.put_project_policy(ProjectArn=source, PolicyName="copy", PolicyDocument=json.dumps(allow))
        bob = self.may(statement("Allow", "*"), statement("Deny", "rekognition:CopyProjectVersion", version), user=other)
        self.assertTrue(self.denied(bob.copy_project_version, **copy).endswith("with an explicit deny in an identity-based policy"))
        bob = self.may(statement("Allow", "rekognition:CopyProjectVersion"), user=other)
        self.assertIn("perform: rekognition:CreateProjectVersion on resource: ", self.denied(bob.copy_project_version, **copy))
        bob = self.may(statement("Allow", ["rekognition:CopyProjectVersion", "rekognition:CreateProjectVersion"]), user=other)
        bob.copy_project_version(**copy)
        bob = self.may(statement("Allow", "*"), user={**other, "arn": "arn:aws:iam::444455556666:user/eve"})
        self.assertTrue(self.denied(bob.copy_project_version, **{**copy, "VersionName": "v2"}).endswith(
            "because no resource-based policy allows the rekognition:CopyProjectVersion action"))

    def test_what_is_suggested_is_enough_and_no_more(self):
        """What every user of IAM wants at the end of a test run."""
        def story(client, name):
            project = self.project(name, client, Tags={"a": "b"})
            version = self.train(project, "v1", client, Tags={"a": "b"})
            client.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1)
            client.stop_project_version(ProjectVersionArn=version)
            client.delete_project_version(ProjectVersionArn=version)
            client.delete_project(ProjectArn=project)
            client.describe_projects()

        story(self.may(statement("Allow", "*")), "birds")
        suggested = self.control("GET", "/policy/suggest?arn=" + ANN["arn"])
        ann = self.may(*suggested["Statement"])
        story(ann, "birds")
        self.denied(ann.create_dataset, ProjectArn=PROJECTS + "birds/1", DatasetType="TRAIN")
        self.denied(ann.delete_project, ProjectArn=PROJECTS + "fish/1")


class SoftTest(SignedTest):
    users = [{**ANN, "policies": [policy(statement("Allow", "rekognition:DescribeProjects"))]}]
    options = [*PolicyTest.options, "--soft"]

    def test_what_would_be_denied_is_told_and_done(self):
        self.as_user(ANN).create_project(ProjectName="birds")
        [request] = self.control("GET", "/requests")["requests"]
        self.assertEqual(request["explain"], {
            "decisions": "rekognition:CreateProject on * is denied: no identity-based policy allows it; --soft lets it pass"})
