"""Layers for images, and norms, as PyTorch computes them in float64: outputs, gradients, and running statistics after a step.

    python tools/golden/image_layers.py
"""
import record
import torch
from torch import nn

torch.manual_seed(31)


def stored(x):
    return {"shape": list(x.shape), "data": [record.number(v) for v in x.detach().reshape(-1)]}


NAMES = {"running_mean": "runningMean", "running_var": "runningVariance"}


def named(model, tensors):
    """By the names they have here, matrices of linear layers as (in out); PyTorch also counts batches."""
    found = {}
    for path, value in tensors:
        head, _, name = path.rpartition(".")
        if name != "num_batches_tracked" and value is not None:
            turned = name == "weight" and isinstance(model.get_submodule(head), nn.Linear)
            found[".".join(filter(None, [head, NAMES.get(name, name)]))] = stored(value.T if turned else value)
    return found


class Function(nn.Module):
    def __init__(self, f):
        super().__init__()
        self.forward = f


class Residual(nn.Module):
    def __init__(self, branch, shortcut):
        super().__init__()
        self.branch, self.shortcut = branch, shortcut

    def forward(self, x):
        return self.branch(x) + self.shortcut(x)


def moved(model):
    """Parameters that are not those of the start: 1 and 0 would hide mistakes."""
    for value in model.parameters():
        nn.init.normal_(value, std=0.7)
    for name, value in model.named_buffers():
        if name.endswith("running_mean"):
            nn.init.normal_(value)
        if name.endswith("running_var"):
            nn.init.uniform_(value, 0.5, 2)
    return model


cases = []


def case(name, model, shape, mode="eval"):
    model = moved(model).train(mode == "train")
    x = torch.randn(shape, requires_grad=True)
    state = named(model, [(n, b.clone()) for n, b in model.named_buffers()])
    output = model(x)
    weights = torch.randn_like(output)
    (output * weights).sum().backward()
    cases.append({
        "name": name,
        "mode": mode,
        "input": stored(x),
        "weights": stored(weights),
        "output": stored(output),
        "inputGradient": stored(x.grad),
        "parameters": named(model, model.named_parameters()),
        "gradients": named(model, [(n, p.grad) for n, p in model.named_parameters()]),
        "state": state,
        "after": named(model, model.named_buffers()),
    })


case("conv1d", nn.Conv1d(3, 4, 3), (2, 3, 7))
case("conv1d strided", nn.Conv1d(2, 4, 4, stride=2, padding=1, groups=2), (3, 2, 8))
case("conv2d", nn.Conv2d(3, 5, 3), (2, 3, 6, 5))
case("conv2d same", nn.Conv2d(2, 3, (3, 2), padding="same", dilation=2), (2, 2, 5, 6))
case("conv2d strided", nn.Conv2d(2, 4, 3, stride=(2, 1), padding=(1, 2)), (2, 2, 6, 5))
case("conv2d without bias", nn.Conv2d(2, 3, 2, bias=False), (1, 2, 4, 4))
case("conv2d groups", nn.Conv2d(4, 6, 3, groups=2, padding=1), (2, 4, 4, 5))
case("depthwise", nn.Conv2d(3, 6, 3, groups=3, stride=2, padding=1), (2, 3, 6, 6))
case("conv3d", nn.Conv3d(2, 3, (2, 3, 2), padding=1), (1, 2, 3, 4, 3))
case("convTranspose1d", nn.ConvTranspose1d(3, 2, 3, stride=2), (2, 3, 4))
case("convTranspose2d", nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2), (2, 4, 3, 4))
case("convTranspose2d dilated", nn.ConvTranspose2d(2, 3, 2, dilation=2, bias=False), (1, 2, 3, 3))
case("convTranspose3d", nn.ConvTranspose3d(2, 2, 2, stride=(1, 2, 2)), (1, 2, 2, 3, 2))
case("maxPool1d", nn.MaxPool1d(2), (2, 2, 7))
case("maxPool2d", nn.MaxPool2d(2), (2, 2, 6, 4))
case("maxPool2d overlapping", nn.MaxPool2d(3, stride=2, padding=1), (2, 2, 7, 6))
case("maxPool3d", nn.MaxPool3d((2, 1, 2)), (1, 2, 4, 3, 4))
case("averagePool1d", nn.AvgPool1d(3, stride=1), (1, 2, 6))
case("averagePool2d", nn.AvgPool2d(2), (2, 2, 6, 4))
case("averagePool2d padding not counted", nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False), (1, 2, 5, 6))
case("averagePool3d", nn.AvgPool3d(2), (1, 1, 4, 4, 2))
case("globalMaxPool", Function(lambda x: x.amax((2, 3))), (2, 3, 4, 3))
case("globalAveragePool", Function(lambda x: x.mean((2, 3))), (2, 3, 4, 3))
case("adaptiveAveragePool", nn.AdaptiveAvgPool2d((3, 2)), (2, 2, 7, 5))
case("upsample nearest", nn.Upsample(scale_factor=2), (2, 2, 3, 2))
case("upsample bilinear", nn.Upsample(size=(5, 7), mode="bilinear"), (1, 2, 3, 4))
for mode in ["train", "eval"]:
    case(f"batchNorm of rows, {mode}", nn.BatchNorm1d(4), (6, 4), mode)
    case(f"batchNorm of sequences, {mode}", nn.BatchNorm1d(3, momentum=0.3), (4, 3, 5), mode)
    case(f"batchNorm of images, {mode}", nn.BatchNorm2d(3, eps=1e-3), (4, 3, 2, 3), mode)
    case(f"batchNorm without scale, {mode}", nn.BatchNorm2d(2, affine=False), (3, 2, 2, 2), mode)
    case(f"conv, norm, relu, pool, {mode}", nn.Sequential(nn.Conv2d(1, 3, 3, padding=1, bias=False), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(12, 4)), (5, 1, 4, 4), mode)
