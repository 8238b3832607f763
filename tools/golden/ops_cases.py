"""The operations and the points at which PyTorch and JAX are asked; read by ops.py."""
import jax
import jax.numpy as jnp
import jax.scipy.special as jsp
import jax.scipy.stats
import numpy as np
import torch
import torch.nn.functional as F

table = []
I = lambda i: {"input": i}  # noqa: E731
inf, nan = np.inf, np.nan
EXTREMES = [0.0, 1e-30, -1e-30, 1e-8, 1.0, -1.0, 30.0, -30.0, 100.0, -100.0, 1e4, -1e4, 3e38, -3e38, inf, -inf, nan]


def case(name, inputs, torch_function, jax_function, *options, call=None, args=None, pick=None):
    """`name` may carry a remark after a colon; what stands before it is the operation unless `call` says another."""
    table.append(
        dict(
            name=name,
            call=call or name.split(":")[0],
            inputs=inputs,
            torch=torch_function,
            jax=jax_function,
            options=list(options),
            args=args,
            pick=pick,
        )
    )


def draw(shape, seed, low=-2.0, high=2.0):
    """Three decimals, so that the file stays short; no two alike in small tensors."""
    return np.round(np.random.default_rng(seed).uniform(low, high, shape), 3)


def whole(shape, seed, low, high):
    return np.random.default_rng(seed).integers(low, high, shape).astype(np.int32)


# Functions of one number: everywhere they are defined, and at the ends of the line.
ordinary = np.array([-2.5, -1.3, -0.7, -0.4, -0.05, 0.02, 0.3, 0.6, 0.9, 1.7, 2.2])
positive = np.array([0.05, 0.3, 0.9, 1.0, 1.7, 30.0, 1e4, 1e-30, 3e38, inf, nan, 0.0, -1.0])
inside = np.array([-0.9, -0.4, -1e-9, 0.3, 0.75, 1e-30, nan])
unary = [
    ("exp", torch.exp, jnp.exp, None),
    ("expm1", torch.expm1, jnp.expm1, None),
    ("log", torch.log, jnp.log, positive),
    ("log1p", torch.log1p, jnp.log1p, np.append(positive, [-0.4, -0.9, 1e-12])),
    ("sqrt", torch.sqrt, jnp.sqrt, positive),
    ("rsqrt", torch.rsqrt, jax.lax.rsqrt, positive),
    ("reciprocal", torch.reciprocal, lambda x: 1 / x, np.array([0.5, -3.0, 1e-30, 1e30, inf, -inf, nan, 0.0])),
    ("sin", torch.sin, jnp.sin, np.array([-30.0, -2.0, 0.0, 1e-30, 0.5, 3.0, 100.0, nan])),
    ("cos", torch.cos, jnp.cos, np.array([-30.0, -2.0, 0.0, 1e-30, 0.5, 3.0, 100.0, nan])),
    ("tan", torch.tan, jnp.tan, np.array([-1.3, -0.5, 0.0, 1e-30, 0.7, 2.0, nan])),
    ("atan", torch.atan, jnp.arctan, None),
    ("tanh", torch.tanh, jnp.tanh, None),
    ("sigmoid", torch.sigmoid, jax.nn.sigmoid, None),
    ("erf", torch.erf, jsp.erf, None),
    ("erfc", torch.erfc, jsp.erfc, None),
    ("relu", torch.relu, jax.nn.relu, None),
    ("abs", torch.abs, jnp.abs, None),
    ("sign", torch.sign, jnp.sign, None),
    ("floor", torch.floor, jnp.floor, None),
    ("ceil", torch.ceil, jnp.ceil, None),
    ("round", torch.round, jnp.round, np.array([0.5, 1.5, 2.5, -0.5, -1.5, 0.49999999999999994, 7.2, -7.8, inf, nan])),
    ("neg", torch.neg, jnp.negative, None),
    ("square", torch.square, jnp.square, None),
    ("softplus", lambda x: torch.logaddexp(x, torch.zeros_like(x)), jax.nn.softplus, None),
    ("logSigmoid", F.logsigmoid, jax.nn.log_sigmoid, None),
    ("normalCdf", torch.special.ndtr, jsp.ndtr, None),
    ("normalPdf", lambda x: torch.exp(torch.distributions.Normal(0.0, 1.0, validate_args=False).log_prob(x)), jax.scipy.stats.norm.pdf, None),
    ("sinh", torch.sinh, jnp.sinh, np.array([-30.0, -2.0, -0.3, 0.0, 1e-30, 1e-9, 0.5, 3.0, 100.0, inf, -inf, nan])),
    ("cosh", torch.cosh, jnp.cosh, np.array([-30.0, -2.0, -0.3, 0.0, 1e-30, 1e-9, 0.5, 3.0, 100.0, inf, -inf, nan])),
    ("asin", torch.asin, jnp.arcsin, inside),
    ("acos", torch.acos, jnp.arccos, inside),
    ("atanh", torch.atanh, jnp.arctanh, inside),
]
for name, in_torch, in_jax, points in unary:
    if points is None:
        case(name, [ordinary], in_torch, in_jax)
        case(f"{name}: extremes", [np.array(EXTREMES)], in_torch, in_jax)
    else:
        case(name, [points], in_torch, in_jax)

