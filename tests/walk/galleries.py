"""Random calls on collections, their faces and their users, against a model of the rules that is written from the
documentation. Of numbers it knows only between which bounds they are, and that a pair of faces always has the same."""

import copy
import os
import random

from server import Server

STEPS = 700
SEEDS = (1, 2)

LIMITS = {"limit.collections": 2, "limit.facesPerCollection": 7, "limit.usersPerCollection": 3, "limit.facesPerUser": 3}
LASTS = {"face.index": 500, "user.update": 1000}
INDEX, UPDATE = LASTS["face.index"], LASTS["user.update"]

# Who is on which picture, the largest face first.
PICTURES = {f"pics/{who}{number}": [who] for who in ("ann", "eve", "bob") for number in (1, 2, 3)}
PICTURES["both/1"] = ["bob", "ann"]
ALIKE = {frozenset(("ann", "eve")): 83.5}
NOBODY = "11111111-2222-3333-4444-555555555555"

(THERE, GONE, CONFLICT, FULL, BAD) = ("ResourceAlreadyExistsException", "ResourceNotFoundException", "ConflictException",
                                      "ServiceQuotaExceededException", "InvalidParameterException")


class Face:
    def __init__(self, picture, place, external, known_at):
        self.picture, self.place, self.external, self.known_at = picture, place, external, known_at
        self.person, self.user = PICTURES[picture][place], None

    def seen(self):
        return self.picture, self.place


class User:
    def __init__(self):
        self.status, self.due = "CREATED", None


class Collection:
    def __init__(self):
        self.faces, self.users = {}, {}

    def of(self, name):
        return {i: f for i, f in self.faces.items() if f.user == name}


class Rules:
    def __init__(self):
        self.now, self.collections = 0, {}

    def pass_to(self, moment):
        """How many users changed their status on the way."""
        fired = 0
        for collection in self.collections.values():
            for name, user in collection.users.items():
                if user.due is not None and user.due <= moment:
                    user.status, user.due = "ACTIVE" if collection.of(name) else "CREATED", None
                    fired += 1
        self.now = moment
        return fired

    def change(self, collection, name):
        """An update under way takes in what comes meanwhile, and ends when it would have."""
        user = collection.users[name]
        if user.status != "UPDATING":
            user.status, user.due = "UPDATING", self.now + UPDATE


