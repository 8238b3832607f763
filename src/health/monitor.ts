import { fault } from "../ir/fault.js";
import type { Monitor, Trainer } from "../train/index.js";
import { describeTraining, type Start, startOf } from "./describe-training.js";
import { diagnose } from "./diagnose.js";
import type { Diagnosis, Finding } from "./diagnosis.js";
import type { History } from "./history.js";
import { type Watch, type WatchOptions, watch } from "./probes/watch.js";
import type { Subject } from "./subject.js";

export interface MonitorOptions extends WatchOptions {
  /** Called once for everything that is found, and again when a risk is confirmed, with all that is said at that moment. */
  readonly onFinding?: (finding: Finding, diagnosis: Diagnosis) => void;
  /** What is trained, where somebody knows it better than the trainer tells. */
  readonly subject?: Subject;
}

/** A monitor that says what is wrong. */
export interface HealthMonitor extends Watch {
  /** What can be said now: of a whole training, once it is over. */
  diagnosis(): Diagnosis;
  /** What is known of the training beside its history. */
  subject(): Subject;
}

/** The first readings that are diagnosed; then those that are this much further on. */
const EARLY: readonly number[] = [0, 1, 4, 9, 19];
const AGAIN = 1.2;
/** What of the monitor's share of the time diagnoses may take; the looks have the rest. */
const FOR_DIAGNOSES = 0.2;
const SHARE = 0.05;

/**
 * Watches over a training and says what is wrong with it, by name and by layer:
 *
 *     const monitor = health.monitor({ onFinding: ({ evidence }) => console.warn(evidence) });
 *     for await (const report of trainer.fit(data, { epochs: 20, batchSize: 64, monitor })) console.log(report.loss);
 *     monitor.diagnosis().verdict;
 *
 * It takes at most the share of the time that it is given (0.05), and parameters are the same to the bit as without it. In a loop of
 * one's own: `await monitor.start(trainer, { steps })`, and `monitor.step(trainer, batch)` in place of `trainer.step(batch)`.
 */
export function monitor(given: MonitorOptions = {}): HealthMonitor {
  const { onFinding, subject: told, onReading, share = SHARE, ...options } = given;
  const announced = new Map<string, Finding["severity"]>();
  let start: Start | null = null;
  let known: Subject | null = told ?? null;
  let diagnosed = 0;
  let began = 0;
  let spent = 0;
  let lost = false;

  const subject = (): Subject => {
    const { layers } = seen.history();
    if (known !== null) return known;
    if (start === null || layers.length === 0) {
      throw fault("health.monitor", "nothing was trained yet", {
        fix: "pass it to trainer.fit(data, { monitor }), or start it: await monitor.start(trainer, { steps })",
      });
    }
    known = describeTraining(start, seen.sampleShape());
    return known;
  };
  const diagnosis = (): Diagnosis => diagnose({ subject: subject(), history: seen.history() });
  /** Whether a diagnosis is due: at the start, then ever less often, and where clocks count, when there is time for it. */
  const isDue = ({ readings }: History): boolean => {
    const { step } = readings[readings.length - 1];
    if (EARLY.includes(step)) return true;
    const affordable = options.every !== undefined || spent <= share * FOR_DIAGNOSES * (performance.now() - began);
    return step > EARLY[EARLY.length - 1] && step >= diagnosed * AGAIN && affordable;
  };
  const announce = (history: History): void => {
    if (onFinding === undefined) return;
    diagnosed = history.readings[history.readings.length - 1].step;
    const started = performance.now();
    const said = diagnosis();
    spent += performance.now() - started;
    for (const finding of said.findings) {
      const before = announced.get(finding.symptom);
      if (finding.severity === "note" || before === "confirmed" || before === finding.severity) continue;
      announced.set(finding.symptom, finding.severity);
      onFinding(finding, said);
    }
  };
  const seen = watch({
    ...options,
    share: share * (onFinding === undefined ? 1 : 1 - FOR_DIAGNOSES),
    onReading: (history) => {
      onReading?.(history);
      if (isDue(history)) announce(history);
    },
  });
  return {
    ...seen,
    subject,
    diagnosis,
    async start(trainer: Trainer, plan: Parameters<Monitor["start"]>[1]) {
      await seen.start(trainer, plan);
      if (start === null) began = performance.now();
      start ??= await startOf(trainer, plan);
    },
    async step(trainer, batch) {
      const loss = await seen.step(trainer, batch);
      // What comes after is lost, and `fit` ends here: it is said now or never.
      if (!Number.isFinite(loss) && !lost) announce(seen.history());
      lost ||= !Number.isFinite(loss);
      return loss;
    },
  };
}
