"""PyTorch, eager, with its fastest stock settings: foreach or fused optimizer as `optimizer` says, no compiler unless asked."""

import torch
from child import serve


def prepare(problem, options):
    workload, layers, inputs, labels = problem
    torch.set_num_threads(int(options["threads"]))
    torch.set_num_interop_threads(1)
    activation = {"gelu": torch.nn.GELU, "tanh": torch.nn.Tanh}[workload["activation"]]
    modules = []
    for index, (w, b) in enumerate(layers):
        linear = torch.nn.Linear(*w.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(w.T.copy()))
            linear.bias.copy_(torch.from_numpy(b.copy()))
        modules += [linear] if index == len(layers) - 1 else [linear, activation()]
    model = torch.nn.Sequential(*modules)
    optimizer = make_optimizer(model.parameters(), workload["optimizer"], options.get("optimizer", "default"))
    xs = [torch.from_numpy(x.copy()) for x in inputs]
    ys = [torch.from_numpy(y.astype("int64")) for y in labels]
    criterion = torch.nn.CrossEntropyLoss()
    evaluate = lambda x, y: criterion(model(x), y)
    if options.get("compile") == "1":
        evaluate = torch.compile(evaluate)
    last = [None]

    def step(index):
        optimizer.zero_grad(set_to_none=True)
        loss = evaluate(xs[index], ys[index])
        loss.backward()
        optimizer.step()
        last[0] = loss

    return torch.__version__, step, lambda: None, lambda: last[0].item()


def make_optimizer(parameters, wanted, variant):
    extra = {} if variant == "default" else {"foreach": variant == "foreach", "fused": variant == "fused"}
    if wanted["kind"] == "sgd":
        return torch.optim.SGD(parameters, lr=wanted["learningRate"], **extra)
    return torch.optim.Adam(
        parameters, lr=wanted["learningRate"], betas=(wanted["beta1"], wanted["beta2"]), eps=wanted["epsilon"], **extra
    )


serve(prepare)
