/** Trains, predicts and ends without closing anything, as a short program does. */
import { defaultRuntime } from "../../src/run/compile.js";
import { twentySteps } from "./compared.js";

await twentySteps(defaultRuntime());
