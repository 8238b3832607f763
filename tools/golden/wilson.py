"""Wilson's intervals of shares, by scipy.

Usage: python tools/golden/wilson.py > test/golden/wilson.json
"""
import json
import platform

import scipy
from scipy.stats import binomtest

PAIRS = [(0, 1), (1, 1), (0, 24), (0, 73), (0, 80), (3, 80), (24, 24), (19, 20), (57, 60), (135, 200), (68, 188), (229, 262), (1, 3), (500, 1000)]


def interval(hits, count):
    found = binomtest(hits, count).proportion_ci(confidence_level=0.95, method="wilson")
    return {"hits": hits, "count": count, "low": found.low, "high": found.high}


print(json.dumps({
    "tool": {"scipy": scipy.__version__, "python": platform.python_version()},
    "command": "python tools/golden/wilson.py > test/golden/wilson.json",
    "intervals": [interval(hits, count) for hits, count in PAIRS],
}, indent=1))
