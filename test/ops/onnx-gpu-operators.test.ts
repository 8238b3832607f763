import { after } from "node:test";
import { testAgreement } from "../support/agreement.js";
import { gpuOperatorsOnCpu } from "../support/engines.js";

const runtime = gpuOperatorsOnCpu();
after(() => runtime.close());

testAgreement({ runtime });
