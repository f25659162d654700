"""/_local/metrics, as the parser of Prometheus's own client reads it."""
from local import LocalTest
from prometheus_client.parser import text_string_to_metric_families


class MetricsTest(LocalTest):
    options = ["--profile", "aws", "--clock", "frozen"]

    def families(self):
        answer = self.server.control("GET", "/_local/metrics")
        self.assertEqual(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8")
        text = answer.body.decode()
        self.assertTrue(text.endswith("\n"))
        families = list(text_string_to_metric_families(text))
        self.assertEqual(len(families), len({f.name for f in families}), "a family is told once")
        for family in families:
            self.assertTrue(family.documentation, family.name)
            self.assertIn(family.type, ("counter", "gauge", "histogram"), family.name)
            series = [(s.name, *sorted(s.labels.items())) for s in family.samples]
            self.assertEqual(len(series), len(set(series)), family.name)
        return {f.name: f for f in families}

    @staticmethod
    def value(family, name=None, **labels):
        """Of the one series that has these labels; 0: there is none."""
        found = [s.value for s in family.samples
                 if (name or s.name) == s.name and labels.items() <= s.labels.items()]
        assert len(found) < 2, found
        return found[0] if found else 0

    def test_every_family_has_its_help_its_type_and_the_right_numbers(self):
        project = self.project()
        version = self.train(project)
        self.refuses("ResourceInUseException", self.rekognition.stop_project_version, ProjectVersionArn=version)
        families = self.families()
        calls = families["rekognition_local_calls"]
        self.assertEqual(calls.type, "counter")
        self.assertEqual(self.value(calls, operation="CreateProject", status="2xx", error=""), 1)
        self.assertEqual(self.value(calls, operation="StopProjectVersion", status="4xx",
                                    error="ResourceInUseException"), 1)
        resources, timers = families["rekognition_local_resources"], families["rekognition_local_timers"]
        self.assertEqual(self.value(resources, kind="project", status="CREATED"), 1)
        self.assertEqual(self.value(resources, kind="project_version", status="TRAINING_IN_PROGRESS"), 1)
        self.assertEqual(self.value(timers), 1)
        self.advance(until="settled")
        self.rekognition.start_project_version(ProjectVersionArn=version, MinInferenceUnits=3)
        self.advance(until="settled")
        families = self.families()
        self.assertEqual(self.value(families["rekognition_local_timers"]), 0)
        self.assertEqual(self.value(families["rekognition_local_resources"], kind="project_version", status="RUNNING"), 1)
        self.assertEqual(self.value(families["rekognition_local_inference_units"]), 3)
        transitions = families["rekognition_local_transitions"]
        for event in ("train", "trained", "start", "started"):
            self.assertEqual(self.value(transitions, kind="project_version", event=event), 1, event)

    def test_the_buckets_of_a_histogram_add_up(self):
        for _ in range(20):
            self.rekognition.describe_projects()
        family = self.families()["rekognition_local_call_duration_seconds"]
        self.assertEqual(family.type, "histogram")
        mine = [s for s in family.samples if s.labels["operation"] == "DescribeProjects"]
        buckets = [(float(s.labels["le"]), s.value) for s in mine if s.name.endswith("_bucket")]
        self.assertEqual(buckets, sorted(buckets))
        self.assertEqual([n for _, n in buckets], sorted(n for _, n in buckets))
        self.assertEqual(buckets[-1], (float("inf"), 20))
        self.assertEqual(self.value(family, family.name + "_count", operation="DescribeProjects"), 20)
        self.assertGreater(self.value(family, family.name + "_sum", operation="DescribeProjects"), 0)

    def test_the_kinds_and_statuses_are_those_of_accounts_together(self):
        for account in ("000000000001", "000000000002"):
            self.project(client=self.client(account))
        adapters = self.project("adapters", Feature="CONTENT_MODERATION", AutoUpdate="DISABLED")
        self.train(adapters)
        resources = self.families()["rekognition_local_resources"]
        self.assertEqual(self.value(resources, kind="project", status="CREATED"), 3)
        self.assertEqual(self.value(resources, kind="adapter", status="TRAINING_IN_PROGRESS"), 1)
        self.assertEqual(self.value(resources, kind="project_version", status="TRAINING_IN_PROGRESS"), 0)
