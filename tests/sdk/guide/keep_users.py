"""Makes a user of a collection, gives it the faces of photos, finds it by a face and by a photo, and removes it. In the
shape of the guide's samples for users: errors are logged, answers are read as their documentation has them."""
import argparse
import logging
import time

import boto3
from botocore.exceptions import ClientError

logger = logging.getLogger(__name__)


def create_user(client, collection_id, user_id):
    try:
        logger.info("Creating user: %s, %s", collection_id, user_id)
        client.create_user(CollectionId=collection_id, UserId=user_id)
    except ClientError:
        logger.exception("Failed to create user with given user id: %s", user_id)
        raise


def associate_faces(client, collection_id, user_id, face_ids):
    response = client.associate_faces(CollectionId=collection_id, UserId=user_id, FaceIds=face_ids)
    print(f"- associated {len(response['AssociatedFaces'])} faces; the user is {response['UserStatus']}")
    for failure in response["UnsuccessfulFaceAssociations"]:
        print(f"- not {failure['FaceId']}: {failure['Reasons']}")
    while any(user["UserStatus"] == "UPDATING" for user in list_users(client, collection_id)):
        time.sleep(0.2)


def list_users(client, collection_id):
    users, response = [], client.list_users(CollectionId=collection_id, MaxResults=5)
    users += response["Users"]
    while "NextToken" in response:
        response = client.list_users(CollectionId=collection_id, MaxResults=5, NextToken=response["NextToken"])
        users += response["Users"]
    return users


def main():
    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
    parser = argparse.ArgumentParser(usage=argparse.SUPPRESS)
    parser.add_argument("collection_id")
    parser.add_argument("user_id")
    parser.add_argument("bucket")
    parser.add_argument("photos", nargs="+", help="All but the last are the user's; the last is searched for.")
    args = parser.parse_args()

    client = boto3.Session(profile_name="custom-labels-access").client("rekognition")
    client.create_collection(CollectionId=args.collection_id)
    faces = [record["Face"]["FaceId"] for photo in args.photos[:-1] for record in client.index_faces(
        CollectionId=args.collection_id, Image={"S3Object": {"Bucket": args.bucket, "Name": photo}})["FaceRecords"]]
    create_user(client, args.collection_id, args.user_id)
    associate_faces(client, args.collection_id, args.user_id, faces)
    for user in list_users(client, args.collection_id):
        print(f"- {user['UserId']} is {user['UserStatus']}")
    by_face = client.search_users(CollectionId=args.collection_id, FaceId=faces[0], UserMatchThreshold=70)
    by_image = client.search_users_by_image(CollectionId=args.collection_id, UserMatchThreshold=70,
                                            Image={"S3Object": {"Bucket": args.bucket, "Name": args.photos[-1]}})
    for response in (by_face, by_image):
        for match in response["UserMatches"]:
            print(f"- found {match['User']['UserId']} with {match['Similarity']:.0f}")
    client.disassociate_faces(CollectionId=args.collection_id, UserId=args.user_id, FaceIds=faces)
    while any(user["UserStatus"] == "UPDATING" for user in list_users(client, args.collection_id)):
        time.sleep(0.2)
    client.delete_user(CollectionId=args.collection_id, UserId=args.user_id)
    client.delete_collection(CollectionId=args.collection_id)
    print("Finished")


if __name__ == "__main__":
    main()
