"""Creates a session of Face Liveness and gets its result, as the back end of a web page does in the guide's sample."""
import boto3


class SessionNotFoundError(Exception):
    pass


class AccessDeniedError(Exception):
    pass


def create_session(client):
    response = client.create_face_liveness_session(Settings={"AuditImagesLimit": 1})
    session_id = response.get("SessionId")
    print(f"SessionId: {session_id}")
    return session_id


def get_session_results(client, session_id):
    try:
        response = client.get_face_liveness_session_results(SessionId=session_id)
    except client.exceptions.AccessDeniedException as err:
        raise AccessDeniedError("User is not allowed") from err
    except client.exceptions.SessionNotFoundException as err:
        raise SessionNotFoundError("SessionId was not found") from err
    print(f"Confidence: {response.get('Confidence')}")
    print(f"Status: {response.get('Status')}")
    return response.get("Status")


def main():
    client = boto3.Session(profile_name="custom-labels-access").client("rekognition")
    get_session_results(client, create_session(client))


if __name__ == "__main__":
    main()
