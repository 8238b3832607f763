"""Recurrent layers and their gradients as PyTorch computes them.

    python tools/golden/recurrent.py

Weights are stored as (in out), the transpose of PyTorch's.
"""
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from record import versions, write
from torch_case import case

torch.manual_seed(51)
BATCH, TIME, WIDTH, HIDDEN = 3, 5, 4, 3
NAMES = {"weight_ih": "inputWeight", "weight_hh": "recurrentWeight", "bias_ih": "inputBias", "bias_hh": "recurrentBias"}


def leaves(module):
    """The parameters by our names, and what puts them back into PyTorch's."""
    named, original = {}, {}
    for name, value in module.named_parameters():
        kind, place = name.split("_l")
        layer, _, side = place.partition("_")
        path = f"{layer}.{'backward' if side else 'forward'}.{NAMES[kind]}"
        leaf = (value.T if value.dim() == 2 else value).detach().clone().contiguous()
        named[path], original[name] = leaf, leaf
    return named, lambda: {name: (leaf.T if leaf.dim() == 2 else leaf) for name, leaf in original.items()}


def recurrent(name, kind, lengths=None, state=False, **options):
    make = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind]
    module = make(WIDTH, HIDDEN, batch_first=True, **options)
    for value in module.parameters():
        nn.init.normal_(value, std=0.7)
    parameters, current = leaves(module)
    sides = options.get("num_layers", 1) * (2 if options.get("bidirectional") else 1)
    inputs = {"x": torch.randn(BATCH, TIME, WIDTH)}
    parts = ["h", "c"] if kind == "lstm" else ["h"]
    if state:
        inputs.update({part: torch.randn(sides, BATCH, HIDDEN) for part in parts})
    if lengths is not None:
        inputs["lengths"] = torch.tensor(lengths, dtype=torch.int32)

    def run():
        given = tuple(inputs[part] for part in parts) if state else None
        start = given if given is None or kind == "lstm" else given[0]
        x = inputs["x"]
        if lengths is not None:
            x = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        outputs, end = torch.func.functional_call(module, current(), (x, start))
        if lengths is not None:
            outputs, _ = pad_packed_sequence(outputs, batch_first=True, total_length=TIME)
        return [outputs, *(end if kind == "lstm" else [end])]

    ours = {
        "kind": kind,
        "layers": options.get("num_layers", 1),
        "bidirectional": options.get("bidirectional", False),
        "bias": options.get("bias", True),
        **({"activation": options.get("nonlinearity", "tanh")} if kind == "rnn" else {}),
    }
    return case(name, parameters, inputs, run, options=ours)


cases = [
    recurrent("rnn with tanh", "rnn"),
    recurrent("rnn with relu", "rnn", nonlinearity="relu", state=True),
    recurrent("rnn of two layers in both directions", "rnn", num_layers=2, bidirectional=True, lengths=[2, 5, 3]),
    recurrent("lstm", "lstm"),
    recurrent("lstm without biases", "lstm", bias=False),
    recurrent("lstm from a state", "lstm", state=True),
    recurrent("lstm of different lengths", "lstm", lengths=[5, 1, 3]),
    recurrent("lstm of two layers in both directions, from a state, of different lengths", "lstm", num_layers=2, bidirectional=True, state=True, lengths=[4, 5, 2]),
    recurrent("gru", "gru"),
    recurrent("gru without biases", "gru", bias=False),
    recurrent("gru of two layers in both directions, from a state, of different lengths", "gru", num_layers=2, bidirectional=True, state=True, lengths=[3, 5, 1]),
]
write("test/golden/recurrent.json", {"cases": cases}, versions(torch), "tools/golden/recurrent.py")
