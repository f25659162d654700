"""Lists that come in pages, through the stock paginators."""
from local import LocalTest


class PagesTest(LocalTest):
    def all_of(self, operation, member, size, **arguments):
        """Every item, by pages of `size`; and how many pages that took."""
        sent = self.count(self.rekognition, "".join(w.title() for w in operation.split("_")))
        pages = self.rekognition.get_paginator(operation).paginate(PaginationConfig={"PageSize": size}, **arguments)
        return pages.build_full_result()[member], len(sent)

    def test_projects_one_by_one(self):
        arns = [self.project(f"p{n}") for n in range(5)]
        found, sent = self.all_of("describe_projects", "ProjectDescriptions", 1)
        self.assertEqual(sorted(p["ProjectArn"] for p in found), sorted(arns))
        self.assertEqual(sent, 5)

    def test_versions_one_by_one_the_newest_first(self):
        project = self.project()
        for n in range(7):
            self.train(project, f"v{n}")
        found, sent = self.all_of("describe_project_versions", "ProjectVersionDescriptions", 1, ProjectArn=project)
        names = [v["ProjectVersionArn"].split("/")[3] for v in found]
        self.assertEqual((names, sent), ([f"v{n}" for n in reversed(range(7))], 7))
        self.assertEqual([v["ProjectVersionArn"].split("/")[3] for v in self.describe(project)], names)

    def test_policies_one_by_one(self):
        project = self.project()
        document = ('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"210987654321"},'
                    f'"Action":"rekognition:CopyProjectVersion","Resource":"{project.rpartition("/")[0]}/version/*"}}]}}')
        for n in range(3):
            self.rekognition.put_project_policy(ProjectArn=project, PolicyName=f"p{n}", PolicyDocument=document)
        found, sent = self.all_of("list_project_policies", "ProjectPolicies", 1, ProjectArn=project)
        self.assertEqual((sorted(p["PolicyName"] for p in found), sent), (["p0", "p1", "p2"], 3))

    def test_no_token_is_the_same_as_the_last(self):
        """botocore raises PaginationError when the server answers with the token that it was sent."""
        project = self.project()
        for n in range(12):
            self.train(project, f"v{n}")
        tokens = [page.get("NextToken") for page in self.rekognition.get_paginator("describe_project_versions").paginate(
            ProjectArn=project, PaginationConfig={"PageSize": 5})]
        self.assertEqual((len(tokens), len(set(tokens)), tokens[-1]), (3, 3, None))

    def test_a_full_last_page_has_no_token(self):
        for n in range(4):
            self.project(f"p{n}")
        self.assertEqual(self.all_of("describe_projects", "ProjectDescriptions", 2)[1], 2)

    def test_an_empty_token_is_the_first_page(self):
        self.project()
        self.assertEqual(len(self.rekognition.describe_projects(NextToken="")["ProjectDescriptions"]), 1)

    def test_a_token_of_nobody_is_refused(self):
        self.refuses("InvalidPaginationTokenException", self.rekognition.describe_projects, NextToken="made up")

    def test_a_paginator_resumes_where_it_stopped(self):
        arns = {self.project(f"p{n}") for n in range(5)}
        paginator = self.rekognition.get_paginator("describe_projects")
        first = paginator.paginate(PaginationConfig={"MaxItems": 2, "PageSize": 2}).build_full_result()
        rest = paginator.paginate(PaginationConfig={"StartingToken": first["NextToken"]}).build_full_result()
        found = [p["ProjectArn"] for p in first["ProjectDescriptions"] + rest["ProjectDescriptions"]]
        self.assertEqual((len(found), set(found)), (5, arns))

    def test_nothing_is_an_empty_list(self):
        project = self.project()
        c = self.rekognition
        self.assertEqual(c.describe_project_versions(ProjectArn=project)["ProjectVersionDescriptions"], [])
        self.assertEqual(c.describe_projects(ProjectNames=["nobody"])["ProjectDescriptions"], [])
        self.assertEqual(c.list_project_policies(ProjectArn=project)["ProjectPolicies"], [])
        self.assertEqual(c.list_tags_for_resource(ResourceArn=project)["Tags"], {})
        self.assertEqual(c.describe_projects()["ProjectDescriptions"][0]["Datasets"], [])
