import { describe } from "node:test";
import { createHost } from "../../src/run/create.js";
import { conformance } from "../run/conformance.js";

describe("the WebAssembly host", () => conformance(() => createHost(), { checksIndices: true }));
