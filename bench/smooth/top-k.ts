// Soft top-k and ranks with the Laplace kernel, forward and backward: node --import tsx bench/smooth/top-k.ts [--largest 1000000] [--rounds 5]
import { parseArgs } from "node:util";
import { add, compile, grad, mul, onnxRuntime, random, sort, sum, type Tensor, topK } from "softgrad";
import { softRank, softTopK } from "softgrad/smooth";

const { values: options } = parseArgs({
  options: { largest: { type: "string", default: "1000000" }, rounds: { type: "string", default: "5" } },
});
const sizes = [1e3, 1e4, 1e5, 1e6].filter((size) => size <= Number(options.largest));
const rounds = Number(options.rounds);
const runtime = onnxRuntime({ worker: false });

const width = 0.1;
const chosen = (x: Tensor): Tensor => softTopK(x, x.size / 1000, { width }).mask;
const tasks: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  "sort, for comparison": (x) => sort(x),
  "sharp top-k": (x) => topK(x, x.size / 1000).values,
  "soft top-k": chosen,
  "soft top-k, gradient": grad((x: Tensor) => sum(mul(chosen(x), x))),
  "soft ranks": (x) => softRank(x, { width }),
  "soft ranks, gradient": grad((x: Tensor) => sum(mul(softRank(x, { width }), x))),
};

process.stdout.write("median milliseconds of a run, and nanoseconds per number and doubling of n; and the sum of the result\n");
for (const size of sizes) {
  const [x] = await compile(() => [random.normal(random.key(1), [size])], { runtime })();
  for (const [name, task] of Object.entries(tasks)) {
    const run = await compile((at: Tensor) => [add(task(at), 0)], { runtime });
    const times: number[] = [];
    let total = 0;
    for (let round = 0; round <= rounds; round++) {
      const start = performance.now();
      const [result] = await run(x as Tensor);
      const data = await (result as Tensor).data();
      if (round > 0) times.push(performance.now() - start);
      total = Array.from(data).reduce((sum, value) => sum + value, 0);
    }
    const median = times.sort((a, b) => a - b)[rounds >> 1] as number;
    const perStep = (median * 1e6) / (size * Math.log2(size));
    process.stdout.write(`${size.toExponential(0).padEnd(6)} ${name.padEnd(22)} ${median.toFixed(2).padStart(9)} ms ${perStep.toFixed(1).padStart(6)} ns  ${total.toPrecision(8)}\n`); // biome-ignore format: one line
  }
}
await runtime.close();
