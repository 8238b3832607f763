"""Twenty steps of every optimizer, clipping, and the rates of every schedule, by PyTorch and optax, in float64.

    python tools/golden/optim.py
"""
import warnings

import jax
import jax.numpy as jnp
import numpy as np
import optax
import record
import torch
from torch.optim import lr_scheduler

warnings.filterwarnings("ignore")
STEPS, SIZE = 20, 4
random = np.random.default_rng(11)
start = np.round(random.uniform(-1, 1, SIZE), 3)
# Of sizes from 1e-4 to 10, changing sign, with an element that has no gradient for a while.
gradients = np.round(random.normal(size=(STEPS, SIZE)) * np.array([1e-2, 0.3, 1.0, 10.0]), 4)
gradients[3:9, 1] = 0


def rows(table):
    return [[record.number(v) for v in row] for row in np.asarray(table)]


def by_torch(make):
    p = torch.tensor(start, requires_grad=True)
    optimizer = make([p])
    path = []
    for g in gradients:
        p.grad = torch.tensor(g)
        optimizer.step()
        path.append(p.numpy(force=True).copy())
    return np.array(path)


def by_optax(optimizer):
    p = jnp.asarray(start)
    state = optimizer.init(p)
    path = []
    for g in gradients:
        updates, state = optimizer.update(jnp.asarray(g), state, p)
        p = optax.apply_updates(p, updates)
        path.append(np.asarray(p))
    return np.array(path)


paths = []


def case(name, call, options, in_torch, in_optax=None):
    found = {"torch": by_torch(in_torch)}
    if in_optax is not None:
        found["optax"] = by_optax(in_optax)
    if len(found) == 2 and record.agree(found["torch"], found["optax"], 1e-12):
        found = {"torch,optax": found["torch"]}
    results = [{"tools": tools.split(","), "path": rows(path)} for tools, path in found.items()]
    paths.append({"name": name, "call": call, "options": options, "results": results})
    if len(results) > 1:
        print("the tools differ on", name, np.max(np.abs(found["torch"] / found["optax"] - 1)))


o = torch.optim
decayed = optax.add_decayed_weights
case("sgd", "sgd", {"learningRate": 0.1}, lambda p: o.SGD(p, 0.1), optax.sgd(0.1))
case("sgd with momentum", "sgd", {"learningRate": 0.1, "momentum": 0.9}, lambda p: o.SGD(p, 0.1, momentum=0.9), optax.sgd(0.1, 0.9))
case("sgd with Nesterov's momentum", "sgd", {"learningRate": 0.1, "momentum": 0.8, "nesterov": True}, lambda p: o.SGD(p, 0.1, momentum=0.8, nesterov=True), optax.sgd(0.1, 0.8, nesterov=True))
case("sgd with dampening", "sgd", {"learningRate": 0.1, "momentum": 0.9, "dampening": 0.3}, lambda p: o.SGD(p, 0.1, momentum=0.9, dampening=0.3))
case("sgd with weight decay", "sgd", {"learningRate": 0.1, "momentum": 0.9, "weightDecay": 0.05}, lambda p: o.SGD(p, 0.1, momentum=0.9, weight_decay=0.05), optax.chain(decayed(0.05), optax.sgd(0.1, 0.9)))
case("rmsProp", "rmsProp", {}, lambda p: o.RMSprop(p), optax.rmsprop(0.01, 0.99, 1e-8, eps_in_sqrt=False))
case("rmsProp with its options", "rmsProp", {"learningRate": 0.02, "decay": 0.9, "epsilon": 1e-4, "momentum": 0.7, "weightDecay": 0.1}, lambda p: o.RMSprop(p, 0.02, 0.9, 1e-4, 0.1, momentum=0.7), optax.chain(decayed(0.1), optax.rmsprop(0.02, 0.9, 1e-4, eps_in_sqrt=False, momentum=0.7)))
case("rmsProp, centred", "rmsProp", {"learningRate": 0.02, "decay": 0.9, "epsilon": 1e-4, "centered": True}, lambda p: o.RMSprop(p, 0.02, 0.9, 1e-4, centered=True), optax.rmsprop(0.02, 0.9, 1e-4, eps_in_sqrt=False, centered=True))
case("rmsProp, centred with momentum", "rmsProp", {"centered": True, "momentum": 0.5}, lambda p: o.RMSprop(p, centered=True, momentum=0.5))
case("adagrad", "adagrad", {}, lambda p: o.Adagrad(p))
case("adagrad with its options", "adagrad", {"learningRate": 0.1, "rateDecay": 0.05, "initialSum": 0.1, "epsilon": 1e-6, "weightDecay": 0.02}, lambda p: o.Adagrad(p, 0.1, 0.05, 0.02, 0.1, 1e-6))
case("adam", "adam", {}, lambda p: o.Adam(p), optax.adam(1e-3))
case("adam with its options", "adam", {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3, "weightDecay": 0.1}, lambda p: o.Adam(p, 0.05, (0.8, 0.95), 1e-3, 0.1), optax.chain(decayed(0.1), optax.adam(0.05, 0.8, 0.95, 1e-3)))
case("adam without memory", "adam", {"beta1": 0, "beta2": 0}, lambda p: o.Adam(p, betas=(0.0, 0.0)))
case("adamW", "adamW", {}, lambda p: o.AdamW(p), optax.adamw(1e-3, weight_decay=0.01))
case("adamW with its options", "adamW", {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3, "weightDecay": 0.3}, lambda p: o.AdamW(p, 0.05, (0.8, 0.95), 1e-3, 0.3), optax.adamw(0.05, 0.8, 0.95, 1e-3, weight_decay=0.3))
case("adamW without decay", "adamW", {"weightDecay": 0}, lambda p: o.AdamW(p, weight_decay=0), optax.adamw(1e-3, weight_decay=0.0))

