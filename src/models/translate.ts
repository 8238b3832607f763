import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { logSoftmax, slice, take, tensor, zeros } from "../ops/index.js";
import { compile } from "../run/compile.js";
import type { Runtime } from "../run/runtime.js";
import { SEQUENCE_SYMBOLS, type SequenceToSequence, type SequenceToSequenceParameters } from "./sequence-to-sequence.js";
import { storedElements } from "./stored.js";

export interface TranslateOptions {
  /** How many beginnings are kept side by side; 1 (default) always takes the likeliest symbol. */
  readonly beam?: number;
  /** Totals are divided by the length to this power, so that long sequences are not at a loss. Default 1; 0 does not. */
  readonly lengthPower?: number;
  readonly runtime?: Runtime;
}

/** A sequence that was written, without its start and end, and the mean logarithm of the likelihood of its symbols. */
export interface Written {
  readonly symbols: Int32Array;
  readonly score: number;
}

interface Hypothesis {
  readonly symbols: readonly number[];
  readonly total: number;
  /** Its row in the caches. */
  readonly row: number;
  readonly ended: boolean;
}

/**
 * What the model writes for each source, by beam search (greedily with a beam of 1): the likeliest beginnings are kept and continued
 * symbol by symbol. Reads sources once; every step runs all beginnings of all sources together.
 */
export async function translate(
  model: SequenceToSequence,
  parameters: SequenceToSequenceParameters,
  sources: readonly Int32Array[],
  { beam = 1, lengthPower = 1, runtime }: TranslateOptions = {},
): Promise<Written[]> {
  const { sourceLength, targetLength, symbols } = model.options;
  if (!Number.isInteger(beam) || beam < 1 || beam > symbols) {
    throw fault("translate", "there is no such beam", { expected: `1 to ${symbols} beginnings`, got: String(beam) });
  }
  if (sources.length === 0) return [];
  const rows = sources.length * beam;
  const place = runtime === undefined ? {} : { runtime };
  const padded = sources.flatMap((source) => new Array<Int32Array>(beam).fill(padSource(source, sourceLength, symbols)));
  const read = compile((source: Tensor) => model.encode(parameters, source), place);
  const memory = await read(tensor(joined(padded), { shape: [rows, sourceLength] }));
  const step = compile(stepOf(model, parameters), place);

  let caches = emptyCaches(model, rows);
  let beams: Hypothesis[][] = sources.map((_, i) => [{ symbols: [], total: 0, row: i * beam, ended: false }]);
  for (let position = 0; position < targetLength; position++) {
    if (beams.every((beginnings) => beginnings.every(({ ended }) => ended))) break;
    // Rows that hold no beginning yet repeat the first one.
    const held = beams.flatMap((beginnings) => Array.from({ length: beam }, (_, k) => beginnings[k] ?? beginnings[0]));
    const order = tensor(Int32Array.from(held, ({ row }) => row));
    const last = tensor(Int32Array.from(held, (one) => one.symbols[one.symbols.length - 1] ?? SEQUENCE_SYMBOLS.start), { shape: [rows, 1] }); // biome-ignore format: one line
    const at = tensor(Int32Array.of(position), { shape: [] });
    const result = await step({ ...memory, caches, order, last, position: at });
    caches = result.caches;
    const scores = storedElements(result.scores);
    beams = beams.map((beginnings, i) => continued(beginnings, i * beam, scores, { beam, symbols, lengthPower }));
  }
  return beams.map(([best]) => ({
    symbols: Int32Array.from(best.symbols.filter((symbol) => symbol !== SEQUENCE_SYMBOLS.end)),
    score: rating(best, lengthPower),
  }));
}

interface StepInputs {
  readonly memory: Tensor;
  readonly memoryMask: Tensor;
  readonly caches: readonly { readonly keys: Tensor; readonly values: Tensor }[];
  readonly order: Tensor;
  readonly last: Tensor;
  readonly position: Tensor;
}

/** One more symbol for every row, with the caches in the order of the beginnings that were kept. */
const stepOf =
  (model: SequenceToSequence, parameters: SequenceToSequenceParameters) =>
  ({ memory, memoryMask, caches, order, last, position }: StepInputs) => {
    const layers = caches.map(({ keys, values }) => ({ keys: take(keys, order), values: take(values, order) }));
    const told = { cache: { layers, position } };
    const { logits, caches: after } = model.decode(parameters, last, { memory, memoryMask }, told);
    return { scores: logSoftmax(slice(logits, null, 0)), caches: after };
  };

function emptyCaches({ options }: SequenceToSequence, rows: number) {
  const { layers, heads, targetLength, width } = options;
  const empty = zeros([rows, heads, targetLength, width / heads]);
  return Array.from({ length: layers }, () => ({ keys: empty, values: empty })) as readonly { keys: Tensor; values: Tensor }[];
}

const rating = ({ symbols, total }: Hypothesis, power: number): number => total / Math.max(1, symbols.length) ** power;

/** The best of all continuations of the beginnings of one source. */
function continued(
  beginnings: readonly Hypothesis[],
  firstRow: number,
  scores: ArrayLike<number>,
  { beam, symbols, lengthPower }: { beam: number; symbols: number; lengthPower: number },
): Hypothesis[] {
  const grown = beginnings.flatMap((one, k): Hypothesis[] => {
    const row = firstRow + k;
    if (one.ended) return [{ ...one, row }];
    return Array.from({ length: symbols }, (_, symbol) => ({
      symbols: [...one.symbols, symbol],
      total: one.total + scores[row * symbols + symbol],
      row,
      ended: symbol === SEQUENCE_SYMBOLS.end,
    })).filter((_, symbol) => symbol !== SEQUENCE_SYMBOLS.padding && symbol !== SEQUENCE_SYMBOLS.start);
  });
  return grown.sort((a, b) => rating(b, lengthPower) - rating(a, lengthPower)).slice(0, beam);
}

function padSource(source: Int32Array, length: number, symbols: number): Int32Array {
  const wrong = source.findIndex((symbol) => symbol <= SEQUENCE_SYMBOLS.end || symbol >= symbols);
  if (wrong !== -1 || source.length > length) {
    throw fault("translate", wrong === -1 ? "the source is too long" : `symbol ${wrong} of the source is not known`, {
      expected: wrong === -1 ? `up to ${length} symbols` : `numbers from 3 to ${symbols - 1}`,
      got: String(wrong === -1 ? source.length : source[wrong]),
    });
  }
  const padded = new Int32Array(length);
  padded.set(source);
  return padded;
}

const joined = (rows: readonly Int32Array[]): Int32Array => Int32Array.from(rows.flatMap((row) => [...row]));