# Functions of two: ordinary, broadcast, and where something ties or is not finite.
left, right = draw((2, 3), 1), draw((2, 3), 2)
for name, in_torch, in_jax in [
    ("add", torch.add, jnp.add),
    ("sub", torch.sub, jnp.subtract),
    ("mul", torch.mul, jnp.multiply),
    ("div", torch.div, jnp.divide),
    ("maximum", torch.maximum, jnp.maximum),
    ("minimum", torch.minimum, jnp.minimum),
]:
    case(name, [left, right], in_torch, in_jax)
    case(f"{name}: broadcast", [draw((2, 1, 3), 3), draw((4, 1), 4)], in_torch, in_jax)
    case(f"{name}: one number", [draw((2, 2), 5), np.array(1.5)], in_torch, in_jax)
    if name != "div":
        case(f"{name}: extremes", [np.array([0.0, 1e30, inf, inf, nan, 2.0, 3e38]), np.array([0.0, 1e30, 1.0, -inf, 1.0, nan, -3e38])], in_torch, in_jax)
case("maximum: ties", [np.array([1.0, 2.0, -0.5]), np.array([1.0, 2.0, 3.0])], torch.maximum, jnp.maximum)
case("minimum: ties", [np.array([1.0, 2.0, -0.5]), np.array([1.0, 2.0, 3.0])], torch.minimum, jnp.minimum)
case("div: extremes", [np.array([1.0, 0.0, 1e300, 1.0, nan]), np.array([3.0, 2.0, 1e-3, inf, 1.0])], torch.div, jnp.divide)
case("power", [draw((2, 3), 6, 0.2, 2), draw((2, 3), 7)], torch.pow, jnp.power)
case("power: special", [np.array([0.0, 2.0, 0.0, 1.0, 10.0]), np.array([2.0, 0.0, 1.0, 5.0, -40.0])], torch.pow, jnp.power)
for exponent in [2, 3, 5, 8, -1, -3, 0.5, -0.5, 1.7]:
    case(f"pow: {exponent}", [np.array([0.3, 1.0, 2.5])], lambda x, e=exponent: x**e, lambda x, e=exponent: x**e, exponent)
case("pow: whole exponent of a negative number", [np.array([-1.5, -0.2, 0.0, 0.7])], lambda x: x**3, lambda x: x**3, 3)
case("mod", [np.array([5.5, -5.5, 5.5, -5.5, 0.0]), np.array([3.0, 3.0, -3.0, -3.0, 2.0])], torch.remainder, jnp.mod)
numbers = [np.array([7, -7, 7, -7, 6, 0], dtype=np.int32), np.array([3, 3, -3, -3, 3, 5], dtype=np.int32)]
case("div: whole numbers", numbers, lambda x, y: torch.div(x, y, rounding_mode="trunc"), jax.lax.div)
case("mod: whole numbers", numbers, torch.remainder, jnp.mod)
big = [np.array([2147483647, -2147483648, 65537], dtype=np.int32), np.array([2, -1, 65537], dtype=np.int32)]
for name, in_torch, in_jax in [("add", torch.add, jnp.add), ("sub", torch.sub, jnp.subtract), ("mul", torch.mul, jnp.multiply)]:
    case(f"{name}: whole numbers wrap", big, in_torch, in_jax)
