"""Embedding, positions, attention and Transformer layers, with their gradients, as PyTorch and transformers compute them.

    python tools/golden/attention.py

Weights are stored as (in out), the transpose of PyTorch's; PyTorch's joint projection is stored as query, key and value.
"""
import sys

import torch
from torch import nn

here = sys.path.pop(0)  # What stands beside this file must not pass for a package that transformers looks for.
import transformers
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

sys.path.insert(0, here)
from record import versions, write
from torch_case import case

torch.manual_seed(52)
BATCH, TIME, WIDTH, HEADS, SOURCE = 2, 4, 6, 2, 5


def fill(module):
    for value in module.parameters():
        nn.init.normal_(value, std=0.5)
    return module


def turned(value):
    return (value.T if value.dim() == 2 else value).detach().clone().contiguous()


def attention_leaves(module, prefix=""):
    """Parameters by our names, and a function that gives PyTorch's from them."""
    leaves, names = {}, []
    joint = module.in_proj_weight is not None
    weights = module.in_proj_weight.chunk(3) if joint else (module.q_proj_weight, module.k_proj_weight, module.v_proj_weight)
    biases = module.in_proj_bias.chunk(3) if module.in_proj_bias is not None else (None,) * 3
    for name, weight, bias in zip(("query", "key", "value"), weights, biases):
        leaves[f"{prefix}{name}.weight"] = turned(weight)
        if bias is not None:
            leaves[f"{prefix}{name}.bias"] = turned(bias)
    leaves[f"{prefix}output.weight"] = turned(module.out_proj.weight)
    if module.out_proj.bias is not None:
        leaves[f"{prefix}output.bias"] = turned(module.out_proj.bias)

    def back():
        part = lambda name: leaves[f"{prefix}{name}"]
        weights = [part(f"{name}.weight").T for name in ("query", "key", "value")]
        named = {"in_proj_weight": torch.cat(weights)} if joint else dict(zip(("q_proj_weight", "k_proj_weight", "v_proj_weight"), weights))
        named["out_proj.weight"] = part("output.weight").T
        if module.in_proj_bias is not None:
            named["in_proj_bias"] = torch.cat([part(f"{name}.bias") for name in ("query", "key", "value")])
            named["out_proj.bias"] = part("output.bias")
        return named

    return leaves, back


def masks(mask=None, keyMask=None):
    """PyTorch's masks say what is hidden; ours say what is seen."""
    return {
        **({} if mask is None else {"attn_mask": ~mask}),
        **({} if keyMask is None else {"key_padding_mask": ~keyMask}),
    }


CAUSAL = torch.tril(torch.ones(TIME, TIME, dtype=torch.bool))
PADDED = torch.tensor([[True, True, True, False], [True, True, False, False]])
SEEN = torch.tensor([[True] * 5, [True, True, True, False, False]])


def attend(name, source=None, mask=None, keyMask=None, bias=True, sourceWidth=WIDTH, **options):
    module = fill(nn.MultiheadAttention(WIDTH, HEADS, bias=bias, kdim=sourceWidth, vdim=sourceWidth, batch_first=True))
    leaves, back = attention_leaves(module)
    inputs = {"x": torch.randn(BATCH, TIME, WIDTH)}
    if source:
        inputs["source"] = torch.randn(BATCH, SOURCE, sourceWidth)
    given = {} if keyMask is None else {"keyMask": keyMask}
    inputs.update(given)

    def run():
        from_ = inputs.get("source", inputs["x"])
        arguments = (inputs["x"], from_, from_)
        return [torch.func.functional_call(module, back(), arguments, {**masks(mask, keyMask), "need_weights": False})[0]]

    ours = {"heads": HEADS, "bias": bias, **({"sourceWidth": sourceWidth} if sourceWidth != WIDTH else {}), **options}
    return case(name, leaves, inputs, run, kind="attention", options=ours)


ENCODER = {"attention": "self_attn", "attentionNorm": "norm1", "expand": "linear1", "contract": "linear2", "feedForwardNorm": "norm2"}
DECODER = {"attention": "self_attn", "attentionNorm": "norm1", "cross": "multihead_attn", "crossNorm": "norm2", "expand": "linear1", "contract": "linear2", "feedForwardNorm": "norm3"}


def layer_leaves(module, table, prefix=""):
    leaves, backs = {}, []
    for ours, theirs in table.items():
        part = getattr(module, theirs)
        if isinstance(part, nn.MultiheadAttention):
            own, back = attention_leaves(part, f"{prefix}{ours}.")
            backs.append((theirs, back))
        else:
            place = f"{prefix}feedForward.{ours}" if ours in ("expand", "contract") else f"{prefix}{ours}"
            own = {f"{place}.{name}": turned(value) for name, value in part.named_parameters()}
            backs.append((theirs, lambda own=own, place=place: {n.removeprefix(f"{place}."): v.T if v.dim() == 2 else v for n, v in own.items()}))
        leaves.update(own)
    return leaves, lambda: {f"{theirs}.{name}": value for theirs, back in backs for name, value in back().items()}


