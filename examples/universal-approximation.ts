/**
 * Universal approximation, seen: one hidden layer fits a wiggly curve the better the wider it is.
 *
 *     npx tsx examples/universal-approximation.ts
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { data, nn, optim, train } from "softgrad";
import { tanh } from "softgrad/activations";

const wiggle = (x: number): number => Math.sin(3 * x) + 0.5 * Math.cos(8 * x);
const xs = Array.from({ length: 256 }, (_, i) => -2 + (4 * i) / 255);
const curve = data.fromArrays({ features: xs.map((x) => [x]), targets: xs.map((x) => [wiggle(x)]) });

/** The curve that a hidden layer of the given width comes to. */
async function fit(width: number): Promise<Float32Array> {
  const epochs = 600;
  const batchSize = 64;
  const steps = epochs * curve.batchCount({ size: batchSize });
  const model = nn.sequential(nn.linear(1, width, { init: spread, biasInit: spread }), tanh, nn.linear(width, 1));
  const optimizer = optim.adam({ learningRate: optim.oneCycle({ rate: 0.03, steps }) });
  const trainer = await train.compile({ model, loss: nn.mse, optimizer, seed: 5 });
  for await (const _ of trainer.fit(curve, { epochs, batchSize }));
  return (await trainer.predict(curve.gather().features)).data;
}
// Bends of many places and slopes from the start: inputs of one number need larger weights than the usual ones.
const spread = nn.initialisers.normal({ std: 3 });

const fits: { width: number; values: Float32Array }[] = [];
for (const width of [1, 2, 4, 8, 16, 32]) {
  const values = await fit(width);
  fits.push({ width, values });
  const error = Math.sqrt(values.reduce((sum, y, i) => sum + (y - wiggle(xs[i])) ** 2, 0) / xs.length);
  console.log(`width ${String(width).padStart(2)}  root mean square error ${error.toFixed(4)}`);
}

/** A panel per width: the curve in grey, the fit over it. */
const panels = fits.map(({ width, values }, panel) => {
  const line = (ys: ArrayLike<number>): string =>
    xs.map((x, i) => `${((x + 2) * 60).toFixed(1)},${(80 - ys[i] * 40).toFixed(1)}`).join(" ");
  return `<g transform="translate(${20 + (panel % 3) * 270} ${30 + Math.floor(panel / 3) * 190})">
    <text x="120" y="-8" text-anchor="middle">${width} hidden unit${width === 1 ? "" : "s"}</text>
    <polyline points="${line(xs.map(wiggle))}" stroke="#bbb" stroke-width="5"/>
    <polyline points="${line(values)}" stroke="#1668b8" stroke-width="2"/></g>`;
});
const style = "text { font: 14px sans-serif } polyline { fill: none; stroke-linejoin: round }";
mkdirSync("runs/examples", { recursive: true });
writeFileSync(
  "runs/examples/universal-approximation.svg",
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 820 390"><style>${style}</style><rect width="820" height="390" fill="#fff"/>${panels.join("")}</svg>`,
);
console.log("runs/examples/universal-approximation.svg shows the fits");
