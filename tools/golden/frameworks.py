"""What PyTorch, JAX, Keras and ONNX's reference compute under the names that the records give.

    node --import tsx tools/golden/frameworks.ts | KERAS_BACKEND=jax python3 tools/golden/frameworks.py

Needs torch, jax, keras and onnx; writes test/golden/frameworks.json. Slopes are those of PyTorch, at kinks too. timm is
not asked itself: what its factory gives for each name is PyTorch's function, or one of two formulas, which are written out here.
Besides the values, the names of all activations that the libraries list are written down.
"""
import functools
import json
import platform
import re
import sys

import jax

jax.config.update("jax_enable_x64", True)
import keras
import numpy as np
import onnx
import torch
from onnx.reference import ReferenceEvaluator
from torch import nn

torch.set_default_dtype(torch.float64)
keras.config.set_floatx("float64")

POINTS = sorted([0.0, 0.25, 0.5, -0.5, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 6.0, -20.0, 20.0] + [0.013 + 0.37 * k for k in range(-16, 17)])


def split(call):
    """The name and the arguments of `name(argument=…)`."""
    name, arguments = re.fullmatch(r"([\w.]+)(?:\((.*)\))?", call).groups()
    return name, eval(f"dict({arguments or ''})")


def pytorch(call):
    found = eval(call, {"nn": nn, "torch": torch})
    # In evaluation, where nothing is random.
    f = found().eval() if isinstance(found, type) else found
    x = torch.tensor(POINTS, requires_grad=True)
    y = f(x).detach()
    rows = f(x)
    if not rows.requires_grad:
        return y.tolist(), [0.0] * len(POINTS)
    rows.sum().backward()
    return y.tolist(), x.grad.tolist()


def jax_nn(call):
    name, arguments = split(call)
    return np.asarray(functools.partial(eval(name), **arguments)(jax.numpy.asarray(POINTS))).tolist(), None


def keras_call(call):
    name, arguments = split(call)
    folder, _, last = name.rpartition(".")
    place = getattr(keras, folder or "activations")
    x = keras.ops.convert_to_tensor(np.asarray([POINTS]), dtype="float64")
    found = getattr(place, last)
    f = found(**arguments) if isinstance(found, type) else functools.partial(found, **arguments)
    return np.asarray(f(x)).reshape(-1).tolist(), None


def onnx_node(call):
    name, arguments = split(call)
    extra = {key: arguments.pop(key) for key in ("min", "max", "slope") if key in arguments}
    node = onnx.helper.make_node(name, ["x", *extra], ["y"], **arguments)
    info = lambda key: onnx.helper.make_tensor_value_info(key, onnx.TensorProto.DOUBLE, None)
    graph = onnx.helper.make_graph([node], "one", [info("x"), *map(info, extra)], [info("y")])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", onnx.defs.onnx_opset_version())])
    feeds = {"x": np.asarray(POINTS), **{key: np.asarray(value, dtype=np.float64) for key, value in extra.items()}}
    return np.asarray(ReferenceEvaluator(model).run(None, feeds)[0], dtype=np.float64).tolist(), None


# What timm's create_act_layer makes of each of its names (timm/layers/create_act.py and activations.py).
TIMM = {
    "silu": nn.SiLU(), "swish": nn.SiLU(), "mish": nn.Mish(), "relu": nn.ReLU(), "relu6": nn.ReLU6(), "leaky_relu": nn.LeakyReLU(),
    "elu": nn.ELU(), "prelu": nn.PReLU(init=0.25), "celu": nn.CELU(), "selu": nn.SELU(), "gelu": nn.GELU(),
    "gelu_tanh": nn.GELU("tanh"), "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "hard_sigmoid": nn.Hardsigmoid(),
    "hard_swish": nn.Hardswish(), "identity": nn.Identity(),
    "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x),
    "hard_mish": lambda x: x / 2 * torch.clamp(x + 2, 0, 2),
}


def timm(call):
    return TIMM[call](torch.tensor(POINTS)).tolist(), None


def lists():
    """The activations of each library: what its activation module exports; ONNX has no such module, only operators."""
    operators = """Celu Elu Gelu HardSigmoid HardSwish Hardmax LeakyRelu LogSoftmax Mish PRelu Relu Selu Shrink Sigmoid Softmax Softplus
        Softsign Swish Tanh ThresholdedRelu Clip Identity""".split()
    assert all(onnx.defs.has(operator) for operator in operators)
    public = lambda module: sorted(name for name in dir(module) if not name.startswith("_") and callable(getattr(module, name)))
    return {
        "pytorch": sorted(torch.nn.modules.activation.__all__),
        "keras": public(keras.activations),
        "jax": public(jax.nn),
        "onnx": operators,
        "timm": sorted(TIMM),
    }


libraries = {"pytorch": pytorch, "jax": jax_nn, "keras": keras_call, "onnx": onnx_node, "timm": timm}
cases = []
for entry in json.load(sys.stdin):
    compute = libraries.get(entry["framework"])
    if compute is None:
        continue
    try:
        value, slope = compute(entry["call"])
    except Exception as error:
        print(f"{entry['name']} {entry['framework']} {entry['call']}: {type(error).__name__}: {str(error)[:150]}", file=sys.stderr)
        continue
    if len(value) != len(POINTS):
        continue
    cases.append({**entry, "value": value, **({"slope": slope} if slope else {})})

tools = {"torch": torch.__version__, "jax": jax.__version__, "keras": keras.__version__, "onnx": onnx.__version__,
         "python": platform.python_version()}
command = "node --import tsx tools/golden/frameworks.ts | KERAS_BACKEND=jax python3 tools/golden/frameworks.py"
with open("test/golden/frameworks.json", "w", encoding="utf-8") as file:
    provenance = json.dumps({"tools": tools, "precision": "float64", "command": command})
    rows = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    file.write(f'{{"provenance":{provenance},\n"points":{json.dumps(POINTS)},\n"lists":{json.dumps(lists())},\n"cases":[\n{rows}\n]}}\n')
