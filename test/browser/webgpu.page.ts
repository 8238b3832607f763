import { describe, test } from "node:test";
import { createHost } from "../../src/run/create.js";
import { conformance } from "../run/conformance.js";

const { gpu } = navigator as Navigator & { gpu?: { requestAdapter(): Promise<unknown> } };

if (await gpu?.requestAdapter()) {
  describe("the WebGPU host", () => conformance(() => createHost({ provider: "webgpu" }), { checksIndices: false }));
} else {
  test("the WebGPU host", { skip: "this browser has no WebGPU adapter" }, () => {});
}
