import type { TypedArray } from "./ir/dtype.js";
import { fault } from "./ir/fault.js";
import { Tensor } from "./ir/tensor.js";
import type { NestedNumbers } from "./ops/create.js";
import * as operations from "./ops/index.js";
import { type CompileOptions, evaluate } from "./run/compile.js";

/** Operations whose first operand is the tensor itself: `x.mul(w).add(b)` is `add(mul(x, w), b)`. */
type Catalogue = typeof operations;
// biome-ignore lint/suspicious/noExplicitAny: only the position of the first operand matters here.
type Rest<F> = F extends (x: any, ...rest: infer R) => infer T ? (...rest: R) => T : never;
const notMethods = ["tensor", "full", "zeros", "ones", "iota", "concat", "stack", "einsum", "isTensor", "print"] as const;
type MethodName = Exclude<keyof Catalogue, (typeof notMethods)[number]>;
type OperationMethods = { [Name in MethodName]: Rest<Catalogue[Name]> };

declare module "./ir/tensor.js" {
  interface Tensor extends OperationMethods {
    /** The elements as a number or nested arrays. Runs the graph behind the tensor. */
    value(options?: CompileOptions): Promise<NestedNumbers>;
    /** The one element of a tensor of size 1. */
    item(options?: CompileOptions): Promise<number>;
    /** The elements in row-major order. */
    data(options?: CompileOptions): Promise<TypedArray>;
  }
}

const excluded: ReadonlySet<string> = new Set(notMethods);
for (const [name, operation] of Object.entries(operations)) {
  if (typeof operation !== "function" || excluded.has(name)) continue;
  const call = operation as (...args: unknown[]) => unknown;
  define(name, function method(this: Tensor, ...rest: unknown[]) {
    return call(this, ...rest);
  });
}

async function dataOf(x: Tensor, options?: CompileOptions): Promise<TypedArray> {
  const [stored] = await evaluate([x], options);
  const { meaning } = stored.primitive;
  return meaning.kind === "stored" ? meaning.data(stored.params) : new Float32Array(0);
}

/** Numbers for people to read: what is stored already is not rounded to the storage that engines exchange. */
async function numbersOf(x: Tensor, options?: CompileOptions): Promise<TypedArray> {
  const { meaning } = x.primitive;
  return meaning.kind === "stored" ? meaning.data(x.params) : dataOf(x, options);
}

define("data", function data(this: Tensor, options?: CompileOptions) {
  return dataOf(this, options);
});
define("value", async function value(this: Tensor, options?: CompileOptions) {
  return nest(await numbersOf(this, options), this);
});
define("item", async function item(this: Tensor, options?: CompileOptions) {
  if (this.size !== 1) {
    const got = `${this.size} in (${this.shape.join(" ")})`;
    throw fault("item", "the tensor does not have one element", { expected: "1 element", got, fix: "use value() or data()" });
  }
  return (await numbersOf(this, options))[0];
});

function define(name: string, method: (this: Tensor, ...args: never[]) => unknown): void {
  Object.defineProperty(Tensor.prototype, name, { value: method, configurable: true, writable: true });
}

function nest(data: TypedArray, { shape, dtype }: Tensor): NestedNumbers {
  const at = (i: number): NestedNumbers => (dtype === "bool" ? data[i] !== 0 : data[i]);
  const build = (axis: number, from: number, length: number): NestedNumbers => {
    if (axis === shape.length) return at(from);
    const inner = shape[axis] === 0 ? 0 : length / shape[axis];
    return Array.from({ length: shape[axis] }, (_, i) => build(axis + 1, from + i * inner, inner));
  };
  return build(0, 0, data.length);
}
