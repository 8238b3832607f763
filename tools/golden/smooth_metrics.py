"""Metrics as losses: the smooth ones and their gradients by PyTorch from their formulas, the sharp ones by scikit-learn.

    python tools/golden/smooth_metrics.py > test/golden/smooth-metrics.json

Needs torch and scikit-learn. Thresholds of soft top-k are found by bisection and differentiated by the implicit function theorem.
"""
import json
import platform

import numpy as np
import sklearn
import sklearn.metrics as metrics
import torch

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(5)
WIDTH = 0.7


def laplace(z):
    half = torch.exp(-z.abs()) / 2
    return torch.where(z < 0, half, 1 - half)


cdfs = {"logistic": torch.sigmoid, "laplace": laplace}


def accuracy(x, t, cdf, k):
    terms = []
    for row, label in zip(x, t):
        others = torch.cat([row[:label], row[label + 1:]])
        terms.append(cdf((torch.topk(others, k).values[-1] - row[label]) / WIDTH))
    return torch.stack(terms)


def f_score(x, t, cdf, beta):
    p = cdf(x / WIDTH)
    return 1 - (1 + beta ** 2) * (p * t).sum(-1) / (beta ** 2 * t.sum(-1) + p.sum(-1))


def auc(x, t, cdf):
    terms = []
    for row, wanted in zip(x, t):
        weights = wanted[:, None] * (1 - wanted)[None, :] * (1 - torch.eye(len(row)))
        terms.append((weights * cdf((row[None, :] - row[:, None]) / WIDTH)).sum() / weights.sum())
    return torch.stack(terms)


def ndcg(x, t, cdf, linear):
    terms = []
    for row, relevance in zip(x, t):
        gain = relevance if linear else 2 ** relevance - 1
        compared = cdf((row[None, :] - row[:, None]) / WIDTH) * (1 - torch.eye(len(row)))
        ranks = 1 + compared.sum(1)
        best = torch.sort(gain, descending=True).values / torch.log2(torch.arange(len(row)) + 2.0)
        terms.append(1 - (gain / torch.log2(1 + ranks)).sum() / best.sum())
    return torch.stack(terms)


def precision(x, t, cdf, k):
    terms = []
    for row, wanted in zip(x, t):
        fixed = row.detach()
        low, high = fixed.min() - 100, fixed.max() + 100
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if cdf((fixed - middle) / WIDTH).sum() > k else (low, middle)
        theta = low
        # Newton steps from the root: their value is the root, their derivatives are those of the implicit function.
        for _ in range(2):
            density = torch.autograd.functional.jvp(lambda s: cdf((row - s) / WIDTH).sum(), theta, torch.ones(()), create_graph=True)[1]
            theta = theta - (cdf((row - theta) / WIDTH).sum() - k) / density
        terms.append(1 - (wanted * cdf((row - theta) / WIDTH)).sum() / k)
    return torch.stack(terms)


cases = []


def case(loss, options, kernel, x, t, smooth, sharp):
    at = torch.tensor(x, requires_grad=True)
    target = torch.tensor(t)
    terms = smooth(at, target, cdfs[kernel])
    gradient, = torch.autograd.grad(terms.sum(), at, create_graph=True)
    weights = torch.cos(1.3 * torch.arange(at.numel())).reshape(at.shape)
    second, = torch.autograd.grad((gradient * weights).sum(), at)
    cases.append({
        "loss": loss, "kernel": kernel, "options": options,
        "predictions": x.tolist(), "targets": t.tolist(), "labels": bool(np.issubdtype(t.dtype, np.integer)),
        "terms": terms.tolist(), "gradient": gradient.flatten().tolist(), "second": second.flatten().tolist(), "sharp": [float(s) for s in sharp],
    })


def draw(*shape):
    return np.round(rng.normal(size=shape) * 1.5, 3)


for kernel in cdfs:
    x, labels = draw(6, 5), rng.integers(0, 5, 6)
    for k in (1, 2):
        hit = [metrics.top_k_accuracy_score([label], [row], k=k, labels=range(5)) for row, label in zip(x, labels)]
        case("accuracyLoss", {"k": k}, kernel, x, labels, lambda a, b, cdf: accuracy(a, b, cdf, k), 1 - np.array(hit))
    x, wanted = draw(3, 9), (rng.uniform(size=(3, 9)) < 0.4).astype(float)
    wanted[:, 0], wanted[:, 1] = 1, 0
    for beta in (1.0, 2.0):
        scores = [metrics.fbeta_score(t, row > 0, beta=beta) for row, t in zip(x, wanted)]
        case("fScoreLoss", {"beta": beta}, kernel, x, wanted, lambda a, b, cdf: f_score(a, b, cdf, beta), 1 - np.array(scores))
    areas = [metrics.roc_auc_score(t, row) for row, t in zip(x, wanted)]
    case("aucLoss", {}, kernel, x, wanted, auc, 1 - np.array(areas))
    relevance = rng.integers(0, 4, (3, 9)).astype(float)
    for gain in ("linear", "exponential"):
        worth = relevance if gain == "linear" else 2 ** relevance - 1
        scores = [metrics.ndcg_score([t], [row]) for row, t in zip(x, worth)]
        case("ndcgLoss", {"gain": gain}, kernel, x, relevance, lambda a, b, cdf: ndcg(a, b, cdf, gain == "linear"), 1 - np.array(scores))
    for k in (1, 3):
        found = [np.mean(t[np.argsort(-row)[:k]]) for row, t in zip(x, wanted)]
        case("precisionLoss", {"k": k}, kernel, x, wanted, lambda a, b, cdf: precision(a, b, cdf, k), 1 - np.array(found))

print(json.dumps({
    "provenance": {
        "tools": {"torch": torch.__version__, "scikit-learn": sklearn.__version__, "numpy": np.__version__, "python": platform.python_version()},
        "precision": "float64",
        "command": "python tools/golden/smooth_metrics.py > test/golden/smooth-metrics.json (needs torch and scikit-learn)",
    },
    "width": WIDTH,
    "cases": cases,
}, separators=(",", ":")))
