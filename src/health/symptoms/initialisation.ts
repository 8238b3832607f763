import type { Look } from "../derived.js";
import type { SubjectLayer } from "../subject.js";
import { counted, type Seen, shown, symptom } from "./symptom.js";

export const initialisation = symptom({
  name: "initialisation",
  code: "S3",
  what: "Weights start with a spread that the activation cannot work with, units start equal, or a post-norm transformer starts at its full learning rate.",
  looks:
    "sd(W)·√fanIn is far from the gain of the activation: signals and gradients change by a constant factor per layer. Units with equal weights get equal gradients and stay equal.",
  threshold:
    "Spread over gain outside 0.5 … 2; alarm outside 0.2 … 5. Two equal units. Norms behind the sums of more than three transformer blocks, alarm from five on, without warm-up.",
  causes: ["smallStart", "largeStart", "symmetricStart", "noWarmup"],
  source: "Glorot and Bengio 2010, AISTATS; He et al. 2015, arXiv:1502.01852; TheDeepChecker (Ben Braiek and Khomh 2023, TOSEM)",
  confirms: "withPoorLoss",
  find: (look) => [...spreads(look), ...alike(look), ...coldStart(look)],
});

/** Spread over gain; null where any spread will do, or where weights that start at 0 are meant to. */
export function spreadRatio({ spread, neededSpread, norm, head, weight }: SubjectLayer): number | null {
  if (neededSpread === null || neededSpread === 0 || norm !== null || head || !weight.trained || spread === 0) return null;
  return spread / neededSpread;
}

function spreads({ subject }: Look): Seen[] {
  const found = subject.layers.flatMap((layer) => {
    const ratio = spreadRatio(layer);
    return ratio === null || (ratio >= 0.5 && ratio <= 2) ? [] : [{ layer, ratio }];
  });
  // Too small and too large are two findings, each of its first layer.
  return [found.filter(({ ratio }) => ratio < 1), found.filter(({ ratio }) => ratio > 1)].flatMap((same): Seen[] => {
    if (same.length === 0) return [];
    const [{ layer, ratio }] = same;
    const evidence = `Weights of ${counted(same.length, "layer")} start ${shown(ratio)} times as wide as ${layer.activation?.title ?? "a linear layer"} needs, first those of layer ${layer.path}: sd(W)·√fanIn is ${shown(layer.spread)}, the gain ${shown(layer.neededSpread ?? 1)}.`;
    const limit = ratio < 1 ? 0.5 : 2;
    return [
      {
        critical: same.some((one) => one.ratio < 0.2 || one.ratio > 5),
        layer: layer.path,
        measured: { name: "spread over gain", value: ratio, limit },
        evidence,
      },
    ];
  });
}

/** Weights of a transformer's block: query, key, value, output and two of the feed-forward part. */
const LAYERS_PER_BLOCK = 6;

/** Without warm-up the first steps of a deep post-norm transformer ruin it (Xiong et al. 2020, arXiv:2002.04745). */
function coldStart({ subject }: Look): Seen[] {
  const blocks = Math.floor((subject.layers.length - 1) / LAYERS_PER_BLOCK);
  if (subject.residual !== "normBehind" || (subject.optimizer.warmup ?? 0) > 0 || blocks <= 3) return [];
  const evidence = `Norms stand behind the sums of ${blocks} blocks, and the learning rate starts at its full height.`;
  return [{ critical: blocks >= 5, measured: { name: "steps of warm-up", value: 0, limit: 1 }, evidence }];
}

/** Hidden layers whose units start equal. What a residual branch adds at first may well be nothing. */
export const alikeLayers = ({ subject }: Look): readonly SubjectLayer[] =>
  subject.layers.filter(({ alike, head, weight, units, spread }) => {
    const branch = spread === 0 && (subject.residual ?? "none") !== "none";
    return alike && !head && weight.trained && units > 1 && !branch;
  });

function alike(look: Look): Seen[] {
  const equal = alikeLayers(look);
  if (equal.length === 0) return [];
  const [first] = equal;
  const evidence = `In ${counted(equal.length, "layer")} units start with equal weights, first in layer ${first.path}: equal units get equal gradients and stay equal.`;
  // A single layer of equal units is woken by different weights behind it.
  const critical = look.subject.layers.filter(({ alike: same }) => same).length > 1;
  return [
    { critical, layer: first.path, measured: { name: "layers with equal units", value: equal.length, limit: 0 }, evidence },
  ];
}
