/**
 * Backpropagation by hand: two inputs, two hidden units, two outputs, sigmoid everywhere, one training example. All values
 * on the way forward, all adjoints on the way back, the eight gradients, one step downhill.
 *
 *     npx tsx examples/backpropagation-by-hand.ts [drawing.svg]
 */
import { writeFileSync } from "node:fs";
import { add, matmul, mul, sigmoid, square, sub, sum, type Tensor, tensor } from "softgrad";
import { explain } from "softgrad/explain";

const x = tensor([[0.05, 0.1]]); // (example input)
const target = tensor([[0.01, 0.99]]); // (example output)

// Column j of a matrix holds the weights into unit j; a layer has one bias for all its units.
const start = {
  W1: [[0.15, 0.25], [0.2, 0.3]], // biome-ignore format: a matrix
  b1: 0.35,
  W2: [[0.4, 0.5], [0.45, 0.55]], // biome-ignore format: a matrix
  b2: 0.6,
};

type Parameters = { readonly [K in keyof typeof start]: Tensor };

/** The error of the network, and names for the values on the way to it. */
function network({ W1, b1, W2, b2 }: Parameters) {
  const net1 = add(matmul(x, W1), b1);
  const hidden = sigmoid(net1);
  const net2 = add(matmul(hidden, W2), b2);
  const out = sigmoid(net2);
  const E = mul(sum(square(sub(target, out))), 0.5);
  return { value: E, names: { x, target, net1, hidden, net2, out, E } };
}

// Forward mode moves one weight at a time: here the one from the first input to the second hidden unit.
const explained = explain(network, start, { name: "E", forward: ["W1[0, 1]"], digits: 9 });
console.log(explained.text());

const out = explained.step("out").value as number[][];
console.log(`out = [${out[0].map((value) => value.toFixed(12)).join(", ")}]`);
console.log(`E   = ${explained.value.toFixed(12)}`);

// The weight into the first output unit from the first hidden one, by the chain rule of the textbook: three factors.
const [hidden] = explained.step("hidden").value as number[][];
const factors = [out[0][0] - 0.01, out[0][0] * (1 - out[0][0]), hidden[0]];
const byHand = factors.reduce((product, factor) => product * factor);
const gradient = explained.gradient as Record<keyof typeof start, number[][]>;
console.log(`\n∂E/∂W2[0, 0] = ∂E/∂out · ∂out/∂net · ∂net/∂W2 = ${factors.map((factor) => factor.toFixed(9)).join(" · ")}`);
console.log(`  by hand ${byHand.toFixed(9)}, by reverse mode ${gradient.W2[0][0].toFixed(9)}`);

// One step of gradient descent on the weights.
const learningRate = 0.5;
const moved = (weights: number[][], slopes: number[][]) =>
  weights.map((row, i) => row.map((weight, j) => weight - learningRate * slopes[i][j]));
const after = explain(network, { ...start, W1: moved(start.W1, gradient.W1), W2: moved(start.W2, gradient.W2) });
console.log(`\nafter one step with learning rate ${learningRate}: E = ${after.value.toFixed(9)}`);

const [file] = process.argv.slice(2);
if (file !== undefined) {
  writeFileSync(file, explained.svg());
  console.log(`drawn in ${file}`);
}
