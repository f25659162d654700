"""Manifests and images to train with, and an independent reader of what a training leaves behind."""
import json
import math
import os

from local import png

DATE = "2021-07-11T03:33:42.025Z"


def classified(source, *labels, confidence=1):
    """A line with image-level labels."""
    line = {"source-ref": source}
    for label in labels:
        line[label] = 1
        line[label + "-metadata"] = {"confidence": confidence, "job-name": "labeling-job/" + label, "class-name": label,
                                     "human-annotated": "yes", "creation-date": DATE,
                                     "type": "groundtruth/image-classification"}
    return line


def located(source, *boxes, size=(640, 480)):
    """A line with bounding boxes: (label, left, top, width, height)."""
    names = sorted({box[0] for box in boxes})
    return {"source-ref": source,
            "bounding-box": {"image_size": [{"width": size[0], "height": size[1], "depth": 3}],
                             "annotations": [{"class_id": names.index(name), "left": left, "top": top, "width": width,
                                              "height": height} for name, left, top, width, height in boxes]},
            "bounding-box-metadata": {"objects": [{"confidence": 1} for _ in boxes],
                                      "class-map": {str(i): name for i, name in enumerate(names)},
                                      "type": "groundtruth/object-detection", "human-annotated": "yes",
                                      "creation-date": DATE, "job-name": "boxes"}}


def text(lines):
    return "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines).encode()


def picture(number, width=64, height=64):
    """No two are alike."""
    return png(width, height, extra=0) + b"" if number is None else png(width, height, extra=8 + number % 8)


class Folder:
    """Objects of --s3 dir:PATH."""

    def __init__(self, path):
        self.path = path

    def put(self, bucket, key, body):
        name = os.path.join(self.path, bucket, key)
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "wb") as file:
            file.write(body)

    def get(self, bucket, key):
        with open(os.path.join(self.path, bucket, key), "rb") as file:
            return file.read()

    def keys(self, bucket):
        return sorted(os.path.relpath(os.path.join(folder, name), os.path.join(self.path, bucket))
                      for folder, _, names in os.walk(os.path.join(self.path, bucket)) for name in names)


class Bucket:
    """The same of a server."""

    def __init__(self, client):
        self.client = client

    def put(self, bucket, key, body):
        self.client.put_object(Bucket=bucket, Key=key, Body=body)

    def get(self, bucket, key):
        return self.client.get_object(Bucket=bucket, Key=key)["Body"].read()

    def keys(self, bucket):
        return sorted(item["Key"] for item in self.client.list_objects_v2(Bucket=bucket).get("Contents", []))


def json_lines(body):
    assert body == b"" or body.endswith(b"\n")
    return [json.loads(line) for line in body.decode().splitlines()]


def object_of(description, *path):
    for name in path:
        description = description[name]
    place = description["S3Object"]
    return place["Bucket"], place["Name"]


def read_results(store, description):
    """Every file that a description names, by its kind."""
    found = {"ManifestSummary": json.loads(store.get(*object_of(description, "ManifestSummary")))}
    if "EvaluationResult" in description:
        found["EvaluationResultSummary"] = json.loads(
            store.get(*object_of(description, "EvaluationResult", "Summary")))
    for part in "Training", "Testing":
        for member, kind in ("Output", "GroundTruth"), ("Validation", "ManifestWithValidation"):
            place = object_of(description, part + "DataResult", member, "Assets", 0, "GroundTruthManifest")
            found[part + kind] = json_lines(store.get(*place))
    return found


def predictions(line):
    """Of a line of the test ground truth: (label, confidence, details)."""
    number = 0
    while (name := f"rekognition-custom-labels-evaluation-{number}") in line:
        metadata = line[name + "-metadata"]
        if "objects" in metadata:
            for annotation, found in zip(line[name]["annotations"], metadata["objects"], strict=True):
                yield (metadata["class-map"][str(annotation["class_id"])], found["confidence"],
                       found["rekognition-custom-labels-evaluation-details"])
        else:
            yield metadata["class-name"], metadata["confidence"], metadata["rekognition-custom-labels-evaluation-details"]
        number += 1


def truths(line):
    """The labels of a line: one for each box, or for the image."""
    number = 0
    while (name := f"rekognition-custom-labels-training-{number}") in line:
        metadata = line[name + "-metadata"]
        if "class-map" in metadata:
            yield from (metadata["class-map"][str(box["class_id"])] for box in line[name]["annotations"])
        else:
            yield metadata["class-name"]
        number += 1


def near(a, b):
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def average_precision(found, positives):
    """The area under precision over recall: `found` are (confidence, is right) of a label."""
    area = right = 0
    for place, (_, is_right) in enumerate(sorted(found, reverse=True), 1):
        right += is_right
        area += is_right * right / place
    return area / positives