clippings = []
for name, limit, arrays in [
    ("long gradients", 1.5, [[3.0, -4.0], [0.5, 12.0, 0.0]]),
    ("short gradients", 20.0, [[3.0, -4.0], [0.5, 12.0, 0.0]]),
    ("zeros", 1.0, [[0.0, 0.0], [0.0]]),
    ("tiny gradients", 1e-3, [[1e-6, -2e-6], [3e-7]]),
]:
    tensors = [torch.tensor(x) for x in arrays]
    for x in tensors:
        x.grad = x.clone()
    norm = torch.nn.utils.clip_grad_norm_(tensors, limit)
    clipper = optax.clip_by_global_norm(limit)
    by_norm, _ = clipper.update([jnp.asarray(x) for x in arrays], clipper.init(None))
    by_value = [x.clamp(-limit, limit) for x in tensors]
    for x in tensors:
        x.grad = x.detach().clone()
    torch.nn.utils.clip_grad_value_(tensors, limit)
    assert all(torch.equal(x.grad, y) for x, y in zip(tensors, by_value))
    clippings.append({"name": name, "limit": limit, "gradients": arrays, "norm": record.number(norm), "byNorm": [rows([x])[0] for x in by_norm], "byValue": [x.tolist() for x in by_value], "tools": ["torch (norm, byValue)", "optax (byNorm)"]})


def rates(make, count, rate=0.1):
    p = torch.zeros(1, requires_grad=True)
    optimizer = o.SGD([p], rate)
    scheduler = make(optimizer)
    found = []
    for _ in range(count):
        found.append(float(optimizer.param_groups[0]["lr"]))
        p.grad = torch.zeros(1)
        optimizer.step()
        scheduler.step()
    return found


s = lr_scheduler
schedules = []


def schedule(name, description, count, in_torch, in_optax=None, rate=0.1):
    found = {"torch": rates(in_torch, count, rate)} if in_torch is not None else {}
    if in_optax is not None:
        found["optax"] = [float(in_optax(i)) for i in range(count)]
    if len(found) == 2 and record.agree(found["torch"], found["optax"], 1e-12):
        found = {"torch,optax": found["torch"]}
    elif len(found) == 2:
        print("the tools differ on", name)
    results = [{"tools": tools.split(","), "rates": [record.number(r) for r in values]} for tools, values in found.items()]
    schedules.append({"name": name, "schedule": description, "results": results})


schedule("constant", {"name": "constant", "rate": 0.1}, 3, lambda x: s.ConstantLR(x, 1.0), optax.constant_schedule(0.1))
schedule("stepDecay", {"name": "stepDecay", "rate": 0.1, "stepSize": 4, "gamma": 0.5}, 14, lambda x: s.StepLR(x, 4, 0.5), optax.exponential_decay(0.1, 4, 0.5, staircase=True))
schedule("exponentialDecay", {"name": "exponentialDecay", "rate": 0.1, "gamma": 0.9}, 14, lambda x: s.ExponentialLR(x, 0.9), optax.exponential_decay(0.1, 1, 0.9))
schedule("cosine", {"name": "cosine", "rate": 0.1, "steps": 10}, 11, lambda x: s.CosineAnnealingLR(x, 10), optax.cosine_decay_schedule(0.1, 10))
schedule("cosine to a minimum, and on", {"name": "cosine", "rate": 0.1, "steps": 10, "minimum": 0.01}, 16, None, optax.cosine_decay_schedule(0.1, 10, 0.1))
schedule("cosine with restarts", {"name": "cosine", "rate": 0.1, "steps": 5, "minimum": 0.01, "cycles": 3}, 15, lambda x: s.CosineAnnealingWarmRestarts(x, 5, 1, 0.01))
schedule("cosine with growing cycles", {"name": "cosine", "rate": 0.1, "steps": 4, "cycles": 3, "growth": 2}, 28, lambda x: s.CosineAnnealingWarmRestarts(x, 4, 2))
schedule("warmUp", {"name": "warmUp", "steps": 5, "startFactor": 0.2, "next": {"name": "cosine", "rate": 0.1, "steps": 8}}, 14, lambda x: s.SequentialLR(x, [s.LinearLR(x, 0.2, total_iters=5), s.CosineAnnealingLR(x, 8)], [5]), optax.join_schedules([optax.linear_schedule(0.02, 0.1, 5), optax.cosine_decay_schedule(0.1, 8)], [5]))
schedule("oneCycle", {"name": "oneCycle", "rate": 0.1, "steps": 20}, 20, lambda x: s.OneCycleLR(x, 0.1, total_steps=20))
schedule("oneCycle in straight lines", {"name": "oneCycle", "rate": 0.1, "steps": 16, "warmShare": 0.5, "startDivisor": 10, "endDivisor": 100, "shape": "linear"}, 16, lambda x: s.OneCycleLR(x, 0.1, total_steps=16, pct_start=0.5, anneal_strategy="linear", div_factor=10, final_div_factor=100))

body = {
    "start": [[record.number(v) for v in start]],
    "gradients": rows(gradients),
    "paths": paths,
    "clippings": clippings,
    "schedules": schedules,
}
record.write("test/golden/optim.json", body, record.versions(torch, jax, optax, np), "tools/golden/optim.py")
