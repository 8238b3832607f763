"""Twenty training steps of small networks by PyTorch in float64: losses of all steps, and the parameters after them.

    python tools/golden/training.py

Data and first parameters come from one formula that the test repeats; all of it is exact in float32.
"""
import math

import record
import torch
import torch.nn.functional as F
from torch.optim import lr_scheduler

STEPS = 20


def values(count, seed, scale):
    return torch.tensor([((i * 7919 + seed * 104729) % 2003 - 1001) / 1024 * scale for i in range(count)])


def labels(count, seed, classes):
    return torch.tensor([(i * 31 + seed * 17) % classes for i in range(count)])


class Network(torch.nn.Module):
    def __init__(self, widths, activation, scale):
        super().__init__()
        self.activation = activation
        self.weights = torch.nn.ParameterList(
            torch.nn.Parameter(values(i * o, k, scale).reshape(i, o)) for k, (i, o) in enumerate(zip(widths, widths[1:]))
        )
        self.biases = torch.nn.ParameterList(
            torch.nn.Parameter(values(o, 50 + k, scale / 4)) for k, o in enumerate(widths[1:])
        )

    def forward(self, x):
        for k, (w, b) in enumerate(zip(self.weights, self.biases)):
            x = x @ w + b
            if k + 1 < len(self.weights):
                x = self.activation(x)
        return x


def clip_by_norm(parameters, limit):
    # clip_grad_norm_ divides by the norm + 1e-6; this is the same without the 1e-6.
    norm = math.sqrt(sum(float((p.grad**2).sum()) for p in parameters))
    for p in parameters:
        p.grad *= min(1, limit / norm)


ACTIVATIONS = {"tanh": torch.tanh, "gelu": F.gelu, "relu": torch.relu}
LOSSES = {"softmaxCrossEntropy": F.cross_entropy, "mse": F.mse_loss, "binaryCrossEntropy": F.binary_cross_entropy_with_logits}


def targets(loss, batch, outputs, seed):
    if loss == "softmaxCrossEntropy":
        return labels(batch, seed, outputs)
    if loss == "binaryCrossEntropy":
        return labels(batch * outputs, seed, 2).double().reshape(batch, outputs)
    return values(batch * outputs, 900 + seed, 1).reshape(batch, outputs)


def run(widths, activation, loss, batch, scale, make, schedule, clip_norm, clip_value, decay, accumulate):
    network = Network(widths, ACTIVATIONS[activation], scale)
    groups = [{"params": network.weights, "weight_decay": decay}, {"params": network.biases, "weight_decay": 0}]
    optimizer = make(groups)
    scheduler = schedule(optimizer) if schedule else None
    losses = []
    for step in range(STEPS):
        x = values(batch * widths[0], 100 + step, 1).reshape(batch, widths[0])
        value = LOSSES[loss](network(x), targets(loss, batch, widths[-1], step))
        losses.append(value.item())
        (value / accumulate).backward()
        if (step + 1) % accumulate:
            continue
        if clip_value:
            torch.nn.utils.clip_grad_value_(network.parameters(), clip_value)
        if clip_norm:
            clip_by_norm(list(network.parameters()), clip_norm)
        optimizer.step()
        optimizer.zero_grad()
        if scheduler:
            scheduler.step()
    return losses, network


cases = []


def case(name, optimizer, options, make, *, widths=(5, 7, 3), activation="tanh", loss="softmaxCrossEntropy", batch=6, scale=0.5,
         schedule=None, accumulate=1):
    decay = options.get("weightDecay", 0)
    losses, network = run(widths, activation, loss, batch, scale, make, schedule[1] if schedule else None,
                          options.get("clipNorm"), options.get("clipValue"), decay, accumulate)
    parameters = [p.detach().reshape(-1) for pair in zip(network.weights, network.biases) for p in pair]
    cases.append({
        "name": name, "optimizer": optimizer, "options": options, "schedule": schedule[0] if schedule else None,
        "widths": widths, "activation": activation, "loss": loss, "batch": batch, "scale": scale, "accumulate": accumulate,
        "losses": [record.number(v) for v in losses],
        # Of long tensors the first elements, and two sums over all of them.
        "parameters": [{"head": [record.number(v) for v in p[:24]], "sum": record.number(p.sum()),
                        "squares": record.number((p * p).sum())} for p in parameters],
    })


