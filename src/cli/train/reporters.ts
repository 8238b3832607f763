import progressBars from "cli-progress";
import type { Outcome } from "../../plot/report/run-summary.js";
import type { FitProgress } from "../../train/index.js";
import type { Terminal } from "../terminal.js";
import type { EpochLine } from "./history.js";
import type { Results } from "./results.js";
import { duration, percent, resultText } from "./text.js";

// A CommonJS module: its parts are known only once it runs.
const { Format, Presets, SingleBar } = progressBars;

/** What is known before the first step. */
export interface RunStart {
  readonly title: string;
  readonly description: string;
  readonly network: string;
  readonly parameters: number;
  readonly runtime: string;
  readonly folder: string;
  readonly epochs: number;
  /** Epochs that are done already; 0 for a new run. */
  readonly done: number;
}

/** Tells how a run goes: to a person who watches, to a log, or to a program. */
export interface Reporter {
  start(run: RunStart): void;
  progress(at: FitProgress): void;
  epoch(line: EpochLine): void;
  /** Called however training ends, before anything else is said. */
  stop(): void;
  results(results: Results): void;
  interrupted(folder: string): void;
}

/** One JSON object a line. */
export function jsonReporter({ out }: Terminal): Reporter {
  const say = (event: string, data: object): void => out(JSON.stringify({ event, ...data }));
  return {
    start: (run) => say("start", run),
    progress: () => undefined,
    epoch: (line) => say("epoch", line),
    stop: () => undefined,
    results: ({ outcome, ...rest }) => say("results", { outcome: withoutPictures(outcome), ...rest }),
    interrupted: (folder) => say("interrupted", { folder, resume: `softgrad train --resume ${folder}` }),
  };
}

/** The samples themselves are in the data, where their numbers find them. */
const withoutPictures = (outcome: Outcome): object =>
  outcome.kind === "classification"
    ? { ...outcome, mistakes: outcome.mistakes.map(({ shown, ...mistake }) => mistake) }
    : outcome;

/** Lines for people; how training goes is left to `live`. */
function textReporter(
  { out }: Terminal,
  live: Pick<Reporter, "progress" | "epoch" | "stop"> & { begin(run: RunStart): void },
): Reporter {
  return {
    ...live,
    start(run) {
      out(`${run.title}   ${run.description}`);
      out(`network   ${run.network}, ${run.parameters.toLocaleString("en-US")} parameters`);
      out(`runs on   ${run.runtime}`);
      if (run.done > 0) out(`goes on   after epoch ${run.done} of ${run.epochs}`);
      out("");
      live.begin(run);
    },
    results: (results) => out(`\n${resultText(results)}`),
    interrupted: (folder) => out(`\ninterrupted; go on with\n  softgrad train --resume ${folder}`),
  };
}

/** Every so many epochs a line: a log of a long run stays readable. */
const LINES_PER_RUN = 20;

export function lineReporter(terminal: Terminal): Reporter {
  let epochs = 1;
  return textReporter(terminal, {
    begin: (run) => {
      epochs = run.epochs;
    },
    progress: () => undefined,
    epoch(line) {
      const every = Math.ceil(epochs / LINES_PER_RUN);
      if (line.epoch % every !== 0 && line.epoch !== 1 && line.epoch !== epochs && !line.stopped) return;
      const place = `epoch ${String(line.epoch).padStart(String(epochs).length)}/${epochs}`;
      const parts = [place, `loss ${line.loss.toFixed(4)}`, heldText(line), rateText(line.samplesPerSecond)];
      terminal.out(parts.filter((part) => part !== "").join("   "));
    },
    stop: () => undefined,
  });
}

/** A bar with loss, rate and the time that is left, drawn over and over. */
export function barReporter(terminal: Terminal, screen: NodeJS.WriteStream): Reporter {
  let held = "";
  let place = { total: 1, before: 0 };
  let started = 0;
  const bar = new SingleBar(
    {
      stream: screen,
      hideCursor: true,
      barsize: 28,
      fps: 12,
      // A run that is interrupted by Ctrl-C ends in its own time, and tidies up then.
      gracefulExit: false,
      format: (options, { progress, value }, { line }) => {
        const share = value > place.before ? (place.total - value) / (value - place.before) : Number.NaN;
        const left = Number.isFinite(share) ? `${duration(((performance.now() - started) / 1000) * share)} left` : "";
        const text = ` ${Format.BarFormat(progress, options)} ${percent(progress, 0)}   ${line}   ${left}`;
        return text.slice(0, Math.max(20, (screen.columns || 120) - 1));
      },
    },
    Presets.shades_classic,
  );
  return textReporter(terminal, {
    begin({ epochs, done }) {
      started = performance.now();
      place = { total: epochs, before: done };
      bar.start(epochs, done, { line: `epoch ${done + 1}/${epochs}` });
    },
    progress({ epoch, epochs, batch, batches, loss, samplesPerSecond }) {
      const within = batches === null ? 0 : batch / batches;
      const line = [
        `epoch ${epoch}/${epochs}`,
        `loss ${loss.toFixed(4)}`,
        ...(held === "" ? [] : [held]),
        rateText(samplesPerSecond),
      ];
      bar.update(epoch - 1 + within, { line: line.join("   ") });
    },
    epoch(line) {
      held = heldText(line);
      if (line.stopped) bar.setTotal(line.epoch);
    },
    stop: () => bar.stop(),
  });
}

function heldText({ held, heldName }: EpochLine): string {
  if (held.accuracy !== undefined) return `${heldName} ${percent(held.accuracy)}`;
  return held.loss === undefined ? "" : `${heldName} loss ${held.loss.toFixed(4)}`;
}

const rateText = (samplesPerSecond: number): string => `${Math.round(samplesPerSecond).toLocaleString("en-US")} samples/s`;
