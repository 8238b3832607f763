import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Task } from "./tasks.js";
import { BATCH, LEARNING_RATE } from "./tasks.js";

/** What one training from one seed came to, after its last epoch. */
export interface Outcome {
  readonly setting: string;
  readonly seed: number;
  /** Share of the test rows that are right, and their mean loss. */
  readonly accuracy: number;
  readonly loss: number;
  /** Mean loss of the last epoch on the training rows. */
  readonly trainLoss: number;
  readonly seconds: number;
}

/** Results under other conditions are others: they stay in the file and are not read. */
const recipeOf = ({ epochs, how }: Task): string => `${how} batches of ${BATCH}, Adam ${LEARNING_RATE}, ${epochs} epochs`;

const fileOf = ({ name }: Task): string => fileURLToPath(new URL(`../results/${name}.jsonl`, import.meta.url));

/** The outcomes that are there; a line that a stopped run left unfinished counts as missing. */
export function outcomes(task: Task): Outcome[] {
  const file = fileOf(task);
  if (!existsSync(file)) return [];
  const recipe = recipeOf(task);
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        const row = JSON.parse(line) as Outcome & { recipe: string };
        return row.recipe === recipe ? [row] : [];
      } catch {
        return [];
      }
    });
}

/** Adds one: a line, written at once. */
export function store(task: Task, outcome: Outcome): void {
  const file = fileOf(task);
  mkdirSync(fileURLToPath(new URL("../results/", import.meta.url)), { recursive: true });
  appendFileSync(file, `${JSON.stringify({ ...outcome, recipe: recipeOf(task) })}\n`);
}
