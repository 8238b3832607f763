import { nn, optim, train } from "softgrad";
import { monitor } from "softgrad/health";
import { healthInstrument } from "../../../src/health/probes/instrument.js";
import { median, timed } from "../../own/section.js";
import { BATCHES, dataFor, type Watched } from "./networks.js";

/** What watching costs on one network. */
export interface Overhead {
  readonly name: string;
  /** Milliseconds of a plain step. */
  readonly stepMs: number;
  /** Time of a step that is looked into over that of a plain one, minus 1. */
  readonly look: number;
  /** The same of a step of which only the length of its gradients is taken. */
  readonly length: number;
  /** Steps from look to look that the schedule chose. */
  readonly every: number;
  /** Time of a watched training over that of a plain one, minus 1: of the long run, round by round. */
  readonly rounds: readonly number[];
  /** The same of the first thousand steps, the close look at the start included, compiling not. */
  readonly start: number;
  /** Milliseconds until the first step of each kind was done: plain, and looked into. */
  readonly firstMs: readonly [plain: number, look: number];
}

/** Steps after which the schedule looks at its long distance: 0 to 79 closely, then ever farther apart. */
const START = 1000;
const ROUNDS = 15;
/** Least length of a timed stretch, in milliseconds, and least number of looks in it. */
const LEAST_MS = 400;
const LEAST_LOOKS = 4;

interface Running {
  readonly trainer: train.Trainer;
  readonly watch: ReturnType<typeof monitor> | null;
}

/** Trains two copies of a network in turns, one of them watched, and times one after the other. */
export async function measureOverhead(network: Watched): Promise<Overhead> {
  const samples = dataFor(network);
  const [alone, watched] = [await begin(network, false), await begin(network, true)];
  let epochs = 0;
  const go = (running: Running, more: number) =>
    timed(async () => {
      const { watch } = running;
      const told = { epochs: epochs + more, batchSize: network.batch, ...(watch && { monitor: watch }) };
      for await (const { loss } of running.trainer.fit(samples, told)) if (!Number.isFinite(loss)) throw new Error(network.name);
    });
  // The first epoch of each compiles; what comes after is timed.
  const firsts = await compileTimes(network);
  for (const running of [alone, watched]) await go(running, 4);
  epochs += 4;
  const startEpochs = Math.ceil(START / BATCHES) - epochs;
  const plainStart = await go(alone, startEpochs);
  const watchedStart = await go(watched, startEpochs);
  epochs += startEpochs;
  const stepMs = plainStart.ms / (startEpochs * BATCHES);
  const every = watched.watch?.schedule.every() ?? 1;
  const stretch = Math.ceil(Math.max(LEAST_LOOKS * every, LEAST_MS / stepMs) / BATCHES);
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? [alone, watched] : [watched, alone];
    const times = new Map<Running, number>();
    for (const running of order) times.set(running, (await go(running, stretch)).ms);
    rounds.push((times.get(watched) ?? 0) / (times.get(alone) ?? 0) - 1);
    epochs += stretch;
  }
  const { overhead } = watched.watch?.schedule ?? { overhead: () => null };
  const [look, length] = [overhead("look") ?? 0, overhead("length") ?? 0];
  for (const { trainer } of [alone, watched]) await trainer.dispose();
  return { name: network.name, stepMs, look, length, every, rounds, start: watchedStart.ms / plainStart.ms - 1, firstMs: firsts };
}

async function begin(network: Watched, watched: boolean): Promise<Running> {
  const loss = network.classes > 1 ? nn.softmaxCrossEntropy : nn.binaryCrossEntropy;
  const optimizer = optim.adam({ learningRate: 1e-4 });
  const trainer = await train.compile({ model: network.make(), loss, optimizer, seed: 1 });
  return { trainer: trainer as train.Trainer, watch: watched ? monitor({ onFinding: () => undefined }) : null };
}

/** Time to the end of the first step, plain and looked into. */
async function compileTimes(network: Watched): Promise<[number, number]> {
  const { trainer } = await begin(network, false);
  const { features, ...others } = dataFor(network).take(network.batch).gather();
  const [targets] = Object.values(others);
  const plain = await timed(() => trainer.step({ inputs: features, targets }));
  const look = await timed(() => trainer.step({ inputs: features, targets }, { instrument: healthInstrument() }));
  await trainer.dispose();
  return [plain.ms, look.ms];
}

/** Median, and the middle half around it. */
export function quartiles(values: readonly number[]): readonly [low: number, middle: number, high: number] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)];
  return [at(0.25), median(sorted), at(0.75)];
}
