import { type Frame, type Look, medianIn, onset } from "../derived.js";
import { type Seen, shown, symptom } from "./symptom.js";

const WARN = 1e2;
const CRITICAL = 1e3;
const WARN_ADJACENT = 20;
const SPIKE = 30;
const CRITICAL_SPIKE = 100;
const LARGEST = 1e4;
const FIRST_LOSS = 10;

export const explodingGradient = symptom({
  name: "exploding gradient",
  code: "S5",
  what: "The gradient, or the signal on its way forward, grows from layer to layer or from one step to the next.",
  looks:
    "‖∂L/∂z‖ rises on its way back, outputs reach thousands, the first loss is far above that of a constant prediction, or the length of the gradient jumps.",
  threshold:
    "R_δ above 1e2, alarm above 1e3 (widened by τ); a gradient 30 times longer than the median of the hundred before, alarm at 100; outputs above 1e4; a first loss above 10 times that of the best constant.",
  causes: [
    "largeStart",
    "highLearningRate",
    "explodingActivation",
    "unscaledInputs",
    "unscaledTargets",
    "recurrentExploding",
    "tooDeep",
    "noWarmup",
  ],
  source: "Pascanu et al. 2013, arXiv:1211.5063; Philipp et al. 2018, arXiv:1712.05577",
  confirms: "withLoss",
  find: (look) => [...backwards(look), ...outputs(look), ...spikes(look), ...firstLoss(look)].slice(0, 2),
});

function backwards(look: Look): Seen[] {
  const { early, late, tolerance, history } = look;
  return [early, late].flatMap((frames): Seen[] => {
    const ratio = medianIn(frames, ({ deltaRatio }) => deltaRatio);
    if (!(ratio > WARN * tolerance)) return [];
    const evidence = `The gradient that reaches layer ${history.layers[0].path} is ${shown(ratio)} times that of the last layer.`;
    const measured = { name: "R_δ", value: ratio, limit: WARN * tolerance };
    return [
      {
        critical: ratio > CRITICAL * tolerance,
        layer: growing(look, frames),
        step: onset(frames, ({ deltaRatio }) => deltaRatio > WARN * tolerance),
        measured,
        evidence,
      },
    ];
  });
}

/** Going back from the loss: the layer behind which the gradient grows most, or the first where it is so much longer. */
function growing({ history, subject, tolerance }: Look, frames: readonly Frame[]): string | null {
  const count = history.layers.length;
  const steepest = history.layers
    .slice(0, -1)
    .map(({ path }, i) => ({ path, factor: medianIn(frames, ({ adjacent }) => adjacent[i]) }))
    .sort((one, other) => other.factor - one.factor)
    .at(0);
  if (steepest !== undefined && (subject.residual ?? "none") === "none" && steepest.factor > WARN_ADJACENT) return steepest.path;
  for (let i = count - 2; i >= 0; i--) {
    const far = medianIn(frames, ({ layers }) => layers[i].delta / layers[count - 1].delta);
    if (far > WARN * tolerance) return history.layers[i].path;
  }
  return history.layers[0]?.path ?? null;
}

function outputs({ frames, history, hidden }: Look): Seen[] {
  const first = frames.find(({ layers }) => hidden.some((i) => layers[i].largest > LARGEST && layers[i].largest < Infinity));
  if (first === undefined) return [];
  const place = hidden.find((i) => first.layers[i].largest > LARGEST) ?? 0;
  const value = first.layers[place].largest;
  const { path } = history.layers[place];
  const evidence = `The largest output of layer ${path} is ${shown(value)} at step ${first.step}.`;
  return [
    {
      critical: value > 100 * LARGEST,
      layer: path,
      step: first.step,
      measured: { name: "largest output", value, limit: LARGEST },
      evidence,
    },
  ];
}

function spikes({ spike }: Look): Seen[] {
  if (spike.ratio < SPIKE) return [];
  const evidence = `At step ${spike.step} the gradient is ${shown(spike.ratio)} times as long as the median of the steps before.`;
  return [
    {
      critical: spike.ratio > CRITICAL_SPIKE,
      step: spike.step,
      measured: { name: "gradient spike", value: spike.ratio, limit: SPIKE },
      evidence,
    },
  ];
}

function firstLoss({ course, subject }: Look): Seen[] {
  const { constantLoss } = subject.data;
  if (constantLoss === null || constantLoss <= 0 || !(course.first > FIRST_LOSS * constantLoss)) return [];
  const evidence = `The first loss is ${shown(course.first)}, and a constant prediction would have ${shown(constantLoss)}.`;
  const value = course.first / constantLoss;
  return [
    { critical: value > 10 * FIRST_LOSS, measured: { name: "first loss over constant", value, limit: FIRST_LOSS }, evidence },
  ];
}
