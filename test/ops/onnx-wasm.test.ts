import { after } from "node:test";
import { onnxRuntime } from "../../src/run/runtime.js";
import { testAgreement } from "../support/agreement.js";

const runtime = onnxRuntime({ runtime: "wasm", cacheSize: 4 });
after(() => runtime.close());

testAgreement({ runtime });
