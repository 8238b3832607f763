import { after } from "node:test";
import { onnxRuntime } from "../../src/run/runtime.js";
import { testAgreement } from "../support/agreement.js";

const runtime = onnxRuntime({ worker: false, threads: 1, cacheSize: 4, precision: "precise" });
after(() => runtime.close());

// Computed in float64 and rounded once: the nearest float32 or its neighbour, in the tails too.
testAgreement({ runtime, accuracy: { ulp: 1, scale: "value" } });
