"""PyTorch's side of bench/models, eager, with stock modules and AdamW. python pytorch.py SIZES OPTIONS; protocol: ../harness/serve.ts."""

import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

options = json.loads(sys.argv[2])
sizes = json.loads(options["sizes"])
torch.set_num_threads(int(options["threads"]))
torch.set_num_interop_threads(1)
torch.manual_seed(1)


def encoder(s, pre, dropout=0.0):
    layer = nn.TransformerEncoderLayer(
        s["width"], s["heads"], 4 * s["width"], dropout, F.gelu, batch_first=True, norm_first=pre
    )
    return nn.TransformerEncoder(layer, s["layers"], nn.LayerNorm(s["width"]) if pre else None, enable_nested_tensor=False)


class Transformer(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.words, self.places = nn.Embedding(s["symbols"], s["width"]), nn.Embedding(s["length"], s["width"])
        self.body, self.scores = encoder(s, True), nn.Linear(s["width"], s["symbols"])
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(s["length"]), persistent=False)

    def forward(self, x):
        h = self.words(x) + self.places.weight
        return self.scores(self.body(h, mask=self.mask, is_causal=True)).flatten(0, 1)


class Last(nn.Module):
    def __init__(self, kind, s):
        super().__init__()
        self.cell = kind(s["inputs"], s["width"], batch_first=True)
        self.scores = nn.Linear(s["width"], s["classes"])

    def forward(self, x):
        return self.scores(self.cell(x)[0][:, -1])


class Bert(nn.Module):
    def __init__(self, s, dropout):
        super().__init__()
        width = s["width"]
        self.words = nn.Embedding(s["vocabulary"], width, padding_idx=0)
        self.places, self.segments = nn.Embedding(s["length"], width), nn.Embedding(2, width)
        self.norm, self.drop = nn.LayerNorm(width, 1e-12), nn.Dropout(dropout)
        self.body, self.pooler = encoder(s, False, dropout), nn.Linear(width, width)
        self.transform, self.after = nn.Linear(width, width), nn.LayerNorm(width, 1e-12)
        self.bias, self.next = nn.Parameter(torch.zeros(s["vocabulary"])), nn.Linear(width, 2)
        self.at = torch.tensor([1 + place * 6 for place in range(s["places"])])
        self.register_buffer("second", (torch.arange(s["length"]) >= s["length"] // 2).long(), persistent=False)

    def forward(self, x):
        h = self.drop(self.norm(self.words(x) + self.places.weight + self.segments(self.second)))
        # A mask that hides nothing, as both sides read one.
        h = self.body(h, src_key_padding_mask=torch.zeros_like(x, dtype=torch.bool))
        hidden = self.after(F.gelu(self.transform(h[:, self.at])))
        return F.linear(hidden, self.words.weight, self.bias).flatten(0, 1), self.next(torch.tanh(self.pooler(h[:, 0])))


def cnn(s):
    first, second = s["channels"]
    return nn.Sequential(
        nn.Conv2d(1, first, 3, padding=1, bias=False), nn.BatchNorm2d(first), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(first, second, 3, padding=1, bias=False), nn.BatchNorm2d(second), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(second * (s["side"] // 4) ** 2, s["units"]), nn.ReLU(), nn.Linear(s["units"], s["classes"]),
    )  # fmt: skip


def make(name):
    if name == "transformer":
        s = sizes["transformer"]
        x = torch.randint(s["symbols"], (s["batch"], s["length"]))
        return Transformer(s), x, lambda out, y=x.flatten(): F.cross_entropy(out, y)
    if name == "cnn":
        s = sizes["cnn"]
        y = torch.randint(s["classes"], (s["batch"],))
        return cnn(s), torch.rand(s["batch"], 1, s["side"], s["side"]), lambda out: F.cross_entropy(out, y)
    if name in ("lstm", "gru", "rnn"):
        s = sizes["recurrent"]
        y = torch.randint(s["classes"], (s["batch"],))
        kind = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[name]
        return Last(kind, s), torch.rand(s["batch"], s["length"], s["inputs"]), lambda out: F.cross_entropy(out, y)
    s = sizes["bert"]
    model = Bert(s, 0.1 if name == "bert-dropout" else 0.0)
    x = torch.randint(5, s["vocabulary"], (s["batch"], s["length"]))
    y, after = x[:, model.at].flatten(), torch.arange(s["batch"]) % 2
    return model, x, lambda out: F.cross_entropy(out[0], y) + F.cross_entropy(out[1], after)


def answer(**message):
    print(json.dumps(message), flush=True)


start = time.perf_counter()
model, x, criterion = make(options["model"])
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = criterion(model(x))
    loss.backward()
    optimizer.step()
    return loss


step()
parameters = sum(p.numel() for p in model.parameters())
answer(version=torch.__version__, prepareMs=(time.perf_counter() - start) * 1000, parameters=parameters)
for line in sys.stdin:
    command = json.loads(line)
    if "losses" in command:
        answer(losses=[step().item() for _ in range(command["losses"])])
        continue
    cpu, start = time.process_time(), time.perf_counter()
    for _ in range(command["steps"]):
        loss = step()
    ms = (time.perf_counter() - start) * 1000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer(ms=ms, cpuMs=(time.process_time() - cpu) * 1000, peakMb=peak, loss=loss.item())