o, s = torch.optim, lr_scheduler
# One rate through the optimizer's own option, which every schedule then multiplies.
case("sgd", "sgd", {"learningRate": 0.1}, lambda g: o.SGD(g, 0.1))
case("sgd with momentum and weight decay", "sgd", {"learningRate": 0.1, "momentum": 0.9, "weightDecay": 0.05}, lambda g: o.SGD(g, 0.1, momentum=0.9))
case("sgd with Nesterov's momentum", "sgd", {"learningRate": 0.05, "momentum": 0.8, "nesterov": True}, lambda g: o.SGD(g, 0.05, momentum=0.8, nesterov=True), activation="gelu")
case("rmsProp", "rmsProp", {"learningRate": 0.01, "weightDecay": 0.1}, lambda g: o.RMSprop(g, 0.01))
case("adagrad", "adagrad", {"learningRate": 0.1, "weightDecay": 0.02}, lambda g: o.Adagrad(g, 0.1), activation="gelu")
case("adam", "adam", {"learningRate": 0.01, "weightDecay": 0.1}, lambda g: o.Adam(g, 0.01))
case("adamW", "adamW", {"learningRate": 0.01, "weightDecay": 0.1}, lambda g: o.AdamW(g, 0.01))
case("sgd with gradients clipped by norm", "sgd", {"learningRate": 0.5, "clipNorm": 0.25}, lambda g: o.SGD(g, 0.5))
case("sgd with gradients clipped by value", "sgd", {"learningRate": 0.5, "clipValue": 0.03}, lambda g: o.SGD(g, 0.5))
case("adamW on mean squared error", "adamW", {"learningRate": 0.02, "weightDecay": 0.2, "clipNorm": 0.5}, lambda g: o.AdamW(g, 0.02), loss="mse", activation="gelu")
case("sgd on binary cross-entropy", "sgd", {"learningRate": 0.3, "momentum": 0.5}, lambda g: o.SGD(g, 0.3, momentum=0.5), loss="binaryCrossEntropy", activation="relu")
case("sgd with a rate that falls in steps", "sgd", {}, lambda g: o.SGD(g, 0.2), schedule=({"name": "stepDecay", "rate": 0.2, "stepSize": 4, "gamma": 0.5}, lambda x: s.StepLR(x, 4, 0.5)))
case("adamW with a cosine", "adamW", {"weightDecay": 0.1}, lambda g: o.AdamW(g, 0.02), schedule=({"name": "cosine", "rate": 0.02, "steps": 25}, lambda x: s.CosineAnnealingLR(x, 25)))
case("adam with one cycle", "adam", {}, lambda g: o.Adam(g, 0.05), schedule=({"name": "oneCycle", "rate": 0.05, "steps": 20}, lambda x: s.OneCycleLR(x, 0.05, total_steps=20, cycle_momentum=False)))
case("adamW with four batches to a step", "adamW", {"learningRate": 0.02, "weightDecay": 0.1, "clipNorm": 0.2}, lambda g: o.AdamW(g, 0.02), accumulate=4)
case("sgd with two batches to a step and a cosine", "sgd", {"momentum": 0.9}, lambda g: o.SGD(g, 0.1, momentum=0.9), accumulate=2, schedule=({"name": "cosine", "rate": 0.1, "steps": 10}, lambda x: s.CosineAnnealingLR(x, 10)))
case("adamW on layers of two sizes", "adamW", {"learningRate": 0.01, "weightDecay": 0.1, "clipNorm": 1}, lambda g: o.AdamW(g, 0.01), widths=(8, 96, 96, 4), activation="gelu", scale=0.125, batch=5)

record.write("test/golden/training.json", {"cases": cases}, record.versions(torch), "tools/golden/training.py")
