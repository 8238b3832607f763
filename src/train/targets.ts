import type { Values } from "../data/columns.js";
import { fault } from "../ir/fault.js";
import type { Shape } from "../ir/shape.js";
import type { TargetKind } from "../nn/losses/loss.js";
import type { TrainingLoss } from "./step.js";

/** What a kind of targets must be for the loss to mean anything. A graph cannot refuse a value, so this is checked before it. */
interface TargetCheck {
  readonly kind: TargetKind;
  /** Whether the targets are of this kind, where a loss takes several. */
  fits(targets: Values, predictions: Shape): boolean;
  holds(value: number, predictions: Shape): boolean;
  problem(value: number): string;
  expected(predictions: Shape): string;
  readonly fix: string;
}

const outputsOf = (predictions: Shape): number => predictions[predictions.length - 1] ?? 0;

const checks: readonly TargetCheck[] = [
  {
    kind: "labels",
    fits: ({ dtype, shape }, predictions) => (dtype === "int32" || dtype === "uint32") && shape.length === predictions.length - 1,
    holds: (value, predictions) => value >= 0 && value < outputsOf(predictions),
    problem: (value) => `has label ${value}, which is out of range`,
    expected: (predictions) => `0 to ${outputsOf(predictions) - 1}, for a model with ${outputsOf(predictions)} outputs`,
    fix: "count classes from 0, and give the last layer one output for each",
  },
  {
    kind: "probabilities",
    fits: () => true,
    holds: (value) => value >= 0 && value <= 1,
    problem: (value) => `has target ${value}, which is no probability`,
    expected: () => "0 to 1",
    fix: "scale the targets, or use a loss for values such as mse",
  },
];

/** Throws a fault when a target cannot be what the loss says it takes. A loss that says nothing is not checked. */
export function checkTargets(loss: TrainingLoss, targets: Values, predictions: Shape): void {
  const check = checks.find(({ kind, fits }) => loss.targets?.includes(kind) && fits(targets, predictions));
  if (check === undefined) return;
  const { data, shape } = targets;
  // A loop and not findIndex: it runs at every step.
  for (let i = 0; i < data.length; i++) {
    if (check.holds(data[i], predictions)) continue;
    const sample = Math.floor(i / (data.length / (shape[0] ?? 1)));
    throw fault(loss.name || "loss", `sample ${sample} of the batch ${check.problem(data[i])}`, {
      expected: check.expected(predictions),
      got: String(data[i]),
      fix: check.fix,
    });
  }
}

/** Where a batch holds NaN or an infinity: "NaN in the inputs, sample 3, element 17"; null when all its numbers are finite. */
export function findNonFinite(columns: Readonly<Record<string, Values>>): string | null {
  for (const [name, { data, shape }] of Object.entries(columns)) {
    const at = data.findIndex((value: number) => !Number.isFinite(value));
    if (at < 0) continue;
    const width = data.length / shape[0];
    return `${data[at]} in the ${name}, sample ${Math.floor(at / width)}${width > 1 ? `, element ${at % width}` : ""}`;
  }
  return null;
}
