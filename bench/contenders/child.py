"""The process of one Python contender: reads one JSON command a line, answers with one JSON line. Protocol: harness/child.ts."""

import json
import os
import sys
import time

import numpy as np


def read_problem(folder):
    """The workload's description, layers [(w (in out), b (out))], inputs (batches batch in), labels (batches batch)."""
    with open(os.path.join(folder, "workload.json")) as file:
        workload = json.load(file)
    weights = np.fromfile(os.path.join(folder, "weights.bin"), dtype="<f4")
    widths, batch, batches = workload["widths"], workload["batch"], workload["batches"]
    layers, offset = [], 0
    for fan_in, fan_out in zip(widths, widths[1:]):
        w = weights[offset : offset + fan_in * fan_out].reshape(fan_in, fan_out)
        offset += fan_in * fan_out
        layers.append((w, weights[offset : offset + fan_out]))
        offset += fan_out
    inputs = np.fromfile(os.path.join(folder, "inputs.bin"), dtype="<f4").reshape(batches, batch, widths[0])
    labels = np.fromfile(os.path.join(folder, "labels.bin"), dtype="<i4").reshape(batches, batch)
    return workload, layers, inputs, labels


def serve(prepare):
    """`prepare(problem, options)` returns (version, step(index), settle(), loss()); step index says which batch."""
    folder, options = sys.argv[1], json.loads(sys.argv[2])
    problem = read_problem(folder)
    batches = problem[0]["batches"]
    start = time.perf_counter()
    version, step, settle, loss = prepare(problem, options)
    answer(version=version, prepareMs=(time.perf_counter() - start) * 1000)
    count = 0
    for line in sys.stdin:
        command = json.loads(line)
        if "losses" in command:
            values = []
            for _ in range(command["losses"]):
                step(count % batches)
                values.append(loss())
                count += 1
            answer(losses=values)
            continue
        cpu, start = time.process_time(), time.perf_counter()
        for _ in range(command["steps"]):
            step(count % batches)
            count += 1
        settle()
        ms = (time.perf_counter() - start) * 1000
        answer(ms=ms, cpuMs=(time.process_time() - cpu) * 1000, loss=loss())


def answer(**message):
    print(json.dumps(message), flush=True)
