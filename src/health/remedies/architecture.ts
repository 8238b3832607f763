import type { Block, Plan } from "../plan/plan.js";
import type { Ailment, Remedy } from "../treatment.js";
import { isWeighted, remedy, withBlocks, withWeights } from "./change.js";

type Recurrent = Extract<Block, { kind: "recurrent" }>;

/** The plan with another recurrent block in the place of each. */
const withRecurrent = (plan: Plan, change: (block: Recurrent) => Partial<Recurrent>): Plan =>
  withBlocks(plan, (block) => [block.kind === "recurrent" ? { ...block, ...change(block) } : block]);

/** A gated cell has its own activations: what an rnn was told does not concern it. */
const gated = (plan: Plan, cell: "lstm" | "gru"): Plan =>
  withBlocks(plan, (block) => {
    if (block.kind !== "recurrent" || block.cell !== "rnn") return [block];
    const { activation: _, ...rest } = block;
    return [{ ...rest, cell }];
  });

const overTime: readonly Ailment[] = ["recurrentVanishing", "recurrentExploding", "recurrent gradient"];

const orthogonalRecurrence: Remedy = remedy({
  name: "orthogonalRecurrence",
  title: "orthogonal recurrent weights",
  size: "start",
  against: overTime,
  why: "A rotation neither shrinks nor stretches what is handed on from step to step.",
  source: "Saxe et al. 2014, arXiv:1312.6120; Le et al. 2015, arXiv:1504.00941",
  apply: (plan) => withRecurrent(plan, () => ({ recurrentInit: "orthogonal" })),
});

const lstm: Remedy = remedy({
  name: "lstm",
  title: "LSTM with open forget gates",
  size: "architecture",
  against: overTime,
  why: "The cell's state is handed on by a gate that starts open: its derivative is near 1, over hundreds of steps.",
  source: "Hochreiter and Schmidhuber 1997; Jozefowicz et al. 2015, ICML, on the forget bias of 1",
  apply: (plan) => gated(plan, "lstm"),
});

const gru: Remedy = remedy({
  name: "gru",
  title: "GRU",
  size: "architecture",
  against: overTime,
  why: "The new state is a mixture of the old one and a proposal: what is kept keeps its gradient.",
  source: "Cho et al. 2014, arXiv:1406.1078",
  apply: (plan) => gated(plan, "gru"),
});

const fewerLayers: Remedy = remedy({
  name: "fewerLayers",
  title: "a third of the hidden layers",
  size: "architecture",
  against: ["tooDeep", "vanishing gradient", "signal collapse"],
  why: "What shrinks by a factor per layer shrinks less often.",
  source: "Schoenholz et al. 2017, arXiv:1611.01232, on the depth that signals reach",
  apply: shallower,
});

/** The first block of units of every three in a row of the same kind and width. */
function shallower(plan: Plan): Plan {
  let repeats = 0;
  let before: string | null = null;
  return withBlocks(plan, (block) => {
    const likeness = isWeighted(block) ? JSON.stringify(block) : null;
    repeats = likeness !== null && likeness === before ? repeats + 1 : 0;
    before = likeness;
    return repeats % 3 === 0 ? [block] : [];
  });
}

const wider: Remedy = remedy({
  name: "wider",
  title: "layers of 32 units and more",
  size: "architecture",
  against: ["deadUnits", "dead units"],
  why: "The chance that a whole layer of rectifiers starts out asleep falls exponentially with its width.",
  source: "Lu et al. 2020, Dying ReLU and Initialization, arXiv:1903.06733",
  apply: (plan) => withBlocks(plan, (block) => [block.kind === "dense" && block.units < 32 ? { ...block, units: 32 } : block]),
});

const thawed: Remedy = remedy({
  name: "thawed",
  title: "no frozen layers",
  size: "start",
  against: ["cutGradient", "gradient not flowing"],
  why: "A layer that is not trained stays as it started.",
  source: "Yosinski et al. 2014, arXiv:1411.1792, on which layers may stay",
  apply: (plan) => withWeights(plan, (block) => (block.frozen === true ? { frozen: false } : {})),
});

/** What the network is made of. */
export const architectures: readonly Remedy[] = [thawed, orthogonalRecurrence, lstm, gru, fewerLayers, wider];
