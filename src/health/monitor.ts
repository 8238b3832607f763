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

/** Steps after which a diagnosis is made again are this much further on: what is found grows with the training, not with its readings. */
const AGAIN = 1.1;
/** Up to this step every reading is diagnosed. */
const CLOSELY = 60;

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
export function monitor({ onFinding, subject: told, onReading, ...options }: MonitorOptions = {}): HealthMonitor {
  const announced = new Map<string, Finding["severity"]>();
  let start: Start | null = null;
  let known: Subject | null = told ?? null;
  let diagnosed = 0;

  const subject = (): Subject => {
    const { layers } = seen.history();
    if (known !== null) return known;
    if (start === null || layers.length === 0) {
      throw fault("health.monitor", "nothing was trained yet", { fix: "pass it to trainer.fit(data, { monitor })" });
    }
    known = describeTraining(start, seen.sampleShape());
    return known;
  };
  const diagnosis = (): Diagnosis => diagnose({ subject: subject(), history: seen.history() });
  const announce = (history: History): void => {
    const { step } = history.readings[history.readings.length - 1];
    if (onFinding === undefined || (step > CLOSELY && step < diagnosed * AGAIN)) return;
    diagnosed = step;
    const said = diagnosis();
    for (const finding of said.findings) {
      const before = announced.get(finding.symptom);
      if (finding.severity === "note" || before === "confirmed" || before === finding.severity) continue;
      announced.set(finding.symptom, finding.severity);
      onFinding(finding, said);
    }
  };
  const seen = watch({
    ...options,
    onReading: (history) => {
      onReading?.(history);
      announce(history);
    },
  });
  return {
    ...seen,
    subject,
    diagnosis,
    async start(trainer: Trainer, plan: Parameters<Monitor["start"]>[1]) {
      await seen.start(trainer, plan);
      start ??= await startOf(trainer, plan);
    },
  };
}
