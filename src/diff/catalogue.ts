import type { Primitive } from "../ir/primitive.js";
import { operationPrimitives } from "../ops/catalogue.js";
import { customOperations } from "./custom.js";
import { loopOperations } from "./scan-primitive.js";

/** Every primitive of the graph language: those of the operations, the calls that carry a derivative of their own, and loops. */
export const primitives: readonly Primitive[] = [
  ...operationPrimitives,
  ...[...customOperations, ...loopOperations].map(({ primitive }) => primitive),
];
