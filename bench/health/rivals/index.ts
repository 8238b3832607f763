import { autotrainer } from "./autotrainer.js";
import { deepDiagnosis } from "./deep-diagnosis.js";
import { deepLocalize } from "./deep-localize.js";
import type { Rival } from "./rival.js";
import { torchmortem } from "./torchmortem.js";
import { weightGradientRatio } from "./weight-gradient-ratio.js";

export type { Rival } from "./rival.js";

/** Other tools' rules, on the same measurements. */
export const rivals: readonly Rival[] = [autotrainer, deepDiagnosis, deepLocalize, torchmortem, weightGradientRatio];