case("clip", [np.array([-3.0, -0.5, 0.2, 0.9, 7.0])], lambda x: x.clamp(-1, 0.5), lambda x: jnp.clip(x, -1, 0.5), -1, 0.5)
case("clip: on the bounds", [np.array([-1.0, 0.5, inf, -inf, nan])], lambda x: x.clamp(-1, 0.5), lambda x: jnp.clip(x, -1, 0.5), -1, 0.5)
chosen = np.array([True, False, True])
case("where", [chosen, draw(3, 8), draw(3, 9)], torch.where, jnp.where)
case("where: broadcast", [chosen, draw((2, 3), 10), np.array(-4.0)], torch.where, jnp.where)
compared = [np.array([0.0, 1.0, inf, -inf, nan, nan, 2.0]), np.array([-0.0, 2.0, inf, inf, nan, 1.0, 1.0])]
for name, in_torch, in_jax in [
    ("equal", torch.eq, jnp.equal),
    ("notEqual", torch.ne, jnp.not_equal),
    ("greater", torch.gt, jnp.greater),
    ("greaterEqual", torch.ge, jnp.greater_equal),
    ("less", torch.lt, jnp.less),
    ("lessEqual", torch.le, jnp.less_equal),
]:
    case(name, compared, in_torch, in_jax)
truth = [np.array([True, True, False, False]), np.array([True, False, True, False])]
case("logicalAnd", truth, torch.logical_and, jnp.logical_and)
case("logicalOr", truth, torch.logical_or, jnp.logical_or)
case("logicalXor", truth, torch.logical_xor, jnp.logical_xor)
case("logicalNot", truth[:1], torch.logical_not, jnp.logical_not)
case("cast: to whole numbers", [np.array([1.9, -1.9, 0.0, 7.0])], lambda x: x.int(), lambda x: x.astype(jnp.int32), "int32", call="cast")

# Shapes.
cube = draw((2, 3, 4), 11)
case("reshape", [cube], lambda x: x.reshape(4, 6), lambda x: x.reshape(4, 6), [4, 6])
case("permute", [cube], lambda x: x.permute(2, 0, 1), lambda x: jnp.transpose(x, (2, 0, 1)), [2, 0, 1])
case("broadcastTo", [draw((3, 1), 12)], lambda x: x.expand(2, 3, 4), lambda x: jnp.broadcast_to(x, (2, 3, 4)), [2, 3, 4])
case("slice", [cube], lambda x: x[1, 0:2, 1::2], lambda x: x[1, 0:2, 1::2], 1, [0, 2], [1, None, 2])
case("slice: from the end", [cube], lambda x: x[:, -1], lambda x: x[:, -1], None, -1)
case("pad", [draw((2, 3), 13)], lambda x: F.pad(x, (0, 2, 1, 0)), lambda x: jnp.pad(x, ((1, 0), (0, 2))), {"low": [1, 0], "high": [0, 2]})
case("pad: between", [draw((3, 2), 14)], None, lambda x: jax.lax.pad(x, 0.0, ((0, 1, 2), (2, 0, 1))), {"low": [0, 2], "high": [1, 0], "interior": [2, 1]})
case("flip", [cube], lambda x: x.flip(0, 2), lambda x: jnp.flip(x, (0, 2)), [0, 2])
parts = [draw((2, 3), 15), draw((2, 1), 16), draw((2, 2), 17)]
case("concat", parts, lambda *x: torch.cat(x, 1), lambda *x: jnp.concatenate(x, 1), args=[[I(0), I(1), I(2)], 1])
case("stack", parts[:1] * 2, lambda *x: torch.stack(x, 1), lambda *x: jnp.stack(x, 1), args=[[I(0), I(1)], 1])
case("split", [cube], lambda x: torch.split(x, [1, 3], 2)[1], lambda x: jnp.split(x, [1], 2)[1], [1, 3], 2, pick=1)

case("stopGradient", [draw(3, 18)], None, jax.lax.stop_gradient)

