"""Puts the faces of photos into a collection, finds them again by a photo and by a face, and takes all away. In the
shape of the guide's samples for collections: the calls' answers are read as their documentation has them."""
import argparse

import boto3
from botocore.exceptions import ClientError


def create_collection(client, collection_id):
    response = client.create_collection(CollectionId=collection_id)
    print("Collection ARN: " + response["CollectionArn"])
    print("Status code: " + str(response["StatusCode"]))


def add_faces_to_collection(client, bucket, photo, collection_id):
    response = client.index_faces(CollectionId=collection_id, Image={"S3Object": {"Bucket": bucket, "Name": photo}},
                                  ExternalImageId=photo, MaxFaces=1, QualityFilter="AUTO", DetectionAttributes=["ALL"])
    print("Results for " + photo)
    for record in response["FaceRecords"]:
        print("  Face ID: " + record["Face"]["FaceId"])
        print("  Location: {}".format(record["Face"]["BoundingBox"]))
        print("  Age: {}".format(record["FaceDetail"]["AgeRange"]["Low"]))
    for unindexed in response["UnindexedFaces"]:
        print("  Not indexed: {}".format(", ".join(unindexed["Reasons"])))
    return [record["Face"]["FaceId"] for record in response["FaceRecords"]]


def list_faces_in_collection(client, collection_id):
    count, tokens = 0, True
    response = client.list_faces(CollectionId=collection_id, MaxResults=2)
    while tokens:
        count += len(response["Faces"])
        if "NextToken" in response:
            response = client.list_faces(CollectionId=collection_id, NextToken=response["NextToken"], MaxResults=2)
        else:
            tokens = False
    return count


def show_matches(matches):
    for match in matches:
        print("FaceId: " + match["Face"]["FaceId"] + " ExternalImageId: " + match["Face"]["ExternalImageId"])
        print("Similarity: {:.2f}%".format(match["Similarity"]))


def main():
    parser = argparse.ArgumentParser(usage=argparse.SUPPRESS)
    parser.add_argument("collection_id")
    parser.add_argument("bucket")
    parser.add_argument("photos", nargs="+", help="All but the last are added; the last is searched for.")
    args = parser.parse_args()

    client = boto3.Session(profile_name="custom-labels-access").client("rekognition")
    create_collection(client, args.collection_id)
    faces = [face for photo in args.photos[:-1]
             for face in add_faces_to_collection(client, args.bucket, photo, args.collection_id)]
    print("faces count: " + str(list_faces_in_collection(client, args.collection_id)))
    response = client.search_faces_by_image(CollectionId=args.collection_id, FaceMatchThreshold=95, MaxFaces=2,
                                            Image={"S3Object": {"Bucket": args.bucket, "Name": args.photos[-1]}})
    print("Matching faces")
    show_matches(response["FaceMatches"])
    show_matches(client.search_faces(CollectionId=args.collection_id, FaceId=faces[0], FaceMatchThreshold=70,
                                     MaxFaces=2)["FaceMatches"])
    print("{} faces deleted".format(len(client.delete_faces(CollectionId=args.collection_id, FaceIds=faces)["DeletedFaces"])))
    print("Status code: {}".format(client.delete_collection(CollectionId=args.collection_id)["StatusCode"]))
    try:
        client.describe_collection(CollectionId=args.collection_id)
    except ClientError as err:
        if err.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        print("The collection {} was not found".format(args.collection_id))


if __name__ == "__main__":
    main()
