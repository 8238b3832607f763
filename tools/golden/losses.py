"""Losses and their gradients by PyTorch, and by JAX (optax) where it has them, in float64.

    python tools/golden/losses.py
"""
import jax
import jax.numpy as jnp
import numpy as np
import optax
import record
import torch
import torch.nn.functional as F

cases = []


def draw(shape, seed, low=-3.0, high=3.0):
    return np.round(np.random.default_rng(seed).uniform(low, high, shape), 3)


def shares(shape, seed):
    raw = np.random.default_rng(seed).uniform(0.05, 1, shape)
    return raw / raw.sum(-1, keepdims=True)


def by_torch(function, x, t):
    x, t = torch.tensor(x, requires_grad=True), torch.tensor(t)
    t = t.long() if not t.dtype.is_floating_point else t
    value = function(x, t)
    (gradient,) = torch.autograd.grad(value.sum(), x, create_graph=True)
    weights = torch.tensor(np.round(np.cos(np.arange(x.numel()) * 1.3), 2).reshape(tuple(x.shape)))
    total = (gradient * weights).sum()
    try:
        second = torch.autograd.grad(total, x)[0] if total.requires_grad else torch.zeros_like(x)
    except RuntimeError:  # Some losses of PyTorch can be differentiated once only.
        return [value.numpy(force=True), gradient.numpy(force=True)]
    return [value.numpy(force=True), gradient.numpy(force=True), second.numpy(force=True)]


def by_jax(function, x, t):
    x, t = jnp.asarray(x), jnp.asarray(t)
    weights = np.round(np.cos(np.arange(x.size) * 1.3), 2).reshape(x.shape)
    first = jax.grad(lambda at: jnp.sum(function(at, t)))
    second = jax.grad(lambda at: jnp.sum(first(at) * weights))
    return [np.asarray(function(x, t)), np.asarray(first(x)), np.asarray(second(x))]


def case(name, call, x, t, in_torch, in_jax=None, **options):
    """`options` are the library's; the value is a number, or an array with reduction "none"."""
    found = {}
    if in_torch is not None:
        found["torch"] = by_torch(in_torch, x, t)
    if in_jax is not None:
        found["jax"] = by_jax(in_jax, x, t)
    if len(found) == 2 and all(record.agree(a, b) for a, b in zip(found["torch"], found["jax"])):
        found = {"torch,jax": found["torch"]}
    cases.append(
        {
            "name": name,
            "call": call,
            "predictions": record.tensor(x),
            "targets": record.tensor(t),
            "options": {key: record.tensor(value) if isinstance(value, np.ndarray) else value for key, value in options.items()},
            "results": [
                {
                    "tools": tools.split(","),
                    "value": record.tensor(value),
                    **{key: record.tensor(x)["data"] for key, x in zip(["gradient", "second"], derivatives)},
                }
                for tools, (value, *derivatives) in found.items()
            ],
        }
    )


x, t = draw((3, 4), 1), draw((3, 4), 2)
big = np.array([[1e4, -1e4, 0.0], [-1e4, 1e4, 5.0]])
far = np.array([[-1e4, 1e4, 0.0], [-1e4, 1e4, 7.0]])
for name, in_torch, in_jax in [
    ("mse", F.mse_loss, optax.losses.squared_error),
    ("mae", F.l1_loss, lambda a, b: jnp.abs(a - b)),
    ("huber", F.huber_loss, lambda a, b: optax.losses.huber_loss(a, b, delta=1.0)),
]:
    case(name, name, x, t, in_torch, lambda a, b, f=in_jax: jnp.mean(f(a, b)))
    case(f"{name}: sum", name, x, t, lambda a, b, f=in_torch: f(a, b, reduction="sum"), lambda a, b, f=in_jax: jnp.sum(f(a, b)), reduction="sum")
    case(f"{name}: none", name, x, t, lambda a, b, f=in_torch: f(a, b, reduction="none"), in_jax, reduction="none")
    case(f"{name}: extremes", name, big, far, in_torch, lambda a, b, f=in_jax: jnp.mean(f(a, b)))
case("huber: delta", "huber", x, t, lambda a, b: F.huber_loss(a, b, delta=0.4), lambda a, b: jnp.mean(optax.losses.huber_loss(a, b, delta=0.4)), delta=0.4)
case("huber: on the joint", "huber", np.array([0.5, -1.0, 1.0]), np.zeros(3), F.huber_loss)

weights = np.array([0.5, 2.0, 0.0])


def weighted(terms):
    """Mean of terms by the weight of their sample, written out."""
    return lambda a, b: (terms(a, b).reshape(3, -1).mean(1) * torch.tensor(weights)).sum() / weights.sum()


case("mse: weights", "mse", x, t, weighted(lambda a, b: (a - b) ** 2), sampleWeights=weights)