class Walk:
    def __init__(self, binary, seed):
        settings = [a for name, value in {**LIMITS, **{n: f"{ms}ms" for n, ms in LASTS.items()}}.items()
                    for a in ("--set", f"{name}={value}")]
        self.server = Server(binary, ["--clock", "frozen", "--log", "off", *settings])
        self.random, self.rules = random.Random(seed), Rules()
        self.told, self.ids, self.numbers, self.saved = [], set(), {}, None

    def check(self, found, wanted, what):
        if found != wanted:
            last = "\n  ".join(self.told[-12:])
            raise AssertionError(f"{what}: {found!r}, not {wanted!r}\n  {last}")

    def call(self, operation, wanted, **members):
        answer = self.server.call(operation, members)
        body = answer.json()
        found = None if answer.status == 200 else body["__type"]
        self.told.append(f"{self.rules.now} {operation} {members} -> {str(found or body)[:400]}")
        self.check(found, wanted, operation)
        return body

    def control(self, path, body):
        self.check(self.server.control("POST", path, body).status, 200, path)

    def collection(self):
        """A name, and what has it; mostly there is one."""
        name = self.random.choice([*self.rules.collections, *self.rules.collections, "a", "b", "c"])
        return name, self.rules.collections.get(name)

    def face_of(self, collection):
        return self.random.choice([*collection.faces, NOBODY])

    # ---- numbers ---------------------------------------------------------------

    def judge(self, one, other, number):
        """What two sightings are like, whoever says so."""
        people = {PICTURES[picture][place] for picture, place in (one, other)}
        wanted = self.numbers.setdefault(frozenset((one, other)), number)
        self.check(number, wanted, f"how much alike {one} and {other} are")
        if one == other:
            self.check(number, 100.0, f"{one} and itself")
        elif len(people) == 1:
            self.check(97 <= number < 100, True, f"{one} and {other}, the same person: {number}")
        elif frozenset(people) in ALIKE:
            self.check(number, ALIKE[frozenset(people)], f"{one} and {other}, who look alike")
        else:
            self.check(number < 2.6, True, f"{one} and {other}, strangers: {number}")

    def reaches(self, one, other, threshold):
        """Whether they are as much alike as that; no threshold here lies where only the number itself could tell."""
        people = frozenset(PICTURES[picture][place] for picture, place in (one, other))
        return threshold <= (97 if len(people) == 1 else ALIKE.get(people, 0))

    # ---- collections and faces ---------------------------------------------------

    def create_collection(self):
        name, collection = self.collection()
        wanted = THERE if collection else FULL if len(self.rules.collections) >= LIMITS["limit.collections"] else None
        self.call("CreateCollection", wanted, CollectionId=name)
        if wanted is None:
            self.rules.collections[name] = Collection()

    def delete_collection(self):
        if self.random.random() < 0.6:
            return
        name, collection = self.collection()
        self.call("DeleteCollection", None if collection else GONE, CollectionId=name)
        self.rules.collections.pop(name, None)

    def index(self):
        name, collection = self.collection()
        picture, external = self.random.choice(list(PICTURES)), self.random.choice([None, None, "x", "y"])
        most = self.random.choice([None, None, 1])
        members = {"CollectionId": name, "Image": image(picture), **({"ExternalImageId": external} if external else {}),
                   **({"MaxFaces": most} if most else {})}
        if collection is None:
            self.call("IndexFaces", GONE, **members)
            return
        places = range(len(PICTURES[picture]))[:most]
        has = {(f.seen(), f.external): i for i, f in collection.faces.items()}
        fresh = [p for p in places if ((picture, p), external) not in has]
        room = LIMITS["limit.facesPerCollection"] - len(collection.faces)
        body = self.call("IndexFaces", FULL if len(fresh) > room else None, **members)
        if len(fresh) > room:
            return
        self.check(len(body["FaceRecords"]), len(places), "faces indexed")
        self.check(len(body["UnindexedFaces"]), len(PICTURES[picture]) - len(places), "faces left out")
        for place, record in zip(places, body["FaceRecords"]):
            found = record["Face"]["FaceId"]
            self.check(record["Face"].get("ExternalImageId"), external, "ExternalImageId")
            if place in fresh:
                self.check(found in self.ids, False, f"the face {found} was seen before")
                self.ids.add(found)
                collection.faces[found] = Face(picture, place, external, self.rules.now + INDEX)
            else:
                self.check(found, has[(picture, place), external], "a face that is there already")

    def delete_faces(self):
        name, collection = self.collection()
        if collection is None:
            self.call("DeleteFaces", GONE, CollectionId=name, FaceIds=[NOBODY])
            return
        chosen = list({self.face_of(collection) for _ in range(self.random.choice([1, 2]))})
        body = self.call("DeleteFaces", None, CollectionId=name, FaceIds=chosen)
        free = [i for i in chosen if i in collection.faces and collection.faces[i].user is None]
        self.check(sorted(body["DeletedFaces"]), sorted(free), "faces deleted")
        self.check({f["FaceId"]: f["Reasons"] for f in body["UnsuccessfulFaceDeletions"]},
                   {i: ["ASSOCIATED_TO_AN_EXISTING_USER" if i in collection.faces else "FACE_NOT_FOUND"]
                    for i in chosen if i not in free}, "faces not deleted")
        for i in free:
            del collection.faces[i]

    # ---- searches ----------------------------------------------------------------

    def searched(self, collection, sought, threshold, but=None):
        return {i: f for i, f in collection.faces.items() if i != but and f.known_at <= self.rules.now and
                self.reaches(sought, f.seen(), threshold)}

    def compare_matches(self, matches, wanted, sought):
        found = [(m["Face"]["FaceId"], m["Similarity"]) for m in matches]
        self.check(sorted(i for i, _ in found), sorted(wanted), "who is found")
        self.check([n for _, n in found], sorted((n for _, n in found), reverse=True), "the order of what is found")
        for match in matches:
            face = wanted[match["Face"]["FaceId"]]
            self.judge(sought, face.seen(), match["Similarity"])
            self.check((match["Face"].get("UserId"), match["Face"].get("ExternalImageId")), (face.user, face.external), "a match")

    def threshold(self, name):
        number = self.random.choice([None, None, 50, 90])
        return (80 if number is None else number), ({} if number is None else {name: number})

    def search_faces(self):
        name, collection = self.collection()
        sought = self.face_of(collection) if collection else NOBODY
        threshold, members = self.threshold("FaceMatchThreshold")
        face = collection.faces.get(sought) if collection else None
        known = face is not None and face.known_at <= self.rules.now
        body = self.call("SearchFaces", None if known else BAD if collection else GONE, CollectionId=name, FaceId=sought, **members)
        if known:
            self.compare_matches(body["FaceMatches"], self.searched(collection, face.seen(), threshold, sought), face.seen())

    def search_by_image(self):
        name, collection = self.collection()
        picture = self.random.choice(list(PICTURES))
        threshold, members = self.threshold("FaceMatchThreshold")
        body = self.call("SearchFacesByImage", None if collection else GONE, CollectionId=name, Image=image(picture), **members)
        if collection:
            self.compare_matches(body["FaceMatches"], self.searched(collection, (picture, 0), threshold), (picture, 0))

    def compare_faces(self):
        one, other = self.random.sample([p for p in PICTURES if len(PICTURES[p]) == 1], 2)
        body = self.call("CompareFaces", None, SourceImage=image(one), TargetImage=image(other), SimilarityThreshold=0)
        self.check(len(body["FaceMatches"]), 1, "faces compared")
        self.judge((one, 0), (other, 0), body["FaceMatches"][0]["Similarity"])

    def users_like(self, collection, sought, threshold):
        """Each user whose best face is as much alike as that, with what that face was seen as."""
        return {name: faces for name in collection.users
                if (faces := [f.seen() for f in self.searched(collection, sought, threshold).values() if f.user == name])}

    def search_users(self):
        name, collection = self.collection()
        if not collection:
            self.call("SearchUsers", GONE, CollectionId=name, FaceId=NOBODY)
            return
        threshold, members = self.threshold("UserMatchThreshold")
        by_image = self.random.random() < 0.5
        if by_image:
            sought = (self.random.choice(list(PICTURES)), 0)
            body = self.call("SearchUsersByImage", None, CollectionId=name, Image=image(sought[0]), **members)
        else:
            face_id = self.face_of(collection)
            face = collection.faces.get(face_id)
            known = face is not None and face.known_at <= self.rules.now
            body = self.call("SearchUsers", None if known else BAD, CollectionId=name, FaceId=face_id, **members)
            if not known:
                return
            sought = face.seen()
        wanted = self.users_like(collection, sought, threshold)
        self.check({m["User"]["UserId"]: m["User"]["UserStatus"] for m in body["UserMatches"]},
                   {n: collection.users[n].status for n in wanted}, "the users that are found")
        for match in body["UserMatches"]:
            numbers = [self.numbers.get(frozenset((sought, seen))) for seen in wanted[match["User"]["UserId"]]]
            if None not in numbers:
                self.check(match["Similarity"], max(numbers), "how much alike a user is")

    # ---- users -------------------------------------------------------------------

    def user_of(self, collection):
        return self.random.choice([*collection.users, *collection.users, "u", "v", "w", "x"])

    def create_user(self):
        name, collection = self.collection()
        user = self.random.choice("uvwx")
        wanted = GONE if not collection else CONFLICT if user in collection.users else \
            FULL if len(collection.users) >= LIMITS["limit.usersPerCollection"] else None
        self.call("CreateUser", wanted, CollectionId=name, UserId=user)
        if wanted is None:
            collection.users[user] = User()

    def delete_user(self):
        name, collection = self.collection()
        user = self.user_of(collection) if collection else "u"
        wanted = GONE if not collection or user not in collection.users else \
            CONFLICT if collection.users[user].status == "UPDATING" else None
        self.call("DeleteUser", wanted, CollectionId=name, UserId=user)
        if wanted is None:
            for face in collection.of(user).values():
                face.user = None
            del collection.users[user]

    def associate(self):
        name, collection = self.collection()
        user = self.user_of(collection) if collection else "u"
        chosen = list({self.face_of(collection) if collection else NOBODY for _ in range(self.random.choice([1, 1, 2]))})
        members = {"CollectionId": name, "UserId": user, "FaceIds": chosen}
        if not collection or user not in collection.users:
            self.call("AssociateFaces", GONE, **members)
            return
        own, taken, failed = collection.of(user), [], {}
        for i in chosen:
            face = collection.faces.get(i)
            if face is None:
                failed[i] = "FACE_NOT_FOUND"
            elif face.user not in (None, user):
                failed[i] = "ASSOCIATED_TO_A_DIFFERENT_USER"
            elif face.user is None and own and not any(self.reaches(face.seen(), f.seen(), 75) for f in own.values()):
                failed[i] = "LOW_MATCH_CONFIDENCE"
            elif face.user is None:
                taken.append(i)
        fits = len(own) + len(taken) <= LIMITS["limit.facesPerUser"]
        body = self.call("AssociateFaces", None if fits else FULL, **members)
        if not fits:
            return
        for i in taken:
            collection.faces[i].user = user
        self.changed(collection, user, body, taken, failed, "AssociatedFaces", "UnsuccessfulFaceAssociations")

    def changed(self, collection, user, body, taken, failed, successes, failures):
        if taken:
            self.rules.change(collection, user)
        self.check(sorted(f["FaceId"] for f in body[successes]), sorted(taken), successes)
        self.check({f["FaceId"]: f["Reasons"] for f in body[failures]}, {i: [r] for i, r in failed.items()}, failures)
        self.check(body["UserStatus"], collection.users[user].status, "UserStatus")

    def disassociate(self):
        name, collection = self.collection()
        user = self.user_of(collection) if collection else "u"
        chosen = list({self.face_of(collection) if collection else NOBODY for _ in range(self.random.choice([1, 2]))})
        members = {"CollectionId": name, "UserId": user, "FaceIds": chosen}
        if not collection or user not in collection.users:
            self.call("DisassociateFaces", GONE, **members)
            return
        taken = [i for i in chosen if i in collection.faces and collection.faces[i].user == user]
        failed = {i: "ASSOCIATED_TO_A_DIFFERENT_USER" if i in collection.faces else "FACE_NOT_FOUND" for i in chosen
                  if i not in taken and (i not in collection.faces or collection.faces[i].user is not None)}
        for i in taken:
            collection.faces[i].user = None
        body = self.call("DisassociateFaces", None, **members)
        self.changed(collection, user, body, taken, failed, "DisassociatedFaces", "UnsuccessfulFaceDisassociations")

    # ---- time, death, and what is looked at ----------------------------------------

    def advance(self):
        moments = [f.known_at for c in self.rules.collections.values() for f in c.faces.values()] + \
                  [u.due for c in self.rules.collections.values() for u in c.users.values() if u.due is not None]
        by = self.random.choice([0, 1, 499, 1000, 5000])
        if moments and self.random.random() < 0.6:
            by = max(0, self.random.choice(moments) + self.random.choice([-1, 0, 1]) - self.rules.now)
        wanted = self.rules.pass_to(self.rules.now + by)
        fired = self.server.control("POST", "/_local/clock/advance", {"by": f"{by}ms"}).json()["fired"]
        self.told.append(f"{self.rules.now} advanced by {by} ms")
        self.check(len(fired), wanted, f"what fired: {fired}")

    def restart(self):
        how = self.random.choice([self.server.stop, self.server.kill])
        self.told.append(how.__name__)
        how()
        self.server.start()

    def save(self):
        self.told.append("saved")
        self.check(self.server.control("PUT", "/_local/snapshots/walk").status, 200, "saving")
        self.saved = copy.deepcopy((self.rules, self.ids))

    def bring_back(self):
        if self.saved:
            self.told.append("brought back")
            self.control("/_local/snapshots/walk/restore", None)
            self.rules, self.ids = copy.deepcopy(self.saved)

    def pages(self, operation, items, most, **members):
        body = self.call(operation, None, MaxResults=most, **members)
        yield from body[items]
        while "NextToken" in body:
            body = self.call(operation, None, MaxResults=most, NextToken=body["NextToken"], **members)
            yield from body[items]

    def compare(self):
        most = self.random.choice([1, 3, 100])
        self.check(sorted(self.pages("ListCollections", "CollectionIds", most)), sorted(self.rules.collections), "the collections")
        for name, collection in self.rules.collections.items():
            described = self.call("DescribeCollection", None, CollectionId=name)
            self.check((described["FaceCount"], described["UserCount"]), (len(collection.faces), len(collection.users)), name)
            faces = list(self.pages("ListFaces", "Faces", most, CollectionId=name))
            self.check([f["FaceId"] for f in faces], sorted(collection.faces), f"the faces of {name}")
            self.check({f["FaceId"]: f.get("UserId") for f in faces}, {i: f.user for i, f in collection.faces.items()}, "whose they are")
            users = list(self.pages("ListUsers", "Users", most, CollectionId=name))
            self.check(len(users), len(collection.users), f"the users of {name}")
            self.check({u["UserId"]: u["UserStatus"] for u in users}, {n: u.status for n, u in collection.users.items()}, "users")

    def go(self):
        with self.server:
            self.server.start()
            for who in ("ann", "eve", "bob"):
                self.control("/_local/images", {"image": {"s3": f"pics/{who}*"}, "shows": {"persons": [{"person": who}]}})
            self.control("/_local/images", {"image": {"s3": "both/1"}, "shows": {"persons": [
                {"person": "ann", "box": {"left": 0, "top": 0, "width": 0.2, "height": 0.2}},
                {"person": "bob", "box": {"left": 0.3, "top": 0.3, "width": 0.5, "height": 0.5}}]}})
            self.control("/_local/people", {"name": "ann", "resembles": [{"person": "eve", "similarity": 83.5}]})
            acts = [self.create_collection, self.delete_collection, self.index, self.index, self.index, self.index,
                    self.delete_faces, self.search_faces, self.search_faces, self.search_by_image, self.compare_faces,
                    self.create_user, self.create_user, self.delete_user, self.associate, self.associate, self.associate,
                    self.disassociate, self.search_users, self.search_users, self.advance, self.advance]
            for step in range(STEPS):
                self.random.choice(acts)()
                if step % 97 == 96:
                    self.restart()
                if step % 60 == 59:
                    self.save()
                if step % 90 == 89:
                    self.bring_back()
                if step % 4 == 3:
                    self.compare()


def image(picture):
    bucket, name = picture.split("/")
    return {"S3Object": {"Bucket": bucket, "Name": name}}


def tests():
    chosen = os.environ.get("TEST_SEED")
    for seed in [int(chosen)] if chosen else [*SEEDS, random.randrange(1000, 1000000)]:
        yield f"collections, faces and users obey the rules on a random walk, seed {seed}", \
            lambda binary, seed=seed: Walk(binary, seed).go()
