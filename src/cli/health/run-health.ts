import { adviceFor } from "../../health/advice.js";
import { plainJson } from "../../health/plain-json.js";
import { healthReport } from "../../health/report/report.js";
import { vocabulary } from "../../health/report/vocabulary.js";
import { fault } from "../../ir/fault.js";
import { exitCodes } from "../command.js";
import type { Terminal } from "../terminal.js";
import { existingRun } from "../train/run-folder.js";
import { unpackHealth } from "../train/run-health.js";
import { adviceText, diagnosisText } from "./text.js";

/** Looks at a run of `softgrad train` as it was watched, and writes the report into its folder. */
export async function healthOfRun(path: string, { json }: { json: boolean }, { out, now }: Terminal): Promise<number> {
  const { folder } = await existingRun(path);
  if (!folder.has("health")) {
    throw fault(path, "nothing is known of the health of this run", {
      got: folder.has("report") ? "a run without health.json" : "a run that is not finished",
      fix: folder.has("report")
        ? "train again: the run is watched as it is trained"
        : `finish it: softgrad train --resume ${path}`,
    });
  }
  const where = folder.pathOf("health");
  const health = unpackHealth(new TextDecoder().decode(await folder.read("health")), where);
  const { title, task, score, seconds, history, subject, diagnosis } = health;
  const advice = adviceFor(diagnosis);
  const page = healthReport(
    {
      plan: { title, task, steps: history.steps.length },
      diagnosis,
      before: { history, score, milliseconds: 1000 * seconds },
      after: null,
      examined: [],
      trials: [],
      verified: [],
      recommended: null,
      cost: { search: 0, proof: 0 },
    },
    {
      words: vocabulary,
      change: [],
      advice,
      constantLoss: subject.data.constantLoss,
      footer: `softgrad health, ${now().toLocaleDateString("en-GB", { dateStyle: "long" })}, of the run in ${path}`,
    },
  );
  await folder.write("healthReport", page);
  const report = folder.pathOf("healthReport");
  if (json)
    out(plainJson({ title, score, diagnosis, advice: advice.map(({ name, title, why }) => ({ name, title, why })), files: { report } }, 2)); // biome-ignore format: one line
  else out([title, ...diagnosisText(diagnosis, vocabulary), ...adviceText(advice), `report: ${report}`].join("\n"));
  return exitCodes.done;
}
