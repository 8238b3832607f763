"""Rectified, shrinking, hard and quadratic activations to hundreds of digits.

    python3 tools/golden/activations-rectified.py

Needs mpmath; writes test/golden/activations-rectified.json. A kink belongs to the branch that PyTorch gives it to.
"""
import mpmath
from mpmath import mpf

from activation_table import always, left_of, pieces, smooth, write

SELF = lambda x: x


def constant(value):
    return lambda x: mpf(value) + 0 * x


def scaled(slope):
    return lambda x: mpf(slope) * x


def below(edge):
    """x < edge."""
    return lambda x: x < edge


def leaky(alpha):
    return pieces((left_of(0), scaled(alpha)), (always, SELF))


def held(low, high, inside=SELF, left=None, right=None):
    """Between two bounds, at which the slope is that of the constants."""
    left, right = (low if left is None else left), (high if right is None else right)
    return pieces((left_of(left), constant(low)), (below(right), inside), (always, constant(high)))


def srelu(tl, al, tr, ar):
    return pieces(
        (left_of(tl), lambda x: tl + mpf(al) * (x - tl)),
        (below(tr), SELF),
        (always, lambda x: tr + mpf(ar) * (x - tr)))


def shrink(threshold, bias):
    return pieces(
        (lambda x: x > threshold, lambda x: x - bias),
        (lambda x: x < -threshold, lambda x: x + bias),
        (always, constant(0)))


def apl(slope, hinge):
    relu = lambda x: pieces((left_of(0), constant(0)), (always, SELF))(x)
    return lambda x: lambda y: relu(x)(y) + mpf(slope) * relu(hinge - x)(hinge - y)


def smelu(beta):
    beta = mpf(beta)
    return pieces(
        (left_of(-beta), constant(0)),
        (below(beta), lambda x: (x + beta) ** 2 / (4 * beta)),
        (always, SELF))


def right_only(f, left=0):
    return pieces((left_of(0), constant(left)), (always, f))


TENT = pieces((left_of(-1), constant(0)), (lambda x: x < 0, lambda x: 1 + x), (left_of(0), constant(1)),
              (below(1), lambda x: 1 - x), (always, constant(0)))
HARD_SWISH = pieces((left_of(-3), constant(0)), (below(3), lambda x: x * (x + 3) / 6), (always, SELF))
HARD_MISH = pieces((left_of(-2), constant(0)), (below(0), lambda x: x * (x + 2) / 2), (always, SELF))
MEAN = -1 / mpmath.sqrt(2 * mpmath.pi)
ROOT_5 = mpf(0.8944271909999159), mpf(-0.4472135954999579)

if __name__ == "__main__":
    write("rectified", [
        ("identity", {}, smooth(SELF)),
        ("relu", {}, leaky(0), [0]),
        ("leakyRelu", {}, leaky(0.01), [0]),
        ("leakyRelu", {"alpha": 0.25}, leaky(0.25), [0]),
        ("absolute", {}, pieces((lambda x: x == 0, constant(0)), (left_of(0), scaled(-1)), (always, SELF)), [0]),
        ("prelu", {}, leaky(0.25), [0]),
        ("rrelu", {}, leaky((mpf(0.125) + mpf(1 / 3)) / 2), [0]),
        ("displacedRelu", {"delta": 0.5}, pieces((left_of(-0.5), constant(-0.5)), (always, SELF)), [-0.5]),
        ("flexibleRelu", {"bias": -0.5}, right_only(lambda x: x - 0.5, -0.5), [0]),
        ("logRelu", {}, right_only(mpmath.log1p), [0]),
        ("hardSigmoid", {}, held(0, 1, lambda x: x / 6 + 0.5, -3, 3), [-3, 3]),
        ("hardSigmoid", {"slope": 0.25}, held(0, 1, lambda x: x / 4 + 0.5, -2, 2), [-2, 2]),
        ("hardTanh", {}, held(-1, 1), [-1, 1]),
        ("sparseSigmoid", {}, held(0, 1, lambda x: (x + 1) / 2, -1, 1), [-1, 1]),
        ("binaryStep", {}, pieces((left_of(0), constant(0)), (always, constant(1))), [0]),
        ("sign", {}, pieces((lambda x: x == 0, constant(0)), (left_of(0), constant(-1)), (always, constant(1))), [0]),
        ("relu6", {}, held(0, 6), [0, 6]),
        ("clippedRelu", {}, held(0, 20), [0, 20]),
        ("tent", {}, TENT, [-1, 0, 1]),
        ("hardShrink", {}, shrink(0.5, 0), [-0.5, 0.5]),
        ("softShrink", {}, shrink(0.5, 0.5), [-0.5, 0.5]),
        ("shrink", {}, shrink(0.5, 0.25), [-0.5, 0.5]),
        ("threshold", {}, pieces((left_of(0.5), constant(0)), (always, SELF)), [0.5]),
        ("thresholdedRelu", {}, pieces((left_of(1), constant(0)), (always, SELF)), [1]),
        ("squaredRelu", {}, right_only(lambda x: x ** 2), [0]),
        ("starRelu", {}, right_only(lambda x: ROOT_5[0] * x ** 2 + ROOT_5[1], ROOT_5[1]), [0]),
        ("repu", {}, right_only(lambda x: x ** 3), [0]),
        ("sparsePlus", {}, smelu(1), [-1, 1]),
        ("smelu", {}, smelu(2), [-2, 2]),
        ("hardSwish", {}, HARD_SWISH, [-3, 3]),
        ("hardMish", {}, HARD_MISH, [-2, 0]),
        ("srelu", {}, srelu(-1, 0.25, 1, 0.25), [-1, 1]),
        ("apl", {}, apl(0.2, 0), [0]),
        ("apl", {"hinge": 1, "slope": 0.5}, apl(0.5, 1), [0, 1]),
    ])
