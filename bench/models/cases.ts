import { nn, optim, type train } from "softgrad";
import { bertForPretraining, bertLoss, cnn } from "softgrad/models";

type Values = train.TrainingBatch["inputs"];

/** A network, its data, and how much faster than others it is meant to be. */
export interface ModelCase {
  readonly name: string;
  readonly title: string;
  /** Milliseconds of a step over PyTorch's, at most; null where there is no aim. */
  readonly limit: number | null;
  make(): { model: nn.Layer; loss: train.TrainingLoss; batch: train.TrainingBatch };
}

export const SIZES = {
  transformer: { symbols: 1000, width: 256, heads: 8, layers: 4, length: 128, batch: 8 },
  cnn: { side: 28, channels: [32, 64], units: 128, classes: 10, batch: 64 },
  recurrent: { inputs: 64, width: 128, length: 64, classes: 10, batch: 32 },
  bert: { vocabulary: 8000, width: 256, heads: 4, layers: 4, length: 64, places: 10, batch: 16 },
} as const;

/** What `optimizer` every case is trained with; PyTorch's AdamW has the same numbers. */
export const optimizer = () => optim.adamW({ learningRate: 1e-3, weightDecay: 0.01 });

function transformer(): ReturnType<ModelCase["make"]> {
  const { symbols, width, heads, layers, length, batch } = SIZES.transformer;
  const model = nn.sequential(
    nn.embedding(symbols, width),
    nn.learnedPositions(length, width),
    nn.transformerEncoder(width, { heads, layers, causal: true }),
    nn.linear(width, symbols),
  );
  return { model, loss: nn.tokenCrossEntropy, batch: { inputs: whole([batch, length], symbols), targets: whole([batch, length], symbols) } }; // biome-ignore format: one line
}

function image(): ReturnType<ModelCase["make"]> {
  const { side, channels, units, classes, batch } = SIZES.cnn;
  const model = cnn({ image: [1, side, side], classes, channels, hidden: [units] });
  return {
    model,
    loss: nn.softmaxCrossEntropy,
    batch: { inputs: real([batch, 1, side, side]), targets: whole([batch], classes) },
  };
}

const recurrent = (cell: typeof nn.lstm) => (): ReturnType<ModelCase["make"]> => {
  const { inputs, width, length, classes, batch } = SIZES.recurrent;
  const model = nn.sequential(cell(inputs, width, { returns: "last" }), nn.linear(width, classes));
  return {
    model,
    loss: nn.softmaxCrossEntropy,
    batch: { inputs: real([batch, length, inputs]), targets: whole([batch], classes) },
  };
};

const bert = (dropout: number) => (): ReturnType<ModelCase["make"]> => {
  const { vocabulary, width, heads, layers, length, places, batch } = SIZES.bert;
  const model = bertForPretraining({ vocabulary, width, heads, layers, positions: length, dropout, length });
  const tokens = whole([batch, length], vocabulary - 5).data;
  const rows = Array.from({ length: batch }, (_, i) => [
    ...Array.from(tokens.subarray(i * length, (i + 1) * length), (token) => token + 5),
    ...Array.from({ length }, (_, at) => (at < length / 2 ? 0 : 1)),
    ...new Array<number>(length).fill(1),
    ...Array.from({ length: places }, (_, place) => 1 + place * 6),
  ]);
  const labels = rows.map((row, i) => [...row.slice(3 * length).map((at) => row[at]!), i % 2]);
  return {
    model: model as nn.Layer,
    loss: bertLoss(vocabulary),
    batch: {
      inputs: { data: Int32Array.from(rows.flat()), shape: [batch, 3 * length + places], dtype: "int32" },
      targets: { data: Int32Array.from(labels.flat()), shape: [batch, places + 1], dtype: "int32" },
    },
  };
};

const { transformer: t, cnn: c, recurrent: r, bert: b } = SIZES;
const sequence = `${r.inputs} → ${r.width} units, ${r.length} steps, batch ${r.batch}`;
const reading = `BERT, width ${b.width}, ${b.layers} layers, ${b.vocabulary.toLocaleString("en-US")} pieces, length ${b.length}, batch ${b.batch}`;

export const cases: readonly ModelCase[] = [
  { name: "transformer", title: `Transformer, width ${t.width}, ${t.layers} layers, length ${t.length}, batch ${t.batch}`, limit: 0.7, make: transformer }, // biome-ignore format: one line
  { name: "cnn", title: `CNN, ${c.channels.join(" and ")} channels with batch norm, ${c.side} × ${c.side}, batch ${c.batch}`, limit: 1, make: image }, // biome-ignore format: one line
  { name: "lstm", title: `LSTM, ${sequence}`, limit: 1.2, make: recurrent(nn.lstm) },
  { name: "gru", title: `GRU, ${sequence}`, limit: 0.6, make: recurrent(nn.gru) },
  { name: "rnn", title: `RNN, ${sequence}`, limit: 1, make: recurrent(nn.rnn as typeof nn.lstm) },
  { name: "bert", title: `${reading}, without dropout`, limit: 0.7, make: bert(0) },
  { name: "bert-dropout", title: `${reading}, dropout 0.1`, limit: null, make: bert(0.1) },
];

function draws(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * below;
  };
}

function real(shape: readonly number[]): Values {
  const draw = draws();
  return { data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => draw(2) - 1), shape, dtype: "float32" };
}

function whole(shape: readonly number[], below: number): Values & { data: Int32Array } {
  const draw = draws();
  const data = Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.floor(draw(below)));
  return { data, shape, dtype: "int32" };
}
