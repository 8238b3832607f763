import { createHash } from "node:crypto";
import { type Column, type Columns, rowsOf } from "../../data/columns.js";
import { dataset } from "../../data/dataset.js";
import { type Dataset, fitStandardiser, standardise } from "../../data/index.js";
import { fault } from "../../ir/fault.js";
import { fold, key } from "../../random/counter.js";
import type { TrainSettings } from "./settings.js";
import type { Source } from "./sources.js";
import { classificationTask, regressionTask, type Task } from "./tasks.js";

/** Samples ready to train on. */
export interface Prepared {
  readonly title: string;
  readonly description: string;
  readonly task: Task;
  readonly train: Dataset<Columns>;
  /** Kept out of training and of every decision. */
  readonly test: Dataset<Columns>;
  /** The same samples as they were read, not scaled: for people. */
  readonly testAsRead: Dataset<Columns>;
  /** What early stopping watches; null when nothing has to be decided. */
  readonly validation: Dataset<Columns> | null;
  /** Told apart from other samples: a resumed run must go on with those that it began with. */
  readonly fingerprint: string;
  /** Key-value pairs for the exported model. */
  readonly metadata: Readonly<Record<string, string>>;
}

// Streams of random numbers of the same seed that have nothing to do with each other nor with those of the trainer, 0 to 2.
const streams = { test: 16, validation: 17 } as const;
const VALIDATION_SHARE = 0.1;

/** Splits, scales and describes: the same settings and samples give the same parts. */
export function prepare(source: Source, settings: TrainSettings): Prepared {
  const { info, columns } = source.data;
  const root = key(settings.seed);
  const sample = { data: Int32Array.from({ length: source.data.length }, (_, i) => i), shape: [], dtype: "int32" } as const;
  const whole = dataset<Columns>({ ...columns, sample }, info);
  const stratify = source.target === null ? { stratifyBy: "labels" } : {};
  const fractions = { train: 1 - settings.testShare, test: settings.testShare };
  const outer = whole.split(fractions, { key: fold(root, streams.test), ...stratify });
  const inner =
    settings.patience === null
      ? { train: outer.train, validation: null }
      : outer.train.split(
          { train: 1 - VALIDATION_SHARE, validation: VALIDATION_SHARE },
          { key: fold(root, streams.validation), ...stratify },
        );

  const scaled = settings.standardise && info.imageShape === undefined;
  const featureScaling = scaled ? fitStandardiser(inner.train, "features") : null;
  const targetScaling = source.target === null ? null : fitStandardiser(inner.train, "targets");
  const scale = (part: Dataset<Columns>): Dataset<Columns> =>
    [featureScaling, targetScaling].reduce((data, by) => (by === null ? data : standardise(data, by)), part);
  const task =
    source.target === null
      ? classificationTask({ classNames: info.classNames ?? [], labelSmoothing: settings.labelSmoothing, info })
      : regressionTask({
          target: source.target,
          scaling: { mean: targetScaling?.mean[0] ?? 0, deviation: targetScaling?.deviation[0] ?? 1 },
        });
  requireFeatures(source.title, columns.features);
  return {
    title: source.title,
    description: describe(source, inner.train.length, inner.validation?.length ?? 0, outer.test.length),
    task,
    train: scale(inner.train),
    test: scale(outer.test),
    testAsRead: outer.test,
    validation: inner.validation === null ? null : scale(inner.validation),
    fingerprint: fingerprintOf(columns),
    metadata: {
      data: source.title,
      input_scaling: JSON.stringify(
        featureScaling === null
          ? { kind: "none", unit: source.scaling }
          : { kind: "standardise", unit: source.scaling, mean: featureScaling.mean, deviation: featureScaling.deviation },
      ),
      ...(info.featureNames && { feature_names: JSON.stringify(info.featureNames) }),
      ...(info.imageShape && { image_shape: JSON.stringify(info.imageShape) }),
      ...task.metadata,
    },
  };
}

function describe({ data, target }: Source, train: number, validation: number, test: number): string {
  const count = (value: number): string => value.toLocaleString("en-US");
  const { info, columns } = data;
  const shape =
    info.imageShape === undefined
      ? `${count(columns.features.shape.reduce((size, axis) => size * axis, 1))} features`
      : `pictures of ${info.imageShape.join(" × ")}`;
  const goal = target === null ? `${count(info.classNames?.length ?? 0)} classes` : `${target} to predict`;
  const parts = [
    `${count(train)} to train on`,
    ...(validation > 0 ? [`${count(validation)} to watch`] : []),
    `${count(test)} to test on`,
  ];
  return `${count(data.length)} samples, ${shape}, ${goal}: ${parts.join(", ")}.`;
}

function requireFeatures(title: string, features: Column | undefined): void {
  if (features !== undefined && features.shape.length > 0 && rowsOf(features) > 0) return;
  throw fault(title, "there are no features to learn from");
}

function fingerprintOf(columns: Readonly<Record<string, Column>>): string {
  const hash = createHash("sha256");
  for (const [name, { data, shape }] of Object.entries(columns)) {
    hash.update(`${name} (${shape.join(" ")}) ${data.length}\n`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}
