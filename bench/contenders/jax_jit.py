"""JAX with the whole step under jit and the state donated, Adam written out (no optax needed)."""

import os

import numpy as np
from child import serve


def prepare(problem, options):
    workload, layers, inputs, labels = problem
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    import jax
    import jax.numpy as jnp

    activation = {"gelu": lambda z: jax.nn.gelu(z, approximate=False), "tanh": jnp.tanh}[workload["activation"]]
    wanted = workload["optimizer"]

    def loss_of(parameters, x, y):
        for w, b in parameters[:-1]:
            x = activation(x @ w + b)
        w, b = parameters[-1]
        logits = x @ w + b
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1))

    def sgd(state, x, y):
        parameters = state
        loss, gradient = jax.value_and_grad(loss_of)(parameters, x, y)
        rate = wanted["learningRate"]
        return jax.tree.map(lambda p, g: p - rate * g, parameters, gradient), loss

    def adam(state, x, y):
        parameters, m, v, t = state
        loss, gradient = jax.value_and_grad(loss_of)(parameters, x, y)
        b1, b2 = wanted["beta1"], wanted["beta2"]
        t = t + 1
        m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, gradient)
        v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, v, gradient)
        c1, c2 = 1 / (1 - b1**t), 1 / (1 - b2**t)
        move = lambda p, m, v: p - wanted["learningRate"] * (m * c1) / (jnp.sqrt(v * c2) + wanted["epsilon"])
        return (jax.tree.map(move, parameters, m, v), m, v, t), loss

    parameters = [(jnp.asarray(w), jnp.asarray(b)) for w, b in layers]
    zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
    is_adam = wanted["kind"] == "adam"
    state = [(parameters, zeros(), zeros(), jnp.float32(0)) if is_adam else parameters]
    train = jax.jit(adam if is_adam else sgd, donate_argnums=0)
    xs, ys = [jnp.asarray(x) for x in inputs], [jnp.asarray(y) for y in labels]
    train = train.lower(state[0], xs[0], ys[0]).compile()
    last = [None]

    def step(index):
        state[0], last[0] = train(state[0], xs[index], ys[index])

    return jax.__version__, step, lambda: jax.block_until_ready(state[0]), lambda: float(np.asarray(last[0]))


serve(prepare)
