"""Accuracy, top-k, confusion matrices and what follows from them, by scikit-learn.

    python tools/golden/metrics.py
"""
import numpy as np
import record
import sklearn
from sklearn import metrics as m

random = np.random.default_rng(3)
cases = []
for name, samples, classes, missing in [("balanced", 60, 4, None), ("a class never predicted, one never seen", 40, 5, 2), ("binary", 30, 2, None)]:
    scores = np.round(random.normal(size=(samples, classes)), 3)
    labels = random.integers(0, classes, samples)
    scores[np.arange(samples), labels] += 0.7
    if missing is not None:
        scores[:, missing] = -9
        labels[labels == classes - 1] = 0
    weights = np.round(random.uniform(0, 2, samples), 2)
    predicted = scores.argmax(1)
    names = list(range(classes))
    report = lambda average: [float(v) for v in m.precision_recall_fscore_support(labels, predicted, labels=names, average=average, zero_division=0)[:3]]  # noqa: E731
    scores_by_class = m.precision_recall_fscore_support(labels, predicted, labels=names, zero_division=0)
    cases.append(
        {
            "name": name,
            "classes": classes,
            "scores": record.tensor(scores)["data"],
            "labels": labels.tolist(),
            "weights": weights.tolist(),
            "predicted": predicted.tolist(),
            "accuracy": float(m.accuracy_score(labels, predicted)),
            "weightedAccuracy": float(m.accuracy_score(labels, predicted, sample_weight=weights)),
            "top": [
                {
                    "k": k,
                    "share": float(m.top_k_accuracy_score(labels, scores, k=k, labels=names)),
                    "weighted": float(m.top_k_accuracy_score(labels, scores, k=k, labels=names, sample_weight=weights)),
                }
                for k in range(1, classes)
                if classes > 2
            ],
            "confusion": m.confusion_matrix(labels, predicted, labels=names).tolist(),
            "weightedConfusion": m.confusion_matrix(labels, predicted, labels=names, sample_weight=weights).tolist(),
            "byClass": [[float(v) for v in row] for row in zip(*scores_by_class)],
            "macro": report("macro"),
            "weighted": report("weighted"),
            "rootMeanSquare": float(m.root_mean_squared_error(labels, predicted)),
            "weightedRootMeanSquare": float(m.root_mean_squared_error(labels, predicted, sample_weight=weights)),
        }
    )
record.write("test/golden/metrics.json", {"cases": cases}, record.versions(sklearn, np), "tools/golden/metrics.py")
