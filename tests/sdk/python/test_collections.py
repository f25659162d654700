"""Collections, faces and users through boto3, in the order in which programs call them."""
from local import LocalTest

NOBODY = "11111111-2222-3333-4444-555555555555"


def picture(name):
    return {"S3Object": {"Bucket": "staff", "Name": name}}


class CollectionsTest(LocalTest):
    options = ["--clock", "frozen"]

    def setUp(self):
        super().setUp()
        for who in ("ann", "bob"):
            self.control("POST", "/images", {"image": {"s3": f"staff/{who}*"}, "shows": {"persons": [{"person": who}]}})
        self.rekognition.create_collection(CollectionId="staff")

    def index(self, name, **more):
        (record,) = self.rekognition.index_faces(CollectionId="staff", Image=picture(name), **more)["FaceRecords"]
        return record["Face"]["FaceId"]

    def all_of(self, operation, member, size, **arguments):
        pages = self.rekognition.get_paginator(operation).paginate(PaginationConfig={"PageSize": size}, **arguments)
        return pages.build_full_result()[member]

    def test_a_guest_is_let_in_by_a_picture_of_another_day(self):
        face = self.index("ann-monday.jpg", ExternalImageId="ann")
        self.index("bob-monday.jpg", ExternalImageId="bob")
        answer = self.rekognition.search_faces_by_image(CollectionId="staff", Image=picture("ann-friday.jpg"), FaceMatchThreshold=95)
        (match,) = answer["FaceMatches"]
        self.assertEqual((match["Face"]["FaceId"], match["Face"]["ExternalImageId"]), (face, "ann"))
        compared = self.rekognition.compare_faces(SourceImage=picture("ann-monday.jpg"), TargetImage=picture("ann-friday.jpg"))
        self.assertEqual(compared["FaceMatches"][0]["Similarity"], match["Similarity"])
        self.assertEqual(self.rekognition.delete_faces(CollectionId="staff", FaceIds=[face])["DeletedFaces"], [face])
        answer = self.rekognition.search_faces_by_image(CollectionId="staff", Image=picture("ann-friday.jpg"))
        self.assertEqual(answer["FaceMatches"], [])

    def test_users_have_several_faces_and_are_found_by_each(self):
        faces = [self.index(f"ann-{day}.jpg") for day in ("monday", "tuesday")]
        self.rekognition.create_user(CollectionId="staff", UserId="ann", ClientRequestToken="once")
        self.rekognition.create_user(CollectionId="staff", UserId="ann", ClientRequestToken="once")
        answer = self.rekognition.associate_faces(CollectionId="staff", UserId="ann", FaceIds=[*faces, NOBODY])
        self.assertEqual([f["FaceId"] for f in answer["AssociatedFaces"]], faces)
        self.assertEqual(answer["UnsuccessfulFaceAssociations"], [{"FaceId": NOBODY, "Reasons": ["FACE_NOT_FOUND"]}])
        self.assertEqual(answer["UserStatus"], "UPDATING")
        self.refuses("ConflictException", self.rekognition.delete_user, CollectionId="staff", UserId="ann")
        self.advance(until="settled")
        (match,) = self.rekognition.search_users_by_image(CollectionId="staff", Image=picture("ann-friday.jpg"))["UserMatches"]
        self.assertEqual(match["User"], {"UserId": "ann", "UserStatus": "ACTIVE"})
        (match,) = self.rekognition.search_users(CollectionId="staff", FaceId=faces[0])["UserMatches"]
        self.assertEqual((match["User"]["UserId"], match["Similarity"]), ("ann", 100.0))
        answer = self.rekognition.disassociate_faces(CollectionId="staff", UserId="ann", FaceIds=faces)
        self.assertEqual([f["FaceId"] for f in answer["DisassociatedFaces"]], faces)
        self.advance(until="settled")
        self.assertEqual(self.all_of("list_users", "Users", 1, CollectionId="staff"), [{"UserId": "ann", "UserStatus": "CREATED"}])
        self.rekognition.delete_user(CollectionId="staff", UserId="ann")
        self.assertEqual(self.rekognition.describe_collection(CollectionId="staff")["UserCount"], 0)

    def test_lists_come_in_pages(self):
        for n in range(6):
            self.rekognition.create_collection(CollectionId=f"c{n}")
            self.rekognition.create_user(CollectionId="staff", UserId=f"u{n}")
        faces = sorted(self.index(f"ann{n}.jpg") for n in range(5))
        self.assertEqual(self.all_of("list_collections", "CollectionIds", 2), [*(f"c{n}" for n in range(6)), "staff"])
        self.assertEqual([f["FaceId"] for f in self.all_of("list_faces", "Faces", 2, CollectionId="staff")], faces)
        self.assertEqual({u["UserId"] for u in self.all_of("list_users", "Users", 4, CollectionId="staff")}, {f"u{n}" for n in range(6)})

    def test_collections_have_tags_and_a_life(self):
        answer = self.rekognition.create_collection(CollectionId="guests", Tags={"team": "door"})
        self.assertEqual((answer["StatusCode"], answer["FaceModelVersion"]), (200, "7.0"))
        arn = self.rekognition.describe_collection(CollectionId="guests")["CollectionARN"]
        self.assertEqual("arn:" + answer["CollectionArn"], arn)  # as the service answers
        self.rekognition.tag_resource(ResourceArn=arn, Tags={"floor": "1"})
        self.assertEqual(self.rekognition.list_tags_for_resource(ResourceArn=arn)["Tags"], {"team": "door", "floor": "1"})
        self.refuses("ResourceAlreadyExistsException", self.rekognition.create_collection, CollectionId="guests")
        self.assertEqual(self.rekognition.delete_collection(CollectionId="guests")["StatusCode"], 200)
        self.refuses("ResourceNotFoundException", self.rekognition.delete_collection, CollectionId="guests")
        self.refuses("ResourceNotFoundException", self.rekognition.index_faces, CollectionId="guests", Image=picture("ann.jpg"))

    def test_what_a_face_is_not_is_told_by_typed_exceptions(self):
        self.refuses("InvalidParameterException", self.rekognition.search_faces, CollectionId="staff", FaceId=NOBODY)
        self.refuses("ResourceNotFoundException", self.rekognition.associate_faces, CollectionId="staff", UserId="nobody",
                     FaceIds=[NOBODY])
        self.rekognition.create_user(CollectionId="staff", UserId="ann", ClientRequestToken="once")
        self.refuses("IdempotentParameterMismatchException", self.rekognition.create_user, CollectionId="staff", UserId="bob",
                     ClientRequestToken="once")
        self.refuses("InvalidPaginationTokenException", self.rekognition.list_faces, CollectionId="staff", NextToken="none")
        self.control("PATCH", "/settings", {"limit.facesPerCollection": 1})
        self.index("ann1.jpg")
        self.refuses("ServiceQuotaExceededException", self.rekognition.index_faces, CollectionId="staff", Image=picture("ann2.jpg"))
