"""A small Vision Transformer, and twenty training steps of language models, as PyTorch and transformers compute them.

    python tools/golden/sequence_models.py

Weights are stored as (in out), the transpose of PyTorch's.
"""
import sys

import torch
from torch import nn
from torch.nn import functional as F

here = sys.path.pop(0)  # What stands beside this file must not pass for a package that transformers looks for.
import transformers
from transformers import ViTConfig, ViTForImageClassification
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

sys.path.insert(0, here)

from record import tensor, versions, write
from torch_case import case, stored

torch.manual_seed(54)
SYMBOLS, WIDTH, HEADS, BATCH, LENGTH, STEPS = 7, 8, 2, 3, 5, 20
turned = lambda value: (value.T if value.dim() == 2 else value).detach().clone().contiguous()


def vision(name, reads):
    model = ViTForImageClassification(ViTConfig(
        hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12, image_size=6, patch_size=3, num_channels=2,
        num_labels=3, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, layer_norm_eps=1e-6, attn_implementation="sdpa",
    )).double().eval()
    for value in model.parameters():
        nn.init.normal_(value, std=0.5)
    names = {
        "patches": "vit.embeddings.patch_embeddings.projection", "encoder.norm": "vit.layernorm", "head": "classifier",
    }
    for i in range(2):
        ours, theirs = f"encoder.layers.{i}", f"vit.layers.{i}"
        for part, letter in zip(("query", "key", "value", "output"), "qkvo"):
            names[f"{ours}.attention.{part}"] = f"{theirs}.attention.{letter}_proj"
        names[f"{ours}.attentionNorm"] = f"{theirs}.layernorm_before"
        names[f"{ours}.feedForwardNorm"] = f"{theirs}.layernorm_after"
        names[f"{ours}.feedForward.expand"] = f"{theirs}.mlp.fc1"
        names[f"{ours}.feedForward.contract"] = f"{theirs}.mlp.fc2"
    values = dict(model.named_parameters())
    leaves = {
        "token": values["vit.embeddings.cls_token"].detach().clone().reshape(1, 8),
        "positions": values["vit.embeddings.position_embeddings"].detach().clone().reshape(-1, 8),
    }
    for ours, theirs in names.items():
        for kind in ("weight", "bias"):
            value = values[f"{theirs}.{kind}"]
            leaves[f"{ours}.{kind}"] = turned(value.reshape(8, -1) if value.dim() == 4 else value)

    def back():
        named = {"vit.embeddings.cls_token": leaves["token"].reshape(1, 1, 8), "vit.embeddings.position_embeddings": leaves["positions"][None]}
        for ours, theirs in names.items():
            for kind in ("weight", "bias"):
                value = leaves[f"{ours}.{kind}"]
                named[f"{theirs}.{kind}"] = (value.T if value.dim() == 2 else value).reshape(values[f"{theirs}.{kind}"].shape)
        return named

    inputs = {"x": torch.randn(2, 2, 6, 6)}
    run = lambda: [torch.func.functional_call(model, back(), (inputs["x"],)).logits]
    return case(name, leaves, inputs, run)


def cells(kind):
    names = {"inputWeight": "weight_ih_l0", "recurrentWeight": "weight_hh_l0", "inputBias": "bias_ih_l0", "recurrentBias": "bias_hh_l0"}
    module = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind](WIDTH, WIDTH, batch_first=True)
    start = {f"body.0.forward.{ours}": turned(getattr(module, theirs)) for ours, theirs in names.items()}

    def run(p, x):
        named = {theirs: p[f"body.0.forward.{ours}"] for ours, theirs in names.items()}
        return torch.func.functional_call(module, {n: v.T if v.dim() == 2 else v for n, v in named.items()}, (x,))[0]

    return start, run