# Reductions, with ties and zeros where they matter.
tied = np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0], [-1.0, 0.0, -5.0]])
for name, in_torch, in_jax in [
    ("sum", torch.sum, jnp.sum),
    ("mean", torch.mean, jnp.mean),
    ("max", torch.amax, jnp.max),
    ("min", torch.amin, jnp.min),
    ("logsumexp", torch.logsumexp, jsp.logsumexp),
    ("norm", lambda x, dim: torch.linalg.vector_norm(x, dim=dim), lambda x, axis: jnp.linalg.norm(x, axis=axis)),
    ("variance", lambda x, dim: torch.var(x, dim, correction=0), jnp.var),
]:
    case(f"{name}: an axis", [cube], lambda x, f=in_torch: f(x, dim=1), lambda x, f=in_jax: f(x, axis=1), {"axes": 1})
    case(f"{name}: two axes", [cube], lambda x, f=in_torch: f(x, dim=(0, 2)), lambda x, f=in_jax: f(x, axis=(0, 2)), {"axes": [0, 2]})
    case(f"{name}: ties", [tied], lambda x, f=in_torch: f(x, dim=1), lambda x, f=in_jax: f(x, axis=1), {"axes": -1})
case("sum: kept axes", [cube], lambda x: x.sum((0, 2), keepdim=True), lambda x: x.sum((0, 2), keepdims=True), {"axes": [0, 2], "keepAxes": True})
case("sum: everything", [cube], torch.sum, jnp.sum)
case("variance: sample", [cube], lambda x: torch.var(x, 2), lambda x: jnp.var(x, 2, ddof=1), {"axes": 2, "correction": 1})
case("logsumexp: extremes", [np.array([[1e4, -1e4, 0.0], [-inf, 1.0, 2.0], [-1e4, -1e4, -1e4], [nan, 0.0, 1.0]])], lambda x: torch.logsumexp(x, 1), lambda x: jsp.logsumexp(x, 1), {"axes": 1})
case("norm: origin", [np.zeros((2, 3))], lambda x: torch.linalg.vector_norm(x, dim=1), lambda x: jnp.linalg.norm(x, axis=1), {"axes": 1})
case("product", [draw((2, 3), 19)], lambda x: x.prod(1), lambda x: jnp.prod(x, 1), {"axes": 1})
case("product: zeros", [np.array([[2.0, 0.0, 3.0, 5.0], [0.0, 1.0, 0.0, 4.0], [1.0, 2.0, 3.0, 4.0]])], lambda x: x.prod(1), lambda x: jnp.prod(x, 1), {"axes": 1})
case("argmax", [tied], lambda x: x.argmax(1), lambda x: jnp.argmax(x, 1), 1)
case("any", [np.array([[True, False], [False, False]])], lambda x: x.any(1), lambda x: jnp.any(x, 1), {"axes": 1})
case("all", [np.array([[True, False], [True, True]])], lambda x: x.all(1), lambda x: jnp.all(x, 1), {"axes": 1})
scores = np.array([[1e4, -1e4, 0.0], [1.0, 2.0, -inf], [0.3, 0.1, -0.2]])
for name, in_torch, in_jax in [("softmax", torch.softmax, jax.nn.softmax), ("logSoftmax", torch.log_softmax, jax.nn.log_softmax)]:
    case(name, [cube], lambda x, f=in_torch: f(x, -1), lambda x, f=in_jax: f(x, -1))
    case(f"{name}: another axis", [cube], lambda x, f=in_torch: f(x, 1), lambda x, f=in_jax: f(x, 1), 1)
    case(f"{name}: extremes", [scores], lambda x, f=in_torch: f(x, -1), lambda x, f=in_jax: f(x, -1))
case("cumulativeSum", [cube], lambda x: x.cumsum(1), lambda x: jnp.cumsum(x, 1), 1)
case("cumulativeSum: reverse", [cube], lambda x: x.flip(2).cumsum(2).flip(2), lambda x: jax.lax.cumsum(x, 2, reverse=True), 2, {"reverse": True})
case("cumulativeSum: exclusive", [draw(5, 20)], lambda x: x.cumsum(0) - x, lambda x: jnp.cumsum(x) - x, 0, {"exclusive": True})

