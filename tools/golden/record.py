"""What the generators of golden values share: float64 everywhere, provenance, and compact JSON that holds NaN and infinities."""
import json
import math
import platform
import sys

import jax
import numpy as np
import torch

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")
torch.set_default_dtype(torch.float64)


def number(x):
    """A number as JSON can hold it; JSON has no NaN, no infinity and, in many readers, no -0."""
    if isinstance(x, (bool, np.bool_)):
        return int(x)
    if isinstance(x, (int, np.integer)):
        return int(x)
    x = float(x)
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "Infinity" if x > 0 else "-Infinity"
    if x == 0 and math.copysign(1, x) < 0:
        return "-0"
    return int(x) if x == int(x) and abs(x) < 1e15 else x


DTYPES = {"float64": "float32", "int32": "int32", "int64": "int32", "uint32": "uint32", "bool": "bool"}


def tensor(x):
    """Shape, dtype (that of the library: float64 stands for its float32, which its interpreter computes in float64), data."""
    x = np.asarray(x)
    return {"shape": list(x.shape), "dtype": DTYPES[str(x.dtype)], "data": [number(v) for v in x.reshape(-1)]}


def agree(a, b, tolerance=1e-13):
    """Whether two results are equal to rounding: NaN to NaN, infinities to themselves."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.shape != b.shape:
        return False
    with np.errstate(all="ignore"):
        same = (a == b) | (np.isnan(a) & np.isnan(b)) | (np.abs(a - b) <= tolerance * np.abs(b))
    return bool(np.all(same))


def versions(*modules):
    known = {module.__name__.split(".")[0]: module.__version__ for module in modules}
    return {"python": platform.python_version(), **known}


def write(path, body, tools, script):
    """The file of golden values: where it comes from first, then a case a line."""
    provenance = {
        "tools": tools,
        "precision": "float64",
        "command": f"python {script} (needs {', '.join(f'{name} {version}' for name, version in tools.items())})",
    }
    lines = [f'"provenance":{json.dumps(provenance)}']
    for key, cases in body.items():
        rows = ",\n".join(json.dumps(case, separators=(",", ":"), ensure_ascii=False) for case in cases)
        lines.append(f'"{key}":[\n{rows}\n]')
    with open(path, "w", encoding="utf-8") as file:
        file.write("{" + ",\n".join(lines) + "}\n")
    print(f"{path}: {sum(len(cases) for cases in body.values())} cases", file=sys.stderr)