labels = np.array([2, 0, 3], dtype=np.int32)
soft = shares((3, 4), 3)
cross = optax.losses.softmax_cross_entropy_with_integer_labels
cross_soft = optax.losses.softmax_cross_entropy
case("labels", "softmaxCrossEntropy", x, labels, F.cross_entropy, lambda a, b: jnp.mean(cross(a, b)))
case("labels: none", "softmaxCrossEntropy", x, labels, lambda a, b: F.cross_entropy(a, b, reduction="none"), cross, reduction="none")
case("labels: sum", "softmaxCrossEntropy", x, labels, lambda a, b: F.cross_entropy(a, b, reduction="sum"), lambda a, b: jnp.sum(cross(a, b)), reduction="sum")
case("labels: weights", "softmaxCrossEntropy", x, labels, weighted(lambda a, b: F.cross_entropy(a, b, reduction="none")), sampleWeights=weights)
case("labels: smoothing", "softmaxCrossEntropy", x, labels, lambda a, b: F.cross_entropy(a, b, label_smoothing=0.1), lambda a, b: jnp.mean(cross_soft(a, optax.losses.smooth_labels(jax.nn.one_hot(b, 4), 0.1))), labelSmoothing=0.1)
case("distributions", "softmaxCrossEntropy", x, soft, F.cross_entropy, lambda a, b: jnp.mean(cross_soft(a, b)))
case("distributions: smoothing", "softmaxCrossEntropy", x, soft, lambda a, b: F.cross_entropy(a, b, label_smoothing=0.2), lambda a, b: jnp.mean(cross_soft(a, optax.losses.smooth_labels(b, 0.2))), labelSmoothing=0.2)
case("labels: a longer shape", "softmaxCrossEntropy", draw((2, 3, 5), 4), np.array([[0, 4, 2], [1, 1, 3]], dtype=np.int32), lambda a, b: F.cross_entropy(a.reshape(6, 5), b.reshape(6)), lambda a, b: jnp.mean(cross(a, b)))
case("labels: extremes", "softmaxCrossEntropy", big, np.array([1, 1], dtype=np.int32), F.cross_entropy, lambda a, b: jnp.mean(cross(a, b)))
case("labels: all alike", "softmaxCrossEntropy", np.full((2, 3), -1e4), np.array([0, 2], dtype=np.int32), F.cross_entropy, lambda a, b: jnp.mean(cross(a, b)))
case("labels: a class left out", "softmaxCrossEntropy", np.array([[-np.inf, 1.0, 2.0]]), np.array([2], dtype=np.int32), F.cross_entropy, lambda a, b: jnp.mean(cross(a, b)))
case("distributions: extremes", "softmaxCrossEntropy", big, np.array([[0.2, 0.3, 0.5], [0.0, 1.0, 0.0]]), F.cross_entropy, lambda a, b: jnp.mean(cross_soft(a, b)))

yes = np.round(np.random.default_rng(5).uniform(0, 1, (3, 4)), 3)
binary, binary_jax = F.binary_cross_entropy_with_logits, optax.losses.sigmoid_binary_cross_entropy
case("binary", "binaryCrossEntropy", x, yes, binary, lambda a, b: jnp.mean(binary_jax(a, b)))
case("binary: none", "binaryCrossEntropy", x, np.round(yes), lambda a, b: binary(a, b, reduction="none"), binary_jax, reduction="none")
points = np.array([1e4, -1e4, 1e4, -1e4, 0.0, 0.0, 40.0, -40.0, 710.0, -750.0])
case("binary: extremes", "binaryCrossEntropy", points, np.array([1.0, 1.0, 0.0, 0.0, 1.0, 0.5, 1.0, 0.0, 1.0, 1.0]), lambda a, b: binary(a, b, reduction="none"), binary_jax, reduction="none")

signs = np.sign(t)
case("hinge: signs", "hinge", x, signs, None, lambda a, b: jnp.mean(optax.losses.hinge_loss(a, b)))
case("hinge: all rivals", "hinge", x, labels, F.multi_margin_loss)
case("hinge: all rivals, squared, margin", "hinge", x, labels, lambda a, b: F.multi_margin_loss(a, b, p=2, margin=0.7), margin=0.7, squared=True)
case("hinge: worst rival", "hinge", x, labels, None, lambda a, b: jnp.mean(optax.losses.multiclass_hinge_loss(a, b)), rivals="worst")
case("hinge: extremes", "hinge", big, np.array([1, 1], dtype=np.int32), F.multi_margin_loss)

log_q = np.log(shares((3, 4), 6))
with_zero = np.array([[0.0, 0.5, 0.5, 0.0], [1.0, 0.0, 0.0, 0.0], [0.25, 0.25, 0.25, 0.25]])
for name, target in [("", soft), (": zeros", with_zero)]:
    case("divergence" + name, "klDivergence", log_q, target, lambda a, b: F.kl_div(a, b, reduction="batchmean"), lambda a, b: jnp.mean(optax.losses.kl_divergence(a, b)))
    case("divergence, from probabilities" + name, "klDivergence", np.exp(log_q), target, lambda a, b: F.kl_div(a.log(), b, reduction="batchmean"), lambda a, b: jnp.mean(optax.losses.kl_divergence(jnp.log(a), b)), predictions="probabilities")
    case("divergence, from logits" + name, "klDivergence", x, target, lambda a, b: F.kl_div(a.log_softmax(1), b, reduction="batchmean"), lambda a, b: jnp.mean(optax.losses.kl_divergence(jax.nn.log_softmax(a), b)), predictions="logits")
case("divergence, to log-probabilities", "klDivergence", log_q, np.log(soft), lambda a, b: F.kl_div(a, b, reduction="batchmean", log_target=True), lambda a, b: jnp.mean(optax.losses.kl_divergence_with_log_targets(a, b)), targets="logProbabilities")
case("divergence, from extreme logits", "klDivergence", big, np.array([[0.2, 0.3, 0.5], [0.0, 1.0, 0.0]]), lambda a, b: F.kl_div(a.log_softmax(1), b, reduction="batchmean"), predictions="logits")

record.write("test/golden/losses.json", {"cases": cases}, record.versions(torch, jax, optax, np), "tools/golden/losses.py")
for found in cases:
    if len(found["results"]) > 1:
        print("the tools differ on", found["name"])
