import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

/** What an example printed, and the folder that it ran in. */
interface Outcome {
  readonly output: string;
  readonly folder: string;
}

/** What each example claims. One that is not here must still end well and say something. */
const claims: Readonly<Record<string, (outcome: Outcome) => void>> = {
  "xor.ts": ({ output }) => {
    const [one, two] = output.split("two layers").map((part) => numbers(part, /xor \d {2}([\d.]+)/g));
    // The best that one layer can do is to say ½ to everything.
    for (const probability of one) assert.ok(Math.abs(probability - 0.5) < 0.01, output);
    assert.deepEqual(two.map(Math.round), [0, 1, 1, 0]);
    assert.ok(two.every((probability) => Math.abs(probability - Math.round(probability)) < 0.05));
  },
  "universal-approximation.ts": ({ output, folder }) => {
    const errors = numbers(output, /error ([\d.]+)/g);
    assert.equal(errors.length, 6);
    errors.forEach((error, i) => assert.ok(i === 0 || error < errors[i - 1], `wider is not better: ${errors}`));
    assert.ok(errors[5] < errors[0] / 10);
    assert.match(
      readFileSync(join(folder, "runs/examples/universal-approximation.svg"), "utf8"),
      /<svg.*32 hidden units.*<\/svg>$/s,
    );
  },
  "regression-csv.ts": ({ output }) => {
    const [line, network] = numbers(output, /swings ([\d.]+) %/g);
    // An error of 1 % of the normal law has a median size of 0.67 %.
    assert.ok(network < 1.6 && network < line / 2, output);
  },
  "iris.ts": ({ output }) => assert.ok(numbers(output, /test accuracy ([\d.]+)/g)[0] >= 93, output),
  "derivatives.ts": ({ output }) => {
    const shown = new Map(output.split("\n").map((text) => [text.slice(0, 34).trim(), text.slice(35)]));
    const near = (what: string, expected: number[]): void => {
      const values = [JSON.parse(shown.get(what) ?? "null")].flat(2) as number[];
      assert.equal(values.length, expected.length, what);
      values.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= 1e-6 * Math.max(1, Math.abs(expected[i])), what));
    };
    near("its second derivative, 6x", [12]);
    near("its fourth, 0", [0]);
    const xs = [0, 1, 2];
    near("gradient of Σ sin(x) eˣ", xs.map((x) => Math.exp(x) * (Math.sin(x) + Math.cos(x)))); // biome-ignore format: a line each
    const second = xs.map((x) => 2 * Math.exp(x) * Math.cos(x));
    near("its Hessian, row by row", xs.flatMap((_, i) => xs.map((_, j) => (i === j ? second[i] : 0)))); // biome-ignore format: a line each
    near("how it moves in direction (1 0 1)", [0, 0, 4]);
    near("a gradient for each row", [1, 2, 3, 4, 5, 6]);
    assert.equal(shown.get("slope of log(1 + eˣ) at 1000"), "null", "NaN in JSON");
    near("the same with its rule", [1]);
    near("slope of the rule itself, at 0", [0.25]);
  },
  "compile-a-function.ts": ({ output }) => {
    const heights = numbers(output, /height (\S+)/g);
    assert.ok(Math.abs(heights[0] - 24.2) < 1e-4);
    assert.ok(heights[heights.length - 1] < 1e-9);
  },
  "explain-sigmoid.ts": ({ output }) => {
    assert.deepEqual(numbers(output, /∂f\/∂w = ([\d.]+)$/gm), [0.25, 0.25]);
    assert.match(output, /∂f\/∂w {2}= 0\.25 by forward mode, 0\.25 by reverse mode/);
    assert.match(output, /^flowchart LR$/m);
  },
  "backpropagation-by-hand.ts": ({ output }) => {
    // mpmath at 60 digits: tools/golden/explain.py, and its network once more at the weights moved by half the gradient.
    assert.match(output, /^out = \[0\.751365069552, 0\.772928465321\]$/m);
    assert.match(output, /^E {3}= 0\.298371108760$/m);
    assert.match(output, /by hand 0\.082167041, by reverse mode 0\.082167041/);
    assert.match(output, /after one step with learning rate 0\.5: E = 0\.291027774/);
  },
  "digits.ts": ({ output, folder }) => {
    const accuracies = numbers(output, /test accuracy ([\d.]+)/g);
    assert.ok(accuracies[accuracies.length - 1] > 0.96, output);
    for (const file of ["digits.safetensors", "digits.onnx"]) assert.ok(existsSync(join(folder, "runs/examples", file)));
  },
  "digits-cnn.ts": ({ output, folder }) => {
    const accuracies = numbers(output, /test accuracy ([\d.]+)/g);
    assert.ok(accuracies[accuracies.length - 1] >= 0.985, output);
    assert.ok(existsSync(join(folder, "runs/examples/digits-cnn.onnx")));
  },
  "translation-invariance.ts": ({ output }) => {
    const row = (name: string): { accuracies: number[]; changes: number[] } => {
      const line = output.split("\n").find((text) => text.startsWith(`${name} `)) ?? "";
      return { accuracies: numbers(line, /([\d.]+) %/g), changes: numbers(line, /% ([\d.]+)/g) };
    };
    const [none, twice, all] = [row("no pooling"), row("maxPool 2 × 2, twice"), row("global maximum")];
    assert.ok(none.accuracies[0] > 95 && twice.accuracies[0] > 95 && all.accuracies[0] > 93, output);
    // A move by one pixel: pooling keeps more, the maximum over all places keeps everything.
    assert.ok(twice.accuracies[1] > none.accuracies[1] + 5, output);
    assert.ok(all.accuracies[1] > 93 && all.changes[1] < 0.1, output);
    assert.ok(none.accuracies[3] < 20 && all.accuracies[3] > 90, output);
  },
  "self-normalising.ts": ({ output, folder }) => {
    const after64 = (name: string): number[] => {
      const row = output.split("\n").find((line) => line.startsWith(name.padEnd(31))) ?? "";
      return row.slice(31).trim().split(/\s+/).slice(-2).map(Number); // biome-ignore format: one line
    };
    // What 256 units leave of the promise for infinitely many.
    for (const name of ["SELU, LeCun", "SELU, LeCun, alpha dropout 0.1"]) {
      const [mean, variance] = after64(name);
      assert.ok(Math.abs(mean) < 0.1 && variance > 0.8 && variance < 1.25, output);
    }
    assert.ok(after64("SELU, LeCun, dropout 0.1")[1] > 1.3, output);
    assert.ok(after64("ReLU, He")[0] > 0.2, output);
    assert.ok(after64("tanh, LeCun")[1] < 0.02, output);
    assert.match(readFileSync(join(folder, "runs/examples/self-normalising.svg"), "utf8"), /^<svg.*alpha dropout.*<\/svg>\s*$/s);
  },
  "health/weight-gradient-trap.ts": ({ output }) => {
    // Weight gradients alike in both networks, and the signal far apart: in theory (1/6)^(29/2) = 5.2e−12 and 1.
    const [trapped, healthy] = numbers(output, /weight gradients, .* (\S+)$/gm);
    assert.ok(trapped > 0.1 && trapped < 10 && healthy > 0.1 && healthy < 10, output);
    const [vanished, arrives] = numbers(output, /arriving signal, .* (\S+)$/gm);
    assert.ok(vanished > 1e-12 && vanished < 3e-11 && arrives > 0.1 && arrives < 10, output);
    const [blind, learned] = numbers(output, /test accuracy .* (\S+) %/g);
    assert.ok(blind < 20 && learned > 50, output);
  },
  "health/vanishing-and-exploding.ts": ({ output, folder }) => {
    const row = (start: string): number[] => numbers(output.split("\n").find((line) => line.startsWith(start)) ?? "", / (\d\S*)(?= |$)/g); // biome-ignore format: one line
    // Columns: sigmoid, softplus, tanh, relu, … In theory relu keeps its signal with He's rule, tanh nearly with Glorot's.
    assert.ok(row("PyTorch").slice(-9).every((ratio) => ratio < 0.01), output); // biome-ignore format: one line
    assert.ok(row("He: ").slice(-9)[3] > 0.1 && row("Glorot").slice(-9)[2] > 0.03, output);
    assert.ok(row("N(0, 1)").slice(-9)[3] > 1e18 && row("U(±0.05)").slice(-9)[3] < 1e-18, output);
    assert.match(
      readFileSync(join(folder, "runs/examples/vanishing-and-exploding.svg"), "utf8"),
      /^<svg.*vanishes.*<\/svg>\s*$/s,
    );
  },
  "health/dying-relu.ts": ({ output }) => {
    const [dead, , clipped, leaky] = numbers(output, /dead units (\d+) %/g);
    assert.ok(dead === 100 && clipped < 70 && leaky === 0, output);
    const [constant] = numbers(output, /saying the mean: (\S+)/g);
    const errors = numbers(output, /error +(\S+),/g);
    assert.ok(errors[0] > 0.98 * constant && errors[2] < errors[1] && errors[1] < constant / 2, output);
  },
  "health/residual-identity.ts": ({ output }) => {
    const [plain, residual, scaled] = numbers(output, /middle +(\S+);/g);
    assert.ok(plain < 1e-10 && residual > 0.3 && scaled > 0.5 && scaled < 2, output);
    const largest = numbers(output, /largest +(\S+),/g);
    assert.ok(largest[1] > 1e4 && largest[2] < 10, output);
  },
  "health/sigmoid-saturation.ts": ({ output }) => {
    // √E σ′(z)² for standard normal z is 0.2117: the gain 4.7226 of the literature, turned round.
    assert.ok(Math.abs(numbers(output, / 1: \d+ %, ([\d.]+)/g)[0] - 0.2117) < 2e-3, output);
    const [raw, , standard] = numbers(output, /test accuracy after 12 epochs (\S+) %/g);
    assert.ok(standard > 92 && standard > raw + 5, output);
  },
  "health/norms.ts": ({ output }) => {
    const [none, batch, layer] = numbers(output, /first ÷ last +(\S+),/g);
    assert.ok(none < 1e-7 && batch > 1 && batch < 100 && layer > 0.1 && layer < 10, output);
    // √(π/(π − 1)) for infinitely many units.
    assert.ok(Math.abs(numbers(output, /per layer × (\S+);/g)[1] - 1.211) < 0.06, output);
    const [blind, learned] = numbers(output, /test accuracy (\S+) %/g);
    assert.ok(blind < 20 && learned > 80, output);
  },
  "health/clipping-recurrent.ts": ({ output }) => {
    const [plain, clipped] = numbers(output, /error at the end (\S+);/g);
    assert.ok(clipped < 0.1 && (Number.isNaN(plain) || plain > clipped), output);
  },
  "health/learning-rate-limit.ts": ({ output }) => {
    // λ of the Hessian of the published program, by numpy.linalg.eigvalsh: 226.8640.
    assert.match(output, /from 0\.62\d to 226\.86: rates above 0\.008816 diverge/);
    assert.match(output, /rate 0\.008500 .* converges/);
    assert.match(output, /rate 0\.010000 .* diverges/);
  },
  "health/race-of-remedies.ts": ({ output }) => {
    const [ill, relu, ...others] = numbers(output, /right (\S+) %/g);
    // The textbook's answer helps, and something else helps more.
    assert.ok(ill < 52 && relu > ill + 5 && Math.max(...others) > relu + 5 && Math.max(...others) > 75, output);
    const [vanished, ...arrived] = numbers(output, /first ÷ last +(\S+);/g);
    assert.ok(vanished < 1e-3 && arrived.every((ratio) => ratio > 0.05 && ratio < 20), output);
  },
  "health/recurrent-memory.ts": ({ output }) => {
    const [rnn, lstm] = numbers(output, /at the last: (\S+) at the start/g);
    assert.ok(rnn < 0.05 && lstm > 10 * rnn, output);
    const errors = numbers(output, /error (\S+)$/gm);
    assert.ok(errors[0] > 0.1 && errors[1] < 0.05, output);
  },
  "health/placebo.ts": ({ output }) => {
    const row = (name: RegExp): number[] => numbers(output.split("\n").find((line) => name.test(line)) ?? "", /([\d.]+) %/g);
    const before = row(/^as it was/);
    const after = numbers(output.split("\n")[2], /([\d.]+) %/g);
    assert.equal(before.length, 3);
    before.forEach((score, i) => assert.ok(after[i] > score + 20, output));
    for (const score of [...row(/^placebo: a fresh/), ...row(/^taken out/)]) assert.ok(score < 60, output);
    assert.match(output, /every bit is as before/);
    assert.match(output, /verdict: (proved|improved)/);
  },
  "export-and-run.ts": ({ output }) => {
    assert.match(output, /150 flowers, 3 scores each/);
    assert.ok(numbers(output, /largest difference (\S+)/g)[0] < 1e-5, output);
  },
};

const numbers = (text: string, pattern: RegExp): number[] => Array.from(text.matchAll(pattern), ([, digits]) => Number(digits));

const examples = ["", "health/"].flatMap((folder) =>
  readdirSync(`examples/${folder}`)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => folder + name),
);

test("every claim is that of an example", () => {
  assert.deepEqual(
    Object.keys(claims).filter((name) => !examples.includes(name)),
    [],
  );
});

for (const name of examples) {
  test(`${name} shows what it says`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "softgrad-example-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--import", import.meta.resolve("tsx"), resolve("examples", name)],
      { cwd: folder, timeout: 120_000, env: { ...process.env, TSX_TSCONFIG_PATH: resolve("tsconfig.json") } },
    );
    assert.equal(stderr, "");
    assert.notEqual(stdout, "");
    claims[name]?.({ output: stdout, folder });
  });
}
