import { planModel } from "./build.js";
import { targetColumn } from "./data.js";
import { planLoss } from "./losses.js";
import { optimizerCode } from "./optimizer.js";
import type { Piece } from "./pieces.js";
import type { Plan } from "./plan.js";

/** As many equal groups of stages in a row are written as one that repeats. */
const WORTH_REPEATING = 3;
/** Stages that may make up such a group: weights, norm, activation, dropout. */
const LONGEST_GROUP = 4;

/**
 * The plan as a program of this library: a module whose `run` trains it on two data sets and returns the trainer. It does to the bit
 * what `runPlan` does.
 */
export function codeOf(plan: Plan): string {
  const { pieces } = planModel(plan);
  const { code: loss, functions } = planLoss(plan.loss, plan.task);
  const target = targetColumn(plan);
  const scaled = scaledColumns(plan);
  const activations = sorted(pieces.flatMap((piece) => piece.activations));
  const library = ["type data", "nn", "optim", "train", ...functions, ...pieces.flatMap((piece) => piece.functions)];
  const taken = target === "targets" ? target : `targets: ${target}`;
  const names = scaled.length === 0 ? library : ["data", ...library.slice(1)];
  return [
    `import { ${sorted(names).join(", ")} } from "softgrad";`,
    ...(activations.length === 0 ? [] : [`import { ${activations.join(", ")} } from "softgrad/activations";`]),
    "",
    `/** ${plan.title.replaceAll("*/", "* /")} */`,
    "const model = nn.sequential(",
    ...stageLines(pieces).map((line) => `  ${line},`),
    ");",
    ...(loss.startsWith("(") ? [`const loss = ${loss};`] : []),
    "",
    `export async function run(samples: data.Dataset<${columnsType(plan)}>, seed: number) {`,
    ...scaled.map((name) => `  samples = data.standardise(samples, data.fitStandardiser(samples, "${name}"));`),
    "  const trainer = await train.compile({",
    "    model,",
    `    loss${loss.startsWith("(") ? "" : `: ${loss}`},`,
    `    optimizer: ${optimizerCode(plan.optimizer)},`,
    "    seed,",
    "  });",
    `  const order = { size: Math.min(${plan.batchSize}, samples.length), remainder: "drop", key: trainer.dataKey } as const;`,
    `  for (let epoch = 0; trainer.progress.steps < ${plan.steps}; epoch++) {`,
    `    for await (const { features, ${target} } of samples.batches({ ...order, epoch })) {`,
    `      if (trainer.progress.steps < ${plan.steps}) await trainer.step({ inputs: features, ${taken} });`,
    "    }",
    "  }",
    "  return trainer;",
    "}",
    "",
  ].join("\n");
}

function columnsType(plan: Plan): string {
  const features = plan.blocks[0]?.kind === "embedding" ? "Int32Array" : "Float32Array";
  const target = targetColumn(plan);
  return `{ features: ${features}; ${target}: ${target === "labels" ? "Int32Array" : "Float32Array"} }`;
}

const scaledColumns = ({ data, task }: Plan): string[] => [
  ...(data.inputs === "standardise" ? ["features"] : []),
  ...(data.targets === "standardise" && task === "numbers" ? ["targets"] : []),
];

/** Each name once, in the order of the alphabet, a type by its own name. */
function sorted(names: readonly string[]): string[] {
  const bare = (name: string): string => name.replace("type ", "").toLowerCase();
  return [...new Set(names)].sort((a, b) => (bare(a) < bare(b) ? -1 : 1));
}

/** The stages line by line; groups of them that come again and again are written once. */
function stageLines(pieces: readonly Piece[]): string[] {
  const codes = pieces.map(({ code }) => code);
  const lines: string[] = [];
  for (let at = 0; at < codes.length; ) {
    const { length, times } = longestRepeat(codes, at);
    const covered = length * times;
    // A group that may as well begin with the next stage begins there: with weights, not with the activation of those before.
    const later = longestRepeat(codes, at + 1);
    const repeats = times >= WORTH_REPEATING && later.length * later.times < covered;
    const group = codes.slice(at, at + length).join(", ");
    lines.push(repeats ? `...Array.from({ length: ${times} }, () => [${group}]).flat()` : codes[at]);
    at += repeats ? covered : 1;
  }
  return lines;
}

/** The group of stages from a place on that covers most when it is repeated. */
function longestRepeat(codes: readonly string[], at: number): { length: number; times: number } {
  let best = { length: 1, times: 1 };
  for (let length = 1; length <= LONGEST_GROUP; length++) {
    const group = codes.slice(at, at + length);
    const repeats = (times: number): boolean => group.every((code, i) => codes[at + times * length + i] === code);
    let times = 1;
    while (group.length === length && repeats(times)) times++;
    if (times >= WORTH_REPEATING && times * length > best.times * best.length) best = { length, times };
  }
  return best;
}