case("layerNorm", nn.LayerNorm(5), (3, 2, 5))
case("layerNorm of two axes", nn.LayerNorm((3, 4), eps=1e-2), (2, 3, 4))
case("layerNorm without scale", nn.LayerNorm(6, elementwise_affine=False), (4, 6))
case("rmsNorm", nn.RMSNorm(5, eps=1e-6), (3, 2, 5))
case("rmsNorm without scale", nn.RMSNorm((2, 3), eps=1e-3, elementwise_affine=False), (4, 2, 3))
case("groupNorm", nn.GroupNorm(2, 6), (3, 6, 2, 3))
case("groupNorm of rows", nn.GroupNorm(2, 8), (3, 8))
case("instanceNorm", nn.InstanceNorm2d(3), (2, 3, 4, 3))
case("instanceNorm with scale", nn.InstanceNorm1d(2, affine=True), (3, 2, 5))
case("a block of a residual network", nn.Sequential(Residual(nn.Sequential(nn.Conv2d(2, 4, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)), nn.Sequential(nn.Conv2d(2, 4, 1, stride=2, bias=False), nn.BatchNorm2d(4))), nn.ReLU()), (3, 2, 5, 5), "train")
# Behind the others, so that those keep their numbers.
case("maxPool2d rounded up", nn.MaxPool2d(3, stride=2, ceil_mode=True), (2, 2, 6, 8))
case("maxPool2d rounded up, padded", nn.MaxPool2d(2, stride=3, padding=1, ceil_mode=True), (1, 2, 6, 5))
case("averagePool2d rounded up", nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True), (1, 2, 6, 5))
case("averagePool2d rounded up, padding not counted", nn.AvgPool2d((3, 2), stride=(2, 3), padding=1, ceil_mode=True, count_include_pad=False), (1, 2, 6, 5))
case("adaptiveMaxPool", nn.AdaptiveMaxPool2d((3, 2)), (2, 2, 7, 5))
case("adaptiveMaxPool that divides", nn.AdaptiveMaxPool2d((3, 2)), (1, 2, 6, 4))
case("adaptiveMaxPool of sequences", nn.AdaptiveMaxPool1d(4), (2, 2, 6))

record.write("test/golden/image-layers.json", {"cases": cases}, record.versions(torch), "tools/golden/image_layers.py")
