"""Writes and reads safetensors files with the reference package, to test ours against.

    python3 tools/interop/reference_safetensors.py write test/interop/fixtures/reference.safetensors
    python3 tools/interop/reference_safetensors.py read FILE          # prints what the package finds in a file of ours
"""
import json
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

if sys.argv[1] == "write":
    save_file({
        "layer.0.weight": np.array([[1.5, -2.25, 3e-38], [np.float32(0.1), np.inf, -0.0]], dtype=np.float32),
        "layer.0.bias": np.array([1e300, -1e-300], dtype=np.float64),
        "step": np.array(7, dtype=np.int32),
        "key": np.array([2**32 - 1, 0], dtype=np.uint32),
        "ids": np.array([-(2**63), 2**63 - 1, 0], dtype=np.int64),
        "mask": np.array([True, False, True]),
        "bytes": np.array([0, 255], dtype=np.uint8),
        "empty": np.zeros((0, 3), dtype=np.float32),
        "größe": np.array([[[4]]], dtype=np.int32),
    }, sys.argv[2], metadata={"format": "np", "note": 'a "quoted" ünicode line\n'})
else:
    with safe_open(sys.argv[2], framework="numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        print(json.dumps({
            "metadata": file.metadata(),
            "tensors": {n: [str(t.dtype), list(t.shape), t.tobytes().hex()] for n, t in sorted(tensors.items())},
        }))
