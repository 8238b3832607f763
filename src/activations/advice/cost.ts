import { vjp } from "../../diff/index.js";
import type { Tensor } from "../../ir/tensor.js";
import { ones, tensor } from "../../ops/index.js";
import { compile } from "../../run/compile.js";
import type { Runtime } from "../../run/runtime.js";
import type { Activation } from "../activation.js";

const ELEMENTS = 1 << 18;
const RUNS = 9;

/** Nanoseconds per element of value and gradient together, the median of a few runs one after the other. */
export async function costOf(
  activation: Activation,
  runtime: Runtime | undefined,
  now = () => performance.now(),
): Promise<number> {
  const both = compile(
    (x: Tensor) => {
      const { value, pullback } = vjp((input: Tensor) => activation(input), x);
      return [value, ...pullback(ones(value.shape))];
    },
    runtime === undefined ? {} : { runtime },
  );
  const x = tensor(Float32Array.from({ length: ELEMENTS }, (_, i) => 8 * (i / ELEMENTS) - 4));
  await both(x);
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const start = now();
    await both(x);
    times.push(now() - start);
  }
  times.sort((a, b) => a - b);
  return (1e6 * times[RUNS >> 1]) / ELEMENTS;
}
