import { allocate } from "../../src/ir/dtype.js";
import { fault } from "../../src/ir/fault.js";
import { equal, throws } from "./assert.js";

export const checks = {
  "the page is not cross-origin isolated, as most pages are not": () => equal(globalThis.crossOriginIsolated, false),
  "arrays have the storage that an engine exchanges": () => equal(allocate("bool", 3), new Uint8Array(3)),
  "errors keep their voice": () =>
    throws(() => {
      throw fault("matmul", "axis k is 3 and 4", { got: "(8 3), (4 5)" });
    }, /^matmul: axis k is 3 and 4\n {2}got {7}\(8 3\), \(4 5\)$/),
};
