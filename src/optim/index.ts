import { adam, adamW } from "./adam.js";
import { adagrad, rmsProp } from "./adaptive.js";
import { sgd } from "./sgd.js";

export { type AdamOptions, adam, adamW } from "./adam.js";
export { type AdagradOptions, adagrad, type RmsPropOptions, rmsProp } from "./adaptive.js";
export { clipByGlobalNorm, clipByValue, clipGradients, globalNorm } from "./clipping.js";
export {
  type CommonOptions,
  defineOptimizer,
  learningRateAt,
  type Optimizer,
  type OptimizerFactory,
  type OptimizerRecord,
  type UpdateInput,
  type UpdateOutput,
} from "./optimizer.js";
export {
  defineSchedule,
  type Schedule,
  type ScheduleDescription,
  type ScheduleFactory,
  type ScheduleRecord,
} from "./schedule.js";
export {
  type ConstantOptions,
  type CosineOptions,
  constant,
  cosine,
  type ExponentialDecayOptions,
  exponentialDecay,
  type OneCycleOptions,
  oneCycle,
  type StepDecayOptions,
  schedule,
  schedules,
  stepDecay,
  type WarmUpOptions,
  warmUp,
} from "./schedules.js";
export { type SgdOptions, sgd } from "./sgd.js";

/** Every optimizer by its name. */
export const optimizers = { sgd, rmsProp, adagrad, adam, adamW } as const;
