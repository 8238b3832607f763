import assert from "node:assert/strict";
import { after, test } from "node:test";
import { binaryCrossEntropy, mse, softmaxCrossEntropy } from "../../src/nn/index.js";
import { type Optimizer, optimizers, type ScheduleDescription, schedule } from "../../src/optim/index.js";
import { interpreterRuntime } from "../../src/run/interpreter.js";
import { onnxRuntime, type Runtime } from "../../src/run/runtime.js";
import { compile, type Trainer, type TrainingBatch } from "../../src/train/index.js";
import { assertClose, numbersOf, readGolden, type Stored, type Tolerance } from "../golden/golden.js";
import { type ActivationName, firstParameters, labels, network, parameterValues, real, values, whole } from "./network.js";

const losses = { softmaxCrossEntropy, mse, binaryCrossEntropy } as const;

interface Case {
  readonly name: string;
  readonly optimizer: keyof typeof optimizers;
  readonly options: object;
  readonly schedule: ScheduleDescription | null;
  readonly widths: readonly number[];
  readonly activation: ActivationName;
  readonly loss: keyof typeof losses;
  readonly batch: number;
  readonly scale: number;
  readonly accumulate: number;
  readonly losses: readonly Stored[];
  /** Weight and bias of each layer: first elements, sum, sum of squares. */
  readonly parameters: readonly { readonly head: readonly Stored[]; readonly sum: Stored; readonly squares: Stored }[];
}

const { cases } = readGolden<{ readonly cases: readonly Case[] }>("training");

const native = onnxRuntime({ worker: false });
after(() => native.close());

function makeTrainer(given: Case, runtime: Runtime): Promise<Trainer> {
  const learningRate = given.schedule === null ? {} : { learningRate: schedule(given.schedule) };
  const optimizer = (optimizers[given.optimizer] as (options: object) => Optimizer)({ ...given.options, ...learningRate });
  const parameters = firstParameters(given.widths, given.scale);
  const { accumulate } = given;
  const model = network(given.widths, given.activation);
  return compile({ model, loss: losses[given.loss], optimizer, parameters, accumulate, runtime });
}

function batchOf({ widths, batch, loss }: Case, step: number): TrainingBatch {
  const outputs = widths[widths.length - 1];
  const inputs = real(values(batch * widths[0], 100 + step), batch, widths[0]);
  if (loss === "softmaxCrossEntropy") return { inputs, targets: whole(labels(batch, step, outputs), batch) };
  const data = loss === "mse" ? values(batch * outputs, 900 + step) : Float32Array.from(labels(batch * outputs, step, 2));
  return { inputs, targets: real(data, batch, outputs) };
}

async function follow(given: Case, runtime: Runtime, tolerance: Tolerance): Promise<void> {
  const trainer = await makeTrainer(given, runtime);
  const measured: number[] = [];
  for (let step = 0; step < given.losses.length; step++) measured.push(await trainer.step(batchOf(given, step)));
  assertClose(measured, numbersOf(given.losses), tolerance, "losses");
  const elements = await parameterValues(trainer);
  assert.equal(elements.length, given.parameters.length);
  given.parameters.forEach(({ head, sum, squares }, i) => {
    assertClose(elements[i].subarray(0, head.length), numbersOf(head), tolerance, `parameter ${i}`);
    const total = Array.from(elements[i]).reduce((all, value) => all + value, 0);
    const totalSquare = Array.from(elements[i]).reduce((all, value) => all + value * value, 0);
    // A sum may be small by cancellation: its error is that of its terms.
    const ofAll = { ...tolerance, absolute: tolerance.absolute * elements[i].length };
    assertClose([total, totalSquare], numbersOf([sum, squares]), ofAll, `sums of parameter ${i}`);
  });
  await trainer.dispose();
}

/** float64 rounding, gathered over twenty steps. */
const exact = { relative: 1e-10, absolute: 1e-12 };
/**
 * float32 rounding, 6e-8, gathered over twenty steps. Adam divides a gradient by its own size, so where a gradient is nearly 0
 * its rounding moves a parameter by a share of the rate: the absolute part.
 */
const single = { relative: 2e-5, absolute: 2e-5 };

for (const given of cases) {
  test(`twenty steps of ${given.name} are PyTorch's, in float64 to rounding`, () => follow(given, interpreterRuntime(), exact));
  test(`twenty steps of ${given.name} are PyTorch's, in float32 to rounding`, () => follow(given, native, single));
}
