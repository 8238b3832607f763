"""The worked examples of the explainer, and expressions with their first and second derivatives, to 15 digits and more.

    python3 tools/golden/explain.py > test/golden/explain.json

Needs mpmath. Derivatives are numerical, by differences at 60 digits: nothing here knows the chain rule.
"""
import json
import platform

import mpmath
from mpmath import mp, mpf

mp.dps = 60


def partial(f, point, *names):
    """The derivative of f, a function of a dict, by the named values."""
    keys = list(dict.fromkeys(names))
    orders = tuple(names.count(key) for key in keys)
    at = tuple(point[key] for key in keys)
    return mpmath.diff(lambda *values: f({**point, **dict(zip(keys, values))}), at if len(at) > 1 else at[0], orders if len(at) > 1 else orders[0])


def number(x):
    return float(mpmath.nstr(x, 25))


def logistic(x):
    return 1 / (1 + mpmath.exp(-x))


# Two inputs, two hidden units, two outputs, one bias to a layer; the squared error halved.
NETWORK = {
    "x": ["0.05", "0.10"],
    "W1": [["0.15", "0.25"], ["0.20", "0.30"]],
    "b1": "0.35",
    "W2": [["0.40", "0.50"], ["0.45", "0.55"]],
    "b2": "0.60",
    "target": ["0.01", "0.99"],
}


def network(weights):
    def layer(inputs, name, bias):
        nets = [sum(inputs[i] * weights[f"{name}{i}{j}"] for i in range(2)) + mpf(NETWORK[bias]) for j in range(2)]
        return nets, [logistic(net) for net in nets]

    net1, hidden = layer([mpf(x) for x in NETWORK["x"]], "W1", "b1")
    net2, out = layer(hidden, "W2", "b2")
    error = sum((mpf(t) - o) ** 2 for t, o in zip(NETWORK["target"], out)) / 2
    return {"net1": net1, "hidden": hidden, "net2": net2, "out": out, "E": error}


def network_case():
    weights = {f"{name}{i}{j}": mpf(NETWORK[name][i][j]) for name in ("W1", "W2") for i in range(2) for j in range(2)}
    found = network(weights)
    slope = lambda name: [[number(partial(lambda w: network(w)["E"], weights, f"{name}{i}{j}")) for j in range(2)] for i in range(2)]
    return {
        **{key: [number(v) for v in value] for key, value in found.items() if key != "E"},
        "E": number(found["E"]),
        "gradient": {"W1": slope("W1"), "W2": slope("W2")},
    }


EXPRESSIONS = [
    ("1 / (exp(-(w*x + b)) + 1)", {"x": 1, "w": 0, "b": 0}),
    ("1 / (exp(-(w*x + b)) + 1)", {"x": 1.5, "w": -0.75, "b": 2}),
    ("-x^2 + 3*x - 1", {"x": -1.25}),
    ("2^-x^2", {"x": 0.75}),
    ("x*y / (x + y) - y/x/2", {"x": 3, "y": -0.5}),
    ("x^y", {"x": 1.5, "y": -2.5}),
    ("sin(2*pi*x) * exp(-x^2 / 2)", {"x": 0.3}),
    ("log(1 + exp(x)) - tanh(x/2)", {"x": 0.4}),
    ("sqrt(x^2 + y^2) + atan(y / x)", {"x": 1.25, "y": 0.5}),
    ("erf(x) * cos(y) - sinh(x*y)", {"x": 0.6, "y": 1.1}),
    ("x - (y - (x - (y - x^3)))", {"x": 0.5, "y": 2}),
    ("e^(x*y) + e**-y", {"x": 0.5, "y": 0.25}),
    ("((x + 1)^2)^3 / 1e2", {"x": 0.25}),
    ("asin(x) + acosine*x", {"x": 0.25, "acosine": 1.5}),
]

FUNCTIONS = {"exp": mpmath.exp, "log": mpmath.log, "sin": mpmath.sin, "cos": mpmath.cos, "sqrt": mpmath.sqrt, "tanh": mpmath.tanh,
             "atan": mpmath.atan, "erf": mpmath.erf, "sinh": mpmath.sinh, "asin": mpmath.asin, "pi": mp.pi, "e": mp.e}


def expression_case(text, point):
    # Python reads the expression itself: another parser than ours, with the same rules once ^ is **.
    code = compile(text.replace("^", "**"), text, "eval")
    exact = {name: mpf(value) for name, value in point.items()}
    f = lambda values: mpmath.mpmathify(eval(code, {"__builtins__": {}}, {**FUNCTIONS, **values}))
    return {
        "expression": text,
        "point": point,
        "value": number(f(exact)),
        "gradient": {name: number(partial(f, exact, name)) for name in point},
        "second": {a: {b: number(partial(f, exact, a, b)) for b in point} for a in point},
    }


print(json.dumps({
    "tool": f"mpmath {mpmath.__version__} at {mp.dps} digits, Python {platform.python_version()}",
    "command": "python3 tools/golden/explain.py > test/golden/explain.json",
    "network": network_case(),
    "expressions": [expression_case(text, point) for text, point in EXPRESSIONS],
}, indent=1))