# Products.
a, b = draw((2, 3), 21), draw((3, 4), 22)
case("matmul", [a, b], torch.matmul, jnp.matmul)
case("matmul: left turned", [a.T.copy(), b], lambda x, y: x.T @ y, lambda x, y: x.T @ y, {"transposeA": True})
case("matmul: right turned", [a, b.T.copy()], lambda x, y: x @ y.T, lambda x, y: x @ y.T, {"transposeB": True})
case("matmul: both turned", [a.T.copy(), b.T.copy()], lambda x, y: x.T @ y.T, lambda x, y: x.T @ y.T, {"transposeA": True, "transposeB": True})
case("matmul: batch", [draw((2, 1, 2, 3), 23), draw((4, 3, 2), 24)], torch.matmul, jnp.matmul)
case("matmul: one right side", [draw((2, 2, 3), 25), b], torch.matmul, jnp.matmul)
case("matmul: vectors", [draw(3, 26), draw(3, 27)], torch.matmul, jnp.matmul)
case("matmul: row", [draw(3, 28), b], torch.matmul, jnp.matmul)
case("matmul: column", [a, draw(3, 29)], torch.matmul, jnp.matmul)
for formula, shapes in [
    ("ij,jk->ik", [(2, 3), (3, 2)]),
    ("bik,bkj->bij", [(2, 2, 3), (2, 3, 2)]),
    ("ii->i", [(3, 3)]),
    ("ii", [(3, 3)]),
    ("ij->ji", [(2, 3)]),
    ("i,j->ij", [(2,), (3,)]),
    ("ij,ij->", [(2, 3), (2, 3)]),
    ("bqhd,bkhd->bhqk", [(1, 2, 2, 3), (1, 3, 2, 3)]),
    ("ij,jk,kl->il", [(2, 3), (3, 2), (2, 2)]),
    ("ijk->k", [(2, 2, 3)]),
]:
    operands = [draw(shape, 30 + i) for i, shape in enumerate(shapes)]
    args = [formula] + [I(i) for i in range(len(shapes))]
    case(f"einsum: {formula}", operands, lambda *x, f=formula: torch.einsum(f, *x), lambda *x, f=formula: jnp.einsum(f, *x), args=args)

# Picking and placing.
rows = np.array([[2, 0], [3, 2]], dtype=np.int32)
case("gather", [draw((4, 3), 40), rows], lambda x, i: x[i.long()], lambda x, i: x[i])
case("gather: from the end", [draw(4, 41), np.array([-1, 0, -4], dtype=np.int32)], lambda x, i: x[i.long()], lambda x, i: x[i])
case("take", [draw((2, 4), 42), np.array([3, 0, 3], dtype=np.int32)], lambda x, i: x[:, i.long()], lambda x, i: jnp.take(x, i, axis=1), 1)
case("scatterAdd", [np.array([2, 0, 2], dtype=np.int32), draw((3, 2), 43)], lambda i, u: torch.zeros(4, 2).index_add(0, i.long(), u), lambda i, u: jnp.zeros((4, 2)).at[i].add(u), 4)
picks = np.array([[3, 0], [1, 1], [0, 2]], dtype=np.int32)
case("takeAlongAxis", [draw((3, 4), 44), picks], lambda x, i: x.gather(1, i.long()), lambda x, i: jnp.take_along_axis(x, i, 1), 1)
case("addAlongAxis", [picks, draw((3, 2), 45)], lambda i, u: torch.zeros(3, 4).scatter_add(1, i.long(), u), lambda i, u: jnp.zeros((3, 4)).at[jnp.arange(3)[:, None], i].add(u), 4, 1)
unsorted = draw((3, 5), 46)
case("sort", [unsorted], lambda x: torch.sort(x).values, jnp.sort)
case("sort: down another axis", [unsorted], lambda x: torch.sort(x, 0, descending=True).values, lambda x: -jnp.sort(-x, 0), 0, {"descending": True})
case("argsort: ties", [tied], lambda x: torch.argsort(x, stable=True), jnp.argsort, call="argsort")
case("topK: values", [unsorted], lambda x: torch.topk(x, 2).values, lambda x: jax.lax.top_k(x, 2)[0], 2, pick="values")
case("topK: positions", [unsorted], lambda x: torch.topk(x, 2).indices, lambda x: jax.lax.top_k(x, 2)[1], 2, pick="indices")
case("topK: smallest of an axis", [unsorted], lambda x: torch.topk(x, 2, dim=0, largest=False).values, lambda x: -jax.lax.top_k(-x.T, 2)[0].T, 2, {"axis": 0, "largest": False}, pick="values")
case("oneHot", [np.array([[2, 0], [1, 3]], dtype=np.int32)], lambda i: F.one_hot(i.long(), 4).double(), lambda i: jax.nn.one_hot(i, 4, dtype=jnp.float64), 4)
case("iota", [], lambda: torch.arange(5, dtype=torch.int32), lambda: jnp.arange(5, dtype=jnp.int32), 5)