def check_numbers(test, lines, original):
    """The lines of a file are numbered, and say which lines of the original manifest they were."""
    test.assertEqual([line["rekognition-custom-labels-object-id"] for line in lines], list(range(1, len(lines) + 1)))
    indices = [line["line-idx"] for line in lines]
    test.assertEqual(indices, sorted(set(indices)))
    test.assertEqual([line["source-ref"] for line in lines], [original[i - 1]["source-ref"] for i in indices])


def check_figures(test, results, description):
    """Computes every figure of the evaluation again, from the lines of the test ground truth alone."""
    summary, lines = results["EvaluationResultSummary"], results["TestingGroundTruth"]
    counts, images, confused, found = {}, {}, {}, {}
    for line in lines:
        right = list(truths(line))
        missed, mistaken = [], []
        for label in set(right):
            images[label] = images.get(label, 0) + 1
        for label, confidence, details in predictions(line):
            kinds = [kind for kind in ("true-positive", "false-positive", "false-negative", "true-negative")
                     if details["is-" + kind]]
            test.assertEqual(len(kinds), 1, details)
            counts.setdefault(label, dict.fromkeys(("true-positive", "false-positive", "false-negative"), 0))[kinds[0]] += 1
            test.assertEqual(details["is-present-in-ground-truth"], kinds[0] != "false-positive")
            if kinds[0] != "false-positive":
                test.assertIn(label, right)
                right.remove(label)
            if kinds[0] != "false-negative":
                found.setdefault(label, []).append((confidence, kinds[0] == "true-positive"))
            (missed if kinds[0] == "false-negative" else mistaken if kinds[0] == "false-positive" else []).append(label)
        test.assertEqual(right, [], "each label and box was looked for")
        confused[line["source-ref"]] = set(truths(line)), missed, mistaken
    test.assertEqual({item["Label"] for item in summary["LabelEvaluationResults"]}, set(images))
    scores = []
    for item in summary["LabelEvaluationResults"]:
        label, metrics = item["Label"], item["Metrics"]
        count = counts[label]
        tp, fp, fn = count["true-positive"], count["false-positive"], count["false-negative"]
        precision, recall = tp / (tp + fp) if tp + fp else 0, tp / (tp + fn)
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0
        test.assertTrue(near(metrics["Precision"], precision) and near(metrics["Recall"], recall) and
                        near(metrics["F1Score"], f1), (item, count))
        test.assertEqual(item["NumberOfTestingImages"], images[label])
        test.assertTrue(all(sure >= metrics["Threshold"] for sure, _ in found.get(label, [])))
        scores.append((f1, precision, recall, average_precision(found.get(label, []), tp + fn)))
    test.assertEqual([s[0] for s in scores], sorted((s[0] for s in scores), reverse=True))
    total = summary["AggregatedEvaluationResults"]
    means = [sum(column) / len(scores) for column in zip(*scores)]
    for name, mean in zip(("F1Score", "Precision", "Recall"), means):
        test.assertTrue(near(total[name], mean), (name, total, mean))
    details = summary["EvaluationDetails"]
    test.assertEqual(details["NumberOfTestingImages"], len(lines))
    test.assertEqual(details["NumberOfTrainingImages"], len(results["TrainingGroundTruth"]))
    test.assertEqual(details["Labels"], [item["Label"] for item in summary["LabelEvaluationResults"]])
    test.assertEqual(details["ProjectVersionArn"], description["ProjectVersionArn"])
    test.assertAlmostEqual(description["EvaluationResult"]["F1Score"], total["F1Score"], 6)
    if "ConfusionMatrix" in total:
        check_matrix(test, total["ConfusionMatrix"], images, confused, summary)
    else:
        test.assertTrue(near(total["AveragePrecision"], means[3]), (total, means))
        test.assertTrue(near(total["AverageRecall"], means[2]))


def check_matrix(test, matrix, images, confused, summary):
    values = {(row["GroundTruthLabel"], row["PredictedLabel"]): row["Value"] for row in matrix}
    test.assertEqual(len(values), len(matrix))
    for item in summary["LabelEvaluationResults"]:
        test.assertTrue(near(values[item["Label"], item["Label"]], item["Metrics"]["Recall"]))
    if all(len(right) == 1 for right, _, _ in confused.values()):
        for truth in images:
            for predicted in images:
                if truth != predicted:
                    number = sum(right == {truth} and predicted in mistaken for right, _, mistaken in confused.values())
                    test.assertTrue(near(values.get((truth, predicted), 0), number / images[truth]))
