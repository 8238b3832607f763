import { fromCsv, type LabelledData } from "./csv.js";
import { dataset } from "./dataset.js";

/** Grey levels of the digits, as they are stored. */
const whitest = 16;

/**
 * 1797 handwritten digits, grey pictures of 8 × 8. Features are the 64 pixels, row by row, from 0 (paper) to 1 (ink); labels 0 to 9.
 * Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998,
 * doi:10.24432/C50P49, CC BY 4.0; the test part of the set.
 */
export async function digits(): Promise<LabelledData> {
  const { optdigits } = await import("./bundled/optdigits.js");
  const packed = Uint8Array.from(atob(optdigits), (character) => character.charCodeAt(0));
  const raw = await fromCsv(packed, { name: "digits", header: "absent", label: -1 });
  const { features, labels } = raw.columns;
  const scaled = { ...features, data: features.data.map((level) => level / whitest) };
  return dataset<{ features: Float32Array; labels: Int32Array }>(
    { features: scaled, labels },
    { classNames: raw.info.classNames, imageShape: [8, 8] },
  );
}
