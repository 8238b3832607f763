"""What PyTorch's alpha dropout makes of kept and of dropped elements, and of mean and variance.

    python3 tools/golden/alpha-dropout.py > test/golden/alpha-dropout.json

Needs torch. Which elements are dropped is its own chance; what becomes of them is not.
"""
import json
import platform

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(20)

COUNT = 400_000


def outcomes(rate, x):
    """The two values that an element x can become: kept, dropped. Dropped ones are the same for every x."""
    first, second = (torch.nn.functional.alpha_dropout(torch.full((1000,), value), rate, training=True).unique() for value in (x, x + 1))
    dropped = next(v for v in first.tolist() if any(abs(v - w) < 1e-12 for w in second.tolist()))
    kept = next(v for v in first.tolist() if v != dropped)
    return {"rate": rate, "x": x, "kept": kept, "dropped": dropped}


def statistics(rate):
    y = torch.nn.functional.alpha_dropout(torch.nn.functional.selu(torch.randn(COUNT)), rate, training=True)
    return {"rate": rate, "count": COUNT, "mean": y.mean().item(), "variance": y.var().item()}


print(json.dumps({
    "provenance": {
        "tools": {"torch": torch.__version__, "python": platform.python_version()},
        "precision": "float64",
        "command": "python3 tools/golden/alpha-dropout.py > test/golden/alpha-dropout.json (needs torch)",
    },
    "outcomes": [outcomes(rate, x) for rate in (0.05, 0.1, 0.5, 0.9) for x in (-1.7, 0.0, 0.3, 4.0, 1e6)],
    "statistics": [statistics(rate) for rate in (0.05, 0.1, 0.5)],
}, separators=(",", ":")))
