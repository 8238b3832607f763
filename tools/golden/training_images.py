"""Twenty training steps of networks with convolutions and batch normalisation by PyTorch in float64: losses, and what is left of them.

    python tools/golden/training_images.py

Data and first parameters come from one formula that the test repeats; all of it is exact in float32.
"""
import record
import torch
import torch.nn.functional as F
from torch import nn

STEPS, BATCH, CLASSES = 20, 6, 3


def values(count, seed, scale):
    return torch.tensor([((i * 7919 + seed * 104729) % 2003 - 1001) / 1024 * scale for i in range(count)])


def labels(count, seed, classes):
    return torch.tensor([(i * 31 + seed * 17) % classes for i in range(count)])


def cnn():
    block = lambda i, o: [nn.Conv2d(i, o, 3, padding="same", bias=False), nn.BatchNorm2d(o), nn.ReLU(), nn.MaxPool2d(2)]  # noqa: E731
    return nn.Sequential(*block(1, 4), *block(4, 6), nn.Flatten(), nn.Linear(24, 8), nn.ReLU(), nn.Linear(8, CLASSES))


class Block(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        conv = lambda a, b, k, s: [nn.Conv2d(a, b, k, stride=s, padding=k // 2, bias=False), nn.BatchNorm2d(b)]  # noqa: E731
        self.branch = nn.Sequential(*conv(i, o, 3, stride), nn.ReLU(), *conv(o, o, 3, 1))
        self.shortcut = nn.Sequential(*conv(i, o, 1, stride)) if stride > 1 or i != o else nn.Identity()

    def forward(self, x):
        return F.relu(self.branch(x) + self.shortcut(x))


def resnet():
    stem = [nn.Conv2d(1, 3, 3, padding=1, bias=False), nn.BatchNorm2d(3), nn.ReLU()]
    return nn.Sequential(*stem, Block(3, 3, 1), Block(3, 5, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(5, CLASSES))


def start(model):
    """Parameters by the formula, matrices of linear layers as (in out); scales of norms around 1."""
    k = 0
    for module in model.modules():
        for name, value in module.named_parameters(recurse=False):
            drawn = values(value.numel(), k, 0.5)
            if isinstance(module, nn.Linear) and name == "weight":
                value.data = drawn.reshape(value.shape[1], value.shape[0]).T.clone()
            elif isinstance(module, nn.BatchNorm2d) and name == "weight":
                value.data = 1 + drawn.reshape(value.shape) / 2
            else:
                value.data = drawn.reshape(value.shape)
            k += 1


def kept(x):
    """Of long tensors the first elements, and two sums over all of them."""
    x = x.detach().reshape(-1)
    return {"head": [record.number(v) for v in x[:24]], "sum": record.number(x.sum()), "squares": record.number((x * x).sum())}


def images(seed):
    return values(BATCH * 64, 100 + seed, 1).reshape(BATCH, 1, 8, 8)


cases = []


def case(model, make, optimizer, options):
    network = make()
    start(network)
    steps = optimizer([
        {"params": [p for p in network.parameters() if p.ndim > 1], "weight_decay": options.get("weightDecay", 0)},
        {"params": [p for p in network.parameters() if p.ndim == 1], "weight_decay": 0},
    ])
    losses = []
    for step in range(STEPS):
        value = F.cross_entropy(network(images(step)), labels(BATCH, step, CLASSES))
        losses.append(record.number(value.item()))
        steps.zero_grad()
        value.backward()
        steps.step()
    trained = [
        kept(value.T if isinstance(module, nn.Linear) and name == "weight" else value)
        for module in network.modules()
        for name, value in module.named_parameters(recurse=False)
    ]
    state = [kept(value) for name, value in network.named_buffers() if "batches" not in name]
    predictions = network.eval()(images(0)).detach().reshape(-1)
    cases.append({
        "model": model,
        "optimizer": options["name"],
        "options": {k: v for k, v in options.items() if k != "name"},
        "batch": BATCH,
        "classes": CLASSES,
        "losses": losses,
        "parameters": trained,
        "state": state,
        "predictions": [record.number(v) for v in predictions],
    })


o = torch.optim
case("cnn", cnn, lambda g: o.SGD(g, 0.05, momentum=0.9), {"name": "sgd", "learningRate": 0.05, "momentum": 0.9, "weightDecay": 0.01})
case("cnn", cnn, lambda g: o.AdamW(g, 0.003), {"name": "adamW", "learningRate": 0.003, "weightDecay": 0.1})
case("resnet", resnet, lambda g: o.SGD(g, 0.05, momentum=0.9), {"name": "sgd", "learningRate": 0.05, "momentum": 0.9})

record.write("test/golden/training-images.json", {"cases": cases}, record.versions(torch), "tools/golden/training_images.py")
