import type { Primitive } from "../ir/primitive.js";
import { operationPrimitives } from "../ops/catalogue.js";
import { customOperations } from "./custom.js";

/** Every primitive of the graph language: those of the operations, and the calls that carry a derivative of their own. */
export const primitives: readonly Primitive[] = [...operationPrimitives, ...customOperations.map(({ primitive }) => primitive)];