# Windows over images: convolution and its transpose, pooling, and images made longer. PyTorch alone: one definition for all options.
def conv(x, w, **options):
    return {3: F.conv1d, 4: F.conv2d, 5: F.conv3d}[w.ndim](x, w, **options)


def conv_transpose(x, w, **options):
    return {3: F.conv_transpose1d, 4: F.conv_transpose2d, 5: F.conv_transpose3d}[w.ndim](x, w, **options)


def padded(x, low_high, value=0.0):
    """Unequal padding, which PyTorch's own operations lack; last axis first."""
    return F.pad(x, low_high, value=value)


for name, x, w, in_torch, options in [
    ("1d", (2, 3, 7), (4, 3, 3), {}, {}),
    ("1d same", (2, 2, 6), (3, 2, 4), {"padding": "same"}, {"padding": "same"}),
    ("2d", (2, 2, 5, 4), (3, 2, 3, 2), {}, {"padding": "valid"}),
    ("2d strides and padding", (1, 2, 6, 7), (2, 2, 3, 3), {"stride": (2, 3), "padding": (1, 2)}, {"stride": [2, 3], "padding": [1, 2]}),
    ("2d dilation", (1, 2, 7, 6), (2, 2, 2, 3), {"dilation": (3, 2), "padding": 1}, {"dilation": [3, 2], "padding": 1}),
    ("2d same and dilation", (1, 1, 5, 6), (2, 1, 3, 2), {"dilation": 2, "padding": "same"}, {"dilation": 2, "padding": "same"}),
    ("2d groups", (2, 4, 4, 4), (6, 2, 3, 3), {"groups": 2, "padding": 1}, {"groups": 2, "padding": 1}),
    ("2d depthwise", (2, 3, 5, 5), (6, 1, 3, 3), {"groups": 3, "stride": 2, "padding": 1}, {"groups": 3, "stride": 2, "padding": 1}),
    ("2d by one", (2, 3, 3, 2), (2, 3, 1, 1), {}, {}),
    ("3d", (1, 2, 4, 3, 4), (2, 2, 2, 2, 3), {"stride": (2, 1, 1), "padding": (1, 0, 1)}, {"stride": [2, 1, 1], "padding": [1, 0, 1]}),
]:
    case(f"conv: {name}", [draw(x, 60), draw(w, 61)], lambda x, w, o=in_torch: conv(x, w, **o), None, options)
case("conv: unequal padding", [draw((1, 2, 4, 5), 62), draw((2, 2, 3, 3), 63)], lambda x, w: F.conv2d(padded(x, (0, 2, 1, 0)), w), None, {"padding": [[1, 0], [0, 2]]})

for name, x, w, in_torch, options in [
    ("1d", (2, 3, 4), (3, 2, 3), {"stride": 2}, {"stride": 2}),
    ("2d", (1, 2, 3, 3), (2, 3, 3, 2), {}, {}),
    ("2d strides and padding", (2, 2, 3, 4), (2, 2, 3, 3), {"stride": (2, 3), "padding": (1, 0)}, {"stride": [2, 3], "padding": [1, 0]}),
    ("2d output padding", (1, 2, 3, 3), (2, 2, 3, 3), {"stride": 2, "padding": 1, "output_padding": 1}, {"stride": 2, "padding": 1, "outputPadding": 1}),
    ("2d groups and dilation", (1, 4, 3, 3), (4, 2, 2, 2), {"groups": 2, "dilation": 2}, {"groups": 2, "dilation": 2}),
    ("3d", (1, 2, 2, 3, 2), (2, 2, 2, 2, 2), {"stride": (1, 2, 2), "padding": (0, 1, 0)}, {"stride": [1, 2, 2], "padding": [0, 1, 0]}),
]:
    case(f"convTranspose: {name}", [draw(x, 64), draw(w, 65)], lambda x, w, o=in_torch: conv_transpose(x, w, **o), None, options)

