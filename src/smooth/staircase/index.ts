export type { StaircaseOptions } from "./spread.js";
export {
  smoothCeil,
  smoothFloor,
  smoothFrac,
  smoothHeaviside,
  smoothMod,
  smoothQuantise,
  smoothRound,
  smoothSawtooth,
  smoothSign,
  smoothSquareWave,
  smoothTriangleWave,
  type WaveOptions,
} from "./staircases.js";
