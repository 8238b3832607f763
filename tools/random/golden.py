"""The generator once more, from the formula in docs/random.md and with Python's whole numbers, as values to test against.

    python3 tools/random/golden.py > test/random/fixtures/counter.json
"""
import json
import platform

WORD = 2**32
P, Q, COUNTER_STEP, LANE_STEP, ROUNDS = 0xB7E15163, 0x9E3779B9, 0x9E3779B1, 0x85EBCA6B, 5


def bits(key, counter, lane=0):
    start = (counter * COUNTER_STEP + key[0]) % WORD
    x = start
    for r in range(ROUNDS):
        y = x * (2 * x + 1) % WORD
        x = (y * 65536 + y // 65536 + key[(r + 1) % 2] + P + r * Q + (lane * LANE_STEP if r == 0 else 0)) % WORD
    return (x + start) % WORD


def fold(key, data):
    return [bits(key, data, 1), bits(key, data, 2)]


def key(seed):
    return fold([seed % WORD, seed // WORD % WORD], 0)


seeds = [0, 1, 7, -1, 2**32, 2**53 - 1, -(2**53 - 1), 2**64 - 1]
counters = [0, 1, 2, 65535, 65536, 2**31, 2**32 - 1]
print(json.dumps({
    "tool": f"Python {platform.python_version()}", "command": "python3 tools/random/golden.py",
    "counters": counters,
    "cases": [{
        "seed": str(seed), "key": key(seed), "fold3": fold(key(seed), 3), "bits": [bits(key(seed), c) for c in counters],
    } for seed in seeds],
}))
