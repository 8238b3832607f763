"""One call of a PyTorch module as a golden case: inputs, parameters, outputs, and the gradients of a weighted sum of the outputs."""
import torch

from record import tensor


def stored(values):
    return {name: tensor(value.detach().numpy()) for name, value in values.items()}


def gradients(values):
    return {
        name: tensor((torch.zeros_like(value) if value.grad is None else value.grad).numpy())
        for name, value in values.items()
        if value.dtype.is_floating_point
    }


def case(name, parameters, inputs, run, **notes):
    """`parameters` and `inputs` are leaves by name; `run` takes nothing and returns a list of outputs."""
    leaves = [*parameters.values(), *inputs.values()]
    for value in leaves:
        if value.dtype.is_floating_point:
            value.requires_grad_(True)
            value.grad = None
    outputs = run()
    weights = [torch.randn_like(output) for output in outputs]
    sum((output * weight).sum() for output, weight in zip(outputs, weights)).backward()
    return {
        "name": name,
        **notes,
        "inputs": stored(inputs),
        "parameters": stored(parameters),
        "outputs": [tensor(output.detach().numpy()) for output in outputs],
        "weights": [tensor(weight.numpy()) for weight in weights],
        "inputGradients": gradients(inputs),
        "gradients": gradients(parameters),
    }
