import { mismatchesOf } from "../mismatches.js";
import { shown } from "../symptoms/symptom.js";
import { cause, when } from "./cause.js";

/** Operations that make numbers that are not finite of finite ones at the edge of where they are defined. */
const edgy: readonly string[] = [
  "log",
  "log1p",
  "sqrt",
  "rsqrt",
  "div",
  "divide",
  "reciprocal",
  "exp",
  "expm1",
  "pow",
  "power",
  "acos",
  "asin",
  "atanh",
];

export const numericOverflow = cause({
  name: "numericOverflow",
  title: "A formula leaves the numbers that a float has",
  why: "The logarithm of a probability that rounds to 0, the root or the quotient at 0, the exponential of 89: each is right on paper and not finite in a float.",
  advice: [
    "Take the loss that gets logits and joins both formulas.",
    "Hold probabilities between 1e-7 and 1 − 1e-7 before a logarithm.",
    "Add a small ε inside of roots and below quotients.",
  ],
  weigh(look, findings) {
    const lost = findings.get("non-finite numbers");
    const origin = look.probes?.firstNonFinite ?? null;
    const unguarded = mismatchesOf(look.subject).find((one) => one.cause === "numericOverflow");
    return [
      when(lost !== null && unguarded !== undefined, 0.85, unguarded?.text ?? ""),
      when(lost !== null && origin !== null && edgy.includes(origin.operation), 0.7, lost?.evidence ?? "", origin?.layer),
      when(lost === null && unguarded !== undefined, 0.2, unguarded?.text ?? ""),
    ];
  },
});

export const badEpsilon = cause({
  name: "badEpsilon",
  title: "The optimizer's ε does not fit",
  why: "Adam divides by √v + ε. An ε of nearly nothing makes full steps of rounding errors where gradients are 0; a large one turns Adam into slow descent.",
  advice: ["Take ε = 1e-8, or 1e-7 in small types."],
  weigh(look, findings) {
    const { epsilon, name } = look.subject.optimizer;
    if (epsilon === undefined) return [];
    const bad =
      findings.get("non-finite numbers") ??
      findings.get("divergence") ??
      findings.get("oscillation") ??
      findings.get("update size");
    const argument = `ε of ${name} is ${shown(epsilon)}, where 1e-8 is usual.`;
    return [
      when(epsilon < 1e-11 && bad !== null, 0.6, argument),
      when(epsilon < 1e-11 && bad === null, 0.3, argument),
      when(epsilon > 1e-3, 0.8, argument),
    ];
  },
});

export const normWithSmallBatch = cause({
  name: "normWithSmallBatch",
  title: "Batch norm gets too few samples",
  why: "Mean and deviation of two samples are chance: the model trains on noise, and the running statistics it is used with are another thing.",
  advice: [
    "Take layer norm or group norm, which need no batch.",
    "Take larger batches.",
    "Gather the statistics anew before the model is used.",
  ],
  weigh({ subject, course }, findings) {
    const normed = subject.layers.find(({ norm }) => norm === "batchNorm");
    if (normed === undefined || subject.batchSize > 8) return [];
    const differ = findings.get("train and evaluation differ") !== null;
    const argument = `Batch norm in layer ${normed.path} sees ${subject.batchSize} samples at a time.`;
    return [
      when(differ, 0.95, argument, normed.path),
      when(!differ && (subject.batchSize <= 4 || course.rho > 0.9), 0.75, argument, normed.path),
    ];
  },
});
