import { fault } from "../ir/fault.js";
import { NO_LABEL } from "../nn/index.js";
import { fillBits, type Key, uniform01 } from "../random/counter.js";
import type { WordPieces } from "./word-pieces.js";

export interface MaskingOptions {
  /** Share of the tokens that are to be guessed. Default 0.15. */
  readonly rate?: number;
  /** Most of them in one sequence. */
  readonly places: number;
}

/** A sequence with words hidden, the places of those, and what was there; places that are not used have no label. */
export interface Masked {
  readonly tokens: Int32Array;
  readonly places: Int32Array;
  readonly labels: Int32Array;
}

/**
 * Hides words to be guessed: of the chosen tokens 80 % become the mask, 10 % some other token, 10 % stay. Special tokens are left
 * alone; at least one token is chosen where there is one. Devlin et al. 2018, appendix C.2.
 */
export function maskWords(
  tokens: ArrayLike<number>,
  { vocabulary, special }: Pick<WordPieces, "vocabulary" | "special">,
  { rate = 0.15, places: most }: MaskingOptions,
  key: Key,
): Masked {
  if (!(rate > 0 && rate <= 1) || !(Number.isInteger(most) && most > 0)) {
    throw fault("maskWords", "nothing would be hidden", {
      expected: "a rate above 0, up to 1, and 1 place or more",
      got: `${rate}, ${most}`,
    });
  }
  const numbers = new Set(Object.values(special));
  const ordinary = Array.from({ length: tokens.length }, (_, i) => i).filter(
    (i) => !numbers.has(tokens[i]) || tokens[i] === special.unknown,
  );
  const words = fillBits(key, 3 * tokens.length + 1);
  const draw = (i: number, lane: number): number => uniform01(words[3 * i + lane]);
  // Those with the smallest numbers: as many as the rate says, whichever they are.
  const count = Math.min(most, Math.max(1, Math.round(rate * ordinary.length)), ordinary.length);
  const chosen = ordinary.sort((a, b) => draw(a, 0) - draw(b, 0)).slice(0, count).sort((a, b) => a - b); // biome-ignore format: one line
  const hidden = Int32Array.from(tokens);
  const places = new Int32Array(most);
  const labels = new Int32Array(most).fill(NO_LABEL);
  chosen.forEach((at, i) => {
    places[i] = at;
    labels[i] = tokens[at];
    const share = draw(at, 1);
    if (share < 0.8) hidden[at] = special.mask;
    else if (share < 0.9) hidden[at] = anotherToken(vocabulary.length, numbers, draw(at, 2));
  });
  return { tokens: hidden, places, labels };
}

/** A token that has no special meaning. */
function anotherToken(count: number, special: ReadonlySet<number>, at: number): number {
  const first = Math.floor(at * count);
  for (let step = 0; step < count; step++) if (!special.has((first + step) % count)) return (first + step) % count;
  return first;
}

/** One text as BERT reads it: start, text, end, padded to `length`; what does not fit is cut off. */
export function frameSentence(
  text: readonly number[],
  { special }: Pick<WordPieces, "special">,
  length: number,
): { tokens: Int32Array; segments: Int32Array; mask: Int32Array } {
  if (length < 3) throw fault("frameSentence", "a text does not fit", { expected: "a length of 3 or more", got: String(length) });
  const row = [special.start, ...text.slice(0, length - 2), special.end];
  const tokens = new Int32Array(length).fill(special.padding);
  tokens.set(row);
  return { tokens, segments: new Int32Array(length), mask: new Int32Array(length).fill(1, 0, row.length) };
}

/** Two sentences as BERT reads them: start, first, end, second, end, padded to `length`; the longer one is cut where they do not fit. */
export function joinSentences(
  first: readonly number[],
  second: readonly number[],
  { special }: Pick<WordPieces, "special">,
  length: number,
): { tokens: Int32Array; segments: Int32Array; mask: Int32Array } {
  if (length < 5)
    throw fault("joinSentences", "two sentences do not fit", { expected: "a length of 5 or more", got: String(length) });
  const [a, b] = [[...first], [...second]];
  while (a.length + b.length > length - 3) (a.length > b.length ? a : b).pop();
  const row = [special.start, ...a, special.end, ...b, special.end];
  const tokens = new Int32Array(length).fill(special.padding);
  tokens.set(row);
  const segments = new Int32Array(length).fill(1, a.length + 2, row.length);
  return { tokens, segments, mask: new Int32Array(length).fill(1, 0, row.length) };
}