ties = np.array([[[[1.0, 1.0, 0.0, 2.0], [1.0, 0.0, 2.0, 2.0], [3.0, -1.0, -1.0, -1.0], [3.0, 3.0, -1.0, -1.0]]]])
pools = {3: (F.max_pool1d, F.avg_pool1d), 4: (F.max_pool2d, F.avg_pool2d), 5: (F.max_pool3d, F.avg_pool3d)}
for name, x, size, in_torch, options in [
    ("1d", draw((2, 2, 7), 66), 2, {}, []),
    ("2d", draw((2, 2, 6, 4), 67), 2, {}, []),
    ("2d elements left over", draw((1, 2, 5, 7), 68), [2, 3], {}, []),
    ("2d overlapping", draw((1, 2, 7, 6), 69), 3, {"stride": 2, "padding": 1}, [{"stride": 2, "padding": 1}]),
    ("2d moving by one", draw((1, 1, 4, 5), 70), [3, 2], {"stride": 1}, [{"stride": 1}]),
    ("2d ties", ties, 2, {}, []),
    ("2d overlapping ties", ties, 3, {"stride": 1, "padding": 1}, [{"stride": 1, "padding": 1}]),
    ("3d", draw((1, 2, 4, 2, 5), 71), 2, {}, []),
]:
    largest, average = pools[x.ndim]
    case(f"maxPool: {name}", [x], lambda x, f=largest, s=size, o=in_torch: f(x, s, **o), None, size, *options)
    case(f"averagePool: {name}", [x], lambda x, f=average, s=size, o=in_torch: f(x, s, **o), None, size, *options)
case("maxPool: dilation", [draw((1, 1, 6, 7), 72)], lambda x: F.max_pool2d(x, 2, stride=1, dilation=(2, 3)), None, 2, {"stride": 1, "dilation": [2, 3]})
case("averagePool: padding not counted", [draw((1, 2, 5, 4), 73)], lambda x: F.avg_pool2d(x, 3, stride=2, padding=1, count_include_pad=False), None, 3, {"stride": 2, "padding": 1, "countPadding": False})
for name, x, size in [("divides", (1, 2, 6, 4), [3, 2]), ("does not divide", (2, 1, 5, 7), [3, 4]), ("to one", (1, 2, 3, 4), 1), ("longer than the input", (1, 1, 3, 2), 4)]:
    case(f"adaptiveAveragePool: {name}", [draw(x, 74)], lambda x, s=size: F.adaptive_avg_pool2d(x, s), None, size)
    case(f"adaptiveMaxPool: {name}", [draw(x, 75)], lambda x, s=size: F.adaptive_max_pool2d(x, s), None, size)
for name, x, in_torch, options in [
    ("nearest", (1, 2, 2, 3), {"scale_factor": 2}, {"scale": 2}),
    ("nearest 1d to a size", (1, 1, 5), {"size": 7}, {"size": 7}),
    ("nearest, shorter", (1, 1, 5, 4), {"size": (3, 2)}, {"size": [3, 2]}),
    ("bilinear", (1, 2, 3, 2), {"scale_factor": (2, 3), "mode": "bilinear"}, {"scale": [2, 3], "mode": "linear"}),
    ("bilinear to a size", (1, 1, 3, 5), {"size": (5, 4), "mode": "bilinear"}, {"size": [5, 4], "mode": "linear"}),
    ("bilinear with corners", (1, 1, 3, 4), {"size": (5, 1), "mode": "bilinear", "align_corners": True}, {"size": [5, 1], "mode": "linear", "alignCorners": True}),
    ("trilinear", (1, 1, 2, 2, 3), {"scale_factor": 2, "mode": "trilinear"}, {"scale": 2, "mode": "linear"}),
]:
    case(f"upsample: {name}", [draw(x, 75)], lambda x, o=in_torch: F.interpolate(x, **o), None, options)
