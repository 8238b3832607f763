/** The data that most lessons of this folder learn: digits of 8 × 8 pixels, each pixel standardised on the training rows. */
import { data, random, tensor } from "softgrad";

export async function standardDigits() {
  const { train, test } = (await data.digits()).split({ train: 0.8, test: 0.2 }, { key: random.key(7), stratifyBy: "labels" });
  const by = data.fitStandardiser(train);
  return { train: data.standardise(train, by), test: data.standardise(test, by) };
}

/** The first rows of a data set as a batch of two tensors. */
export function firstRows(rows: Awaited<ReturnType<typeof standardDigits>>["train"], count: number) {
  const { features, labels } = rows.gather(Int32Array.from({ length: count }, (_, i) => i));
  return { x: tensor(features.data, { shape: features.shape }), y: tensor(labels.data, { shape: labels.shape }) };
}
