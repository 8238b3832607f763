import { parentPort, workerData } from "node:worker_threads";
import { fault } from "../../src/ir/fault.js";

parentPort?.postMessage(fault("worker", `was given ${workerData as string}`).message);
