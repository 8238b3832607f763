import { Fault, fault } from "../../ir/fault.js";
import { planActivation } from "./activations.js";
import { planModel } from "./build.js";
import { type Fields, list, number, object, oneOf, optional, type Reader, text, truth, whole } from "./fields.js";
import { planInitialiser } from "./initialisers.js";
import { planLoss } from "./losses.js";
import { planOptimizer } from "./optimizer.js";
import type { Block, Plan } from "./plan.js";

const init: Reader = (value, at) => {
  planInitialiser(text(value, at) as string, at);
  return value;
};

const activation: Reader = (value, at) => {
  planActivation(text(value, at) as string, at);
  return value;
};

const count = whole(1);
const share = number("a share from 0 up to, not including, 1", (value) => value >= 0 && value < 1);

const weights: Fields = {
  activation,
  init,
  bias: optional(truth),
  norm: optional(oneOf("none", "batch", "layer", "group")),
  dropout: optional(share),
  residual: optional(truth),
  frozen: optional(truth),
};

/** What each kind of block may be told. */
const blockFields: Readonly<Record<Block["kind"], Fields>> = {
  dense: { units: count, ...weights },
  conv: { channels: count, size: count, padding: optional(oneOf("same", "valid")), ...weights },
  pool: { how: oneOf("max", "average", "globalAverage"), size: optional(count) },
  flatten: {},
  embedding: { rows: count, units: count },
  positions: {},
  recurrent: {
    cell: oneOf("rnn", "lstm", "gru"),
    units: count,
    activation: optional(oneOf("tanh", "relu")),
    init: optional(init),
    recurrentInit: optional(init),
    returns: oneOf("all", "last"),
  },
  transformer: { width: count, heads: count, hidden: count, norm: oneOf("pre", "post") },
};

const block: Reader = (value, at) => {
  const kind = oneOf(...Object.keys(blockFields));
  const named = (object({ kind }, { others: true })(value, at) as { kind: Block["kind"] }).kind;
  return object({ kind, ...blockFields[named] })(value, at);
};

const positive = number("a number greater than 0", (value) => value > 0);
const notNegative = number("0 or more", (value) => value >= 0);

const plan = object({
  title: text,
  task: oneOf("classes", "binary", "numbers", "tokens"),
  input: list(count),
  blocks: list(block),
  head: object({ units: count, activation, init }),
  loss: text,
  optimizer: object({
    name: text,
    learningRate: positive,
    momentum: optional(share),
    epsilon: optional(positive),
    weightDecay: optional(notNegative),
    clipNorm: optional(positive),
    warmup: optional(whole(0)),
  }),
  data: object({ inputs: oneOf("none", "standardise"), targets: oneOf("none", "standardise") }),
  batchSize: count,
  steps: count,
});

/**
 * A plan from what `JSON.parse` made of a file, or from the text itself. Every field is checked, and then whether the blocks fit together:
 * the fault names the field, such as `plan.blocks[1].units`.
 */
export function readPlan(source: unknown): Plan {
  const read = plan(typeof source === "string" ? parse(source) : source, "plan") as Plan;
  planLoss(read.loss, read.task);
  planOptimizer(read.optimizer);
  planModel(read);
  return read;
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    if (error instanceof Fault) throw error;
    const got = source.trim() === "" ? "an empty text" : (error as Error).message;
    throw fault("plan", "the text is not JSON", {
      expected: "an object { … } with the fields of a plan",
      got,
      fix: "docs/health-plans.md shows a whole plan",
    });
  }
}
