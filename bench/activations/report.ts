import { availableParallelism, cpus, totalmem } from "node:os";
import { figure, median } from "../own/section.js";

/** What was measured of one activation, by round. */
export interface Row {
  readonly name: string;
  readonly kind: string;
  /** Milliseconds forward and backward, one figure for each round; ours and theirs of a round were taken one after the other. */
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  readonly precise: readonly number[];
  readonly operators: number;
}

/** How it was measured. */
export interface Conditions {
  readonly threads: number;
  readonly rounds: number;
  readonly version: string;
  /** The load of the machine before and after, and whether anything else was running. */
  readonly before: string;
  readonly after: string;
  readonly busy: boolean;
}

interface Limit {
  readonly kind: string;
  readonly aim: string;
  /** The figure that the aim is about, which may be at most `most`. */
  readonly of: (ratios: readonly number[]) => number;
  readonly most: number;
}

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
const worst = (values: readonly number[]): number => Math.max(...values);

const limits: readonly Limit[] = [
  { kind: "named", aim: "geometric mean at most 1.0", of: geometricMean, most: 1 },
  { kind: "named", aim: "none above 3", of: worst, most: 3 },
  { kind: "piecewise", aim: "each at most 2.5", of: worst, most: 2.5 },
  { kind: "composed", aim: "each at most 0.7", of: worst, most: 0.7 },
];

/** Our time over theirs in each round. */
const ratiosOf = ({ ours, theirs }: Row): number[] => ours.map((ms, round) => ms / theirs[round]);
export const ratioOf = (row: Row): number => median(ratiosOf(row));

/** The page: how, a table for each kind, and whether the limits are held. */
export function render(rows: readonly Row[], conditions: Conditions): string {
  const kinds = [...new Set(limits.map(({ kind }) => kind))];
  const tables = kinds.map((kind) => table(kind, rows.filter((row) => row.kind === kind))); // biome-ignore format: one line
  return [introduction(rows, conditions), ...tables, verdicts(rows)].join("\n");
}

function introduction(rows: readonly Row[], { threads, rounds, version, before, after, busy }: Conditions): string {
  const [processor] = cpus();
  const machine = `${processor?.model.trim() ?? "an unknown processor"}, ${availableParallelism()} processors, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const spreads = rows.map((row) => worst(ratiosOf(row)) / Math.min(...ratiosOf(row)));
  return [
    "# Speed of activations",
    "",
    "Written by `npm run bench:activations -- --python PATH --docs`: forward and backward over 1024 × 1024 float32, " +
      `${threads} threads, PyTorch ${version} eager, ${rounds} rounds in which both take turns. Times are medians; a ratio is the median ` +
      "of those of the rounds, with the smallest and the largest behind it. `precise` is the other lowering, in float64.",
    "",
    `- Machine: ${machine}, Node ${process.versions.node}.`,
    `- Before: ${before}. After: ${after}.`,
    `- Within one activation the ratio of the slowest round is ${figure(median(spreads))} times that of the fastest (median), ` +
      `${figure(worst(spreads))} times at worst.`,
    busy ? "- Other programs were running, so that the figures tell little." : "- Nothing else was running.",
    "",
  ].join("\n");
}

function table(kind: string, rows: readonly Row[]): string {
  return [
    `## ${kind}`,
    "",
    "| activation | softgrad, ms | PyTorch, ms | ratio | of the rounds | operators | precise, ms |",
    "|---|---|---|---|---|---|---|",
    ...rows.map((row) => {
      const ratios = ratiosOf(row);
      const times = [row.ours, row.theirs].map((ms) => figure(median(ms))).join(" | ");
      const spread = `${figure(Math.min(...ratios))} – ${figure(worst(ratios))}`;
      return `| ${row.name} | ${times} | ${figure(ratioOf(row))} | ${spread} | ${row.operators} | ${figure(median(row.precise))} |`;
    }),
    "",
  ].join("\n");
}

function verdicts(rows: readonly Row[]): string {
  const lines = limits.map(({ kind, aim, of, most }) => {
    const own = rows.filter((row) => row.kind === kind);
    if (own.length === 0) return `- ${kind}, ${aim}: not measured.`;
    const reached = of(own.map(ratioOf));
    const above = own.filter((row) => ratioOf(row) > most).sort((a, b) => ratioOf(b) - ratioOf(a));
    const names = of === worst ? above.map((row) => `${row.name} ${figure(ratioOf(row))}`).join(", ") : "";
    return `- ${kind}, ${aim}: ${figure(reached)}, ${reached <= most ? "held" : "not held"}${names && ` (${names})`}.`;
  });
  return ["## Limits", "", ...lines, ""].join("\n");
}
