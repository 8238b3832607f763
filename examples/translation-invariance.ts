/**
 * Translation invariance, measured: networks of the same two convolutions learn digits in the middle of a larger picture, and
 * are asked about digits that have moved. They differ in what stands between the convolutions and the scores.
 *
 *     npx tsx examples/translation-invariance.ts
 */
import { data, nn, optim, random, train } from "softgrad";
import { relu } from "softgrad/activations";

const size = 8;
const canvas = 14;
const margin = (canvas - size) / 2;
const furthest = 3;

/** The digits, each moved from the middle of an empty picture. */
const moved = (digits: typeof parts.train, right: number, down: number) =>
  digits.map(({ features, labels }) => {
    const picture = new Float32Array(canvas * canvas);
    for (let row = 0; row < size; row++) {
      const from = features.subarray(row * size, (row + 1) * size);
      picture.set(from, (row + margin + down) * canvas + margin + right);
    }
    return { features: picture, labels };
  });

const parts = (await data.digits()).split({ train: 0.8, test: 0.2 }, { key: random.key(7), stratifyBy: "labels" });

const first = [nn.unflatten([1, canvas, canvas]), nn.conv2d(1, 16, 3, { padding: "same" }), relu];
const second = [nn.conv2d(16, 32, 3, { padding: "same" }), relu];
const networks: Record<string, nn.Layer> = {
  "no pooling": nn.sequential(...first, ...second, nn.flatten(), nn.linear(32 * canvas ** 2, 10)),
  "maxPool 2 × 2, twice": nn.sequential(
    ...first,
    nn.maxPool2d(2),
    ...second,
    nn.maxPool2d(2),
    nn.flatten(),
    nn.linear(32 * Math.floor(canvas / 4) ** 2, 10),
  ),
  // Its windows stand on a grid of 2 pixels: a move by 2 is none to it, a move by 1 is.
  "maxPool, global maximum": nn.sequential(...first, nn.maxPool2d(2), ...second, nn.globalMaxPool(), nn.linear(32, 10)),
  "global maximum": nn.sequential(...first, ...second, nn.globalMaxPool(), nn.linear(32, 10)),
};

/** How far one list of scores is from another, as a share of its length. */
function change(from: Float32Array, to: Float32Array): number {
  const length = (values: Float32Array): number => Math.hypot(...values);
  const rows = Array.from({ length: from.length / 10 }, (_, i) => [from.subarray(10 * i, 10 * i + 10), to.subarray(10 * i, 10 * i + 10)]); // biome-ignore format: one line
  const shares = rows.map(([a, b]) => length(a.map((value, i) => b[i] - value)) / length(a));
  return shares.reduce((total, share) => total + share, 0) / shares.length;
}

console.log(`${"accuracy, change of scores".padEnd(26)}  after moving by 0 … ${furthest} pixels`);
for (const [name, model] of Object.entries(networks)) {
  const trainer = await train.compile({
    model,
    loss: nn.softmaxCrossEntropy,
    optimizer: optim.adamW({ learningRate: 3e-3 }),
    seed: 7,
  });
  for await (const _ of trainer.fit(moved(parts.train, 0, 0), { epochs: 10, batchSize: 64 }));
  const still = await trainer.predict(moved(parts.test, 0, 0).gather().features);
  const cells: string[] = [];
  for (let distance = 0; distance <= furthest; distance++) {
    const ways = [[distance, 0], [-distance, 0], [0, distance], [0, -distance]] as const; // biome-ignore format: one line
    let [accuracy, changed] = [0, 0];
    for (const [right, down] of ways) {
      const there = moved(parts.test, right, down);
      accuracy += (await trainer.evaluate(there, { metrics: [train.accuracy] })).accuracy / ways.length;
      changed += change(still.data, (await trainer.predict(there.gather().features)).data) / ways.length;
    }
    cells.push(`${(100 * accuracy).toFixed(1).padStart(5)} % ${changed.toFixed(2)}`);
  }
  console.log(`${name.padEnd(26)}${cells.join("   ")}`);
  await trainer.dispose();
}
