"""Values, gradients and gradients of gradients of every operation, by PyTorch and by JAX, in float64.

    python tools/golden/ops.py

A case says how the library is called (`call`, `args`, where {"input": i} stands for a tensor) and what came out elsewhere: the
value, the gradient of <cotangent, value>, and the gradient of <weights, that gradient>, which tests second derivatives. Where the
two tools agree to rounding there is one result with both names, otherwise one each.
"""
import warnings

import jax
import jax.numpy as jnp
import numpy as np
import record
import torch

warnings.filterwarnings("ignore")
import ops_cases  # noqa: E402  (the table; after the filter, which its imports need)


def is_float(x):
    return str(np.asarray(x).dtype) == "float64"


def spread(shape, offset):
    """Fixed weights without pattern or ties."""
    count = int(np.prod(shape, dtype=int))
    return np.round(np.sin(np.arange(count) * 1.7 + offset) * 1.5, 2).reshape(shape)


def by_torch(function, inputs):
    """Value; gradients; gradients of gradients (None where there is none to take)."""
    leaves = [torch.tensor(x, requires_grad=is_float(x)) for x in inputs]
    value = function(*leaves)
    wrt = [leaf for leaf in leaves if leaf.requires_grad]
    if not wrt or not value.dtype.is_floating_point or not value.requires_grad:
        return value.numpy(force=True), None, None
    cotangent = torch.tensor(spread(tuple(value.shape), 0.3))
    first = torch.autograd.grad((value * cotangent).sum(), wrt, create_graph=True, materialize_grads=True)
    total = sum((g * torch.tensor(spread(tuple(g.shape), 0.9))).sum() for g in first)
    second = [torch.zeros_like(leaf) for leaf in wrt]
    if total.requires_grad:
        second = torch.autograd.grad(total, wrt, materialize_grads=True)
    return value.numpy(force=True), [g.numpy(force=True) for g in first], [g.numpy(force=True) for g in second]


def by_jax(function, inputs):
    leaves = [jnp.asarray(x) for x in inputs]
    value = function(*leaves)
    wrt = [i for i, x in enumerate(inputs) if is_float(x)]
    if not wrt or not jnp.issubdtype(value.dtype, jnp.floating):
        return np.asarray(value), None, None
    cotangent = spread(value.shape, 0.3)

    def full(floats):
        given = list(leaves)
        for i, x in zip(wrt, floats):
            given[i] = x
        return jnp.sum(function(*given) * cotangent)

    first = jax.grad(full)
    second = jax.grad(lambda floats: sum(jnp.sum(g * spread(g.shape, 0.9)) for g in first(floats)))
    floats = [leaves[i] for i in wrt]
    return np.asarray(value), [np.asarray(g) for g in first(floats)], [np.asarray(g) for g in second(floats)]


def result(tools, value, first, second):
    found = {"tools": tools, "value": record.tensor(value)}
    if first is not None:
        found["gradients"] = [[record.number(v) for v in g.reshape(-1)] for g in first]
        found["second"] = [[record.number(v) for v in g.reshape(-1)] for g in second]
    return found


def compare(a, b):
    groups = [([a[0]], [b[0]])] + [(x, y) for x, y in zip(a[1:], b[1:]) if x is not None and y is not None]
    return all(record.agree(x, y) for left, right in groups for x, y in zip(left, right))


def make(case):
    inputs = [np.asarray(x) for x in case["inputs"]]
    by = {}
    if case["torch"] is not None:
        by["torch"] = by_torch(case["torch"], inputs)
    if case["jax"] is not None:
        by["jax"] = by_jax(case["jax"], inputs)
    if len(by) == 2 and compare(by["torch"], by["jax"]):
        results = [result(["torch", "jax"], *by["torch"])]
    else:
        results = [result([tool], *found) for tool, found in by.items()]
    args = case["args"] if case["args"] is not None else [{"input": i} for i in range(len(inputs))] + case["options"]
    return {
        "name": case["name"],
        "call": case["call"],
        "args": args,
        **({"pick": case["pick"]} if case["pick"] is not None else {}),
        "inputs": [record.tensor(x) for x in inputs],
        "results": results,
    }


body = {"cases": [make(case) for case in ops_cases.table]}
record.write("test/golden/ops.json", body, record.versions(torch, jax, np), "tools/golden/ops.py")
for case in body["cases"]:
    if len(case["results"]) > 1:
        print("the tools differ on", case["name"])
