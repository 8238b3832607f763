import type { Look } from "../derived.js";
import type { DataSummary } from "../subject.js";
import { type Seen, shown, symptom } from "./symptom.js";

/** Names of what is measured, where a number of the data decides alone. */
const SAME_TARGETS = "different targets";
const HOLES = "numbers that are not finite";

export const dataScale = symptom({
  name: "data scale",
  code: "S1",
  what: "Inputs or targets are far from mean 0 and deviation 1, have holes, or leave nothing to tell apart.",
  looks:
    "Initialisations and learning rates are made for numbers of about 1: with others the first layer saturates, dies or needs another learning rate than the rest.",
  threshold:
    "Inputs: |mean| or deviation above 4, all deviations below 0.1; alarm above 30 and below 0.01. Targets that are numbers: |mean| or deviation above 10; alarm above 50. Any number that is not finite; a single class.",
  causes: ["unscaledInputs", "unscaledTargets", "badLabels"],
  source: "LeCun et al. 1998, Efficient BackProp; UMLAUT (Schoop et al. 2021, CHI)",
  confirms: "withPoorLoss",
  // What is the same for all samples is learnt at once, and what is no number spoils every mean.
  certain: ({ measured }) => measured.name === SAME_TARGETS || measured.name === HOLES,
  find: (look) => [...inputs(look), ...holes(look), ...targets(look)],
});

/** |mean| or deviation of a feature from which it is far from what networks are made for. */
const WIDE = 4;
const VERY_WIDE = 30;
const NARROW = 0.1;
const VERY_NARROW = 0.01;
const FAR_TARGETS = 10;
const VERY_FAR_TARGETS = 50;

export const extentOf = ({ mean, deviation }: { readonly mean: number; readonly deviation: number }): number =>
  Math.max(Math.abs(mean), deviation);

/** The feature with the largest numbers; null for none. */
export function widestFeature({ features }: DataSummary): { readonly index: number; readonly extent: number } | null {
  const extents = features.map(extentOf);
  const extent = Math.max(...extents);
  return extents.length === 0 ? null : { index: extents.indexOf(extent), extent };
}

function inputs({ subject: { data } }: Look): Seen[] {
  const widest = widestFeature(data);
  if (widest === null) return [];
  const { mean, deviation } = data.features[widest.index];
  if (widest.extent > WIDE) {
    const count = data.features.filter((feature) => extentOf(feature) > WIDE).length;
    const evidence = `${count} of ${data.features.length} features are far from 0 ± 1; feature ${widest.index} is ${shown(mean)} ± ${shown(deviation)}.`;
    return [
      { critical: widest.extent > VERY_WIDE, measured: { name: "input scale", value: widest.extent, limit: WIDE }, evidence },
    ];
  }
  if (widest.extent >= NARROW) return [];
  const evidence = `No feature has a mean or deviation of ${NARROW} or more: the largest is ${shown(widest.extent)}.`;
  const measured = { name: "input scale", value: widest.extent, limit: NARROW };
  return [{ critical: widest.extent < VERY_NARROW, measured, evidence }];
}

function holes({ subject: { data } }: Look): Seen[] {
  if (data.nonFinite === 0) return [];
  const measured = { name: HOLES, value: data.nonFinite, limit: 0 };
  return [{ critical: true, measured, evidence: `${data.nonFinite} numbers of the data are not finite.` }];
}

function targets({ subject: { data, loss } }: Look): Seen[] {
  const { kind, mean, deviation, counts } = data.targets;
  if (deviation === 0 || counts.filter((count) => count > 0).length === 1) {
    const measured = { name: SAME_TARGETS, value: 1, limit: 2 };
    return [{ critical: true, measured, evidence: "All targets are the same: there is nothing to learn from them." }];
  }
  const extent = extentOf({ mean, deviation });
  if (kind !== "numbers" || loss.predictions !== "values" || extent <= FAR_TARGETS) return [];
  const measured = { name: "target scale", value: extent, limit: FAR_TARGETS };
  return [
    {
      critical: extent > VERY_FAR_TARGETS,
      measured,
      evidence: `Targets are ${shown(mean)} ± ${shown(deviation)}, and a network starts with outputs of about 1.`,
    },
  ];
}