def transformer(layers=2):
    start = {}
    for i in range(layers):
        at = f"body.layers.{i}"
        for part in ("query", "key", "value", "output"):
            start[f"{at}.attention.{part}.weight"] = torch.randn(WIDTH, WIDTH) / WIDTH**0.5
            start[f"{at}.attention.{part}.bias"] = torch.randn(WIDTH) * 0.1
        start[f"{at}.feedForward.expand.weight"] = torch.randn(WIDTH, 4 * WIDTH) / WIDTH**0.5
        start[f"{at}.feedForward.expand.bias"] = torch.randn(4 * WIDTH) * 0.1
        start[f"{at}.feedForward.contract.weight"] = torch.randn(4 * WIDTH, WIDTH) / (4 * WIDTH) ** 0.5
        start[f"{at}.feedForward.contract.bias"] = torch.randn(WIDTH) * 0.1
    for norm in ["body.norm", *(f"body.layers.{i}.{n}" for i in range(layers) for n in ("attentionNorm", "feedForwardNorm"))]:
        start[f"{norm}.weight"], start[f"{norm}.bias"] = torch.ones(WIDTH), torch.zeros(WIDTH)
    half = WIDTH // HEADS
    angles = torch.outer(torch.arange(LENGTH, dtype=torch.float64), 10000.0 ** (-torch.arange(0, half, 2) / half))
    both = torch.cat([angles, angles], dim=-1)[None]

    def run(p, x):
        linear = lambda name, value: value @ p[f"{name}.weight"] + p[f"{name}.bias"]
        norm = lambda name, value: F.layer_norm(value, (WIDTH,), p[f"{name}.weight"], p[f"{name}.bias"], 1e-5)
        heads = lambda value: value.reshape(BATCH, LENGTH, HEADS, half).transpose(1, 2)
        for i in range(layers):
            at = f"body.layers.{i}"
            y = norm(f"{at}.attentionNorm", x)
            query, key, value = (heads(linear(f"{at}.attention.{part}", y)) for part in ("query", "key", "value"))
            query, key = apply_rotary_pos_emb(query, key, both.cos(), both.sin())
            seen = F.scaled_dot_product_attention(query, key, value, is_causal=True).transpose(1, 2).reshape(BATCH, LENGTH, WIDTH)
            x = x + linear(f"{at}.attention.output", seen)
            hidden = F.gelu(linear(f"{at}.feedForward.expand", norm(f"{at}.feedForwardNorm", x)))
            x = x + linear(f"{at}.feedForward.contract", hidden)
        return norm("body.norm", x)

    return start, run


def training(kind):
    body, run = transformer() if kind == "transformer" else cells(kind)
    start = {"embedding.weight": torch.randn(SYMBOLS, WIDTH), **body}
    start["scores.weight"], start["scores.bias"] = torch.randn(WIDTH, SYMBOLS) / WIDTH**0.5, torch.zeros(SYMBOLS)
    # Values that float32 holds: both precisions start from the same.
    start = {name: value.float().double() for name, value in start.items()}
    first = stored(start)
    p = {name: value.clone().requires_grad_(True) for name, value in start.items()}
    optimizer = torch.optim.Adam(p.values(), lr=1e-2)
    generator = torch.Generator().manual_seed(7)
    steps = []
    for _ in range(STEPS):
        text = torch.randint(0, SYMBOLS, (BATCH, LENGTH + 1), generator=generator)
        optimizer.zero_grad()
        logits = run(p, p["embedding.weight"][text[:, :-1]]) @ p["scores.weight"] + p["scores.bias"]
        loss = F.cross_entropy(logits.reshape(-1, SYMBOLS), text[:, 1:].reshape(-1))
        loss.backward()
        optimizer.step()
        steps.append({"inputs": tensor(text[:, :-1].int().numpy()), "targets": tensor(text[:, 1:].int().numpy()), "loss": loss.item()})
    return {"kind": kind, "parameters": first, "steps": steps, "last": stored(p)}


write(
    "test/golden/sequence-models.json",
    {"vision": [vision("vision transformer", "token")], "training": [training(kind) for kind in ("rnn", "lstm", "gru", "transformer")]},
    versions(torch, transformers),
    "tools/golden/sequence_models.py",
)
