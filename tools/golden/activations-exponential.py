"""Exponential activations to hundreds of digits.

    python3 tools/golden/activations-exponential.py

Needs mpmath; writes test/golden/activations-exponential.json. 0 belongs to the left.
"""
import mpmath
from mpmath import mpf

from activation_table import always, left_of, pieces, write

# The constants of the library are float64 numbers, and so are these.
SELU_ALPHA, SELU_SCALE = mpf(1.6732632423543772), mpf(1.0507009873554805)


def elu(alpha=1, beta=1, slope=1, scale=1):
    """scale·slope·x on the right, scale·α(e^(βx) − 1) on the left."""
    alpha, beta, slope, scale = map(mpf, (alpha, beta, slope, scale))
    return pieces(
        (left_of(0), lambda x: scale * alpha * mpmath.expm1(beta * x)),
        (always, lambda x: scale * slope * x))


def isrlu(alpha):
    return pieces((left_of(0), lambda x: x / mpmath.sqrt(1 + alpha * x * x)), (always, lambda x: x))


if __name__ == "__main__":
    write("exponential", [
        ("elu", {}, elu(), [0]),
        ("elu", {"alpha": 0.5}, elu(alpha=0.5), [0]),
        ("selu", {}, elu(alpha=SELU_ALPHA, scale=SELU_SCALE), [0]),
        ("celu", {}, elu(), [0]),
        ("celu", {"alpha": 0.5}, elu(alpha=0.5, beta=2), [0]),
        ("pelu", {}, elu(), [0]),
        ("pelu", {"a": 0.5, "b": 2}, elu(alpha=0.5, beta=0.5, slope=0.25), [0]),
        ("mpelu", {}, elu(), [0]),
        ("mpelu", {"alpha": 0.5, "beta": 0.5}, elu(alpha=0.5, beta=0.5), [0]),
        ("isrlu", {}, isrlu(1), [0]),
        ("isrlu", {"alpha": 4}, isrlu(4), [0]),
    ])