def encoder(name, norm, activation, mask=None, keyMask=None, **options):
    module = fill(nn.TransformerEncoderLayer(WIDTH, HEADS, 8, dropout=0.0, activation=activation, batch_first=True, norm_first=norm == "pre"))
    leaves, back = layer_leaves(module, ENCODER)
    inputs = {"x": torch.randn(BATCH, TIME, WIDTH), **({} if keyMask is None else {"keyMask": keyMask})}

    def run():
        told = {**({} if mask is None else {"src_mask": ~mask}), **({} if keyMask is None else {"src_key_padding_mask": ~keyMask})}
        return [torch.func.functional_call(module, back(), (inputs["x"],), told)]

    ours = {"heads": HEADS, "feedForward": 8, "norm": norm, **options}
    return case(name, leaves, inputs, run, kind="encoder", activation=activation, options=ours)


def decoder(name, norm, activation, memoryMask=None):
    module = fill(nn.TransformerDecoderLayer(WIDTH, HEADS, 8, dropout=0.0, activation=activation, batch_first=True, norm_first=norm == "pre"))
    leaves, back = layer_leaves(module, DECODER)
    inputs = {"x": torch.randn(BATCH, TIME, WIDTH), "memory": torch.randn(BATCH, SOURCE, WIDTH)}
    if memoryMask is not None:
        inputs["memoryMask"] = memoryMask

    def run():
        told = {"tgt_mask": ~CAUSAL, **({} if memoryMask is None else {"memory_key_padding_mask": ~memoryMask})}
        return [torch.func.functional_call(module, back(), (inputs["x"], inputs["memory"]), told)]

    ours = {"heads": HEADS, "feedForward": 8, "norm": norm}
    return case(name, leaves, inputs, run, kind="decoder", activation=activation, options=ours)


def rotary(name, pairs):
    x = torch.randn(BATCH, HEADS, TIME, 8)
    inputs = {"x": x}

    def run():
        rates = 10000.0 ** (-torch.arange(0, 8, 2) / 8)
        angles = torch.outer(torch.arange(TIME, dtype=torch.float64), rates)
        if pairs == "halves":
            both = torch.cat([angles, angles], dim=-1)[None]
            return [apply_rotary_pos_emb(inputs["x"], inputs["x"], both.cos(), both.sin())[0]]
        complex_ = torch.view_as_complex(inputs["x"].reshape(BATCH, HEADS, TIME, 4, 2))
        return [torch.view_as_real(complex_ * torch.polar(torch.ones_like(angles), angles)).flatten(3)]

    return case(name, {}, inputs, run, kind="rotary", options={"pairs": pairs})


def embedding(name, **options):
    module = fill(nn.Embedding(5, 3, **{"padding_idx": options.get("padding")}))
    weight = module.weight.detach().clone()
    indices = torch.tensor([[1, 4, 1], [0, 1, 3]], dtype=torch.int32)
    run = lambda: [torch.func.functional_call(module, {"weight": leaves["weight"]}, (indices,))]
    leaves = {"weight": weight}
    return case(name, leaves, {"x": indices}, run, kind="embedding", options=options)


cases = [
    embedding("embedding"),
    embedding("embedding with padding", padding=1),
    rotary("rotary positions, halves turning", "halves"),
    rotary("rotary positions, neighbours turning", "neighbours"),
    attend("self-attention"),
    attend("self-attention without biases", bias=False),
    attend("causal self-attention", mask=CAUSAL, causal=True),
    attend("self-attention with padding", keyMask=PADDED),
    attend("causal self-attention with padding, computed again on the way back", mask=CAUSAL, keyMask=PADDED, causal=True, recompute=True),
    attend("self-attention computed again on the way back", recompute=True),
    attend("cross-attention to a source of its own width, with padding", source=True, sourceWidth=3, keyMask=SEEN),
    encoder("encoder layer, norm after, relu", "post", "relu"),
    encoder("encoder layer, norm before, gelu", "pre", "gelu"),
    encoder("causal encoder layer, norm before, with padding", "pre", "relu", mask=CAUSAL, keyMask=PADDED, causal=True),
    decoder("decoder layer, norm after, relu", "post", "relu"),
    decoder("decoder layer, norm before, gelu, with padding in the source", "pre", "gelu", memoryMask=SEEN),
]
write("test/golden/attention.json", {"cases": cases}, versions(torch, transformers), "tools/golden/attention.py")
