import type { Activation } from "../../activations/index.js";
import { fault } from "../../ir/fault.js";
import { formatShape, type Shape, sizeOf } from "../../ir/shape.js";
import type { Tensor } from "../../ir/tensor.js";
import * as nn from "../../nn/index.js";
import { mean } from "../../ops/index.js";
import { planActivation } from "./activations.js";
import { planInitialiser } from "./initialisers.js";
import type { Block, Head, Weights } from "./plan.js";

/** A stage of the model with the line of a program that makes the same one. */
export interface Piece {
  readonly stage: nn.Stage;
  readonly code: string;
  /** Activations, and functions of the library itself, that the line names. */
  readonly activations: readonly string[];
  readonly functions: readonly string[];
}

/** What a block becomes: its stages, which of them holds the weights, and the shape of a sample behind it. */
export interface Built {
  readonly pieces: readonly Piece[];
  /** Place among the stages, and the path within it where it is nested; null for a block without weights. */
  readonly weights: { readonly place: number; readonly within: string } | null;
  readonly shape: Shape;
}

const piece = (stage: nn.Stage, code: string, names: Partial<Pick<Piece, "activations" | "functions">> = {}): Piece => ({
  stage,
  code,
  activations: [],
  functions: [],
  ...names,
});

const activationPiece = (activation: Activation): Piece =>
  piece(activation, activation.record.name, { activations: [activation.record.name] });

/** The options of a layer as a program writes them, with a comma in front; nothing where there are none. */
function written(options: Readonly<Record<string, string | false | undefined>>): string {
  const given = Object.entries(options).filter(([, value]) => value !== false && value !== undefined);
  return given.length === 0 ? "" : `, { ${given.map(([name, value]) => `${name}: ${value}`).join(", ")} }`;
}

/** An initialiser's line; the layers' own start needs none. */
const startCode = (init: string, where: string): string | false => {
  const { initialiser, code } = planInitialiser(init, where);
  return initialiser.name !== "variancePreserving" || init.includes("(") ? code : false;
};

/** The stages of the last layer. */
export function headPieces({ units, activation, init }: Head, shape: Shape): readonly Piece[] {
  const inputs = requireVector("head", shape, "flatten, or return the last step only");
  const f = planActivation(activation, "head");
  const { initialiser } = planInitialiser(init, "head");
  const linear = piece(
    nn.linear(inputs, units, { init: initialiser }),
    `nn.linear(${inputs}, ${units}${written({ init: startCode(init, "head") })})`,
  );
  return f === null ? [linear] : [linear, activationPiece(f)];
}

/** The stages of a block, for samples of a shape. */
export function blockPieces(block: Block, shape: Shape, where: string): Built {
  switch (block.kind) {
    case "dense":
      return densePieces(block, shape, where);
    case "conv":
      return convPieces(block, shape, where);
    case "pool":
      return poolPieces(block, shape, where);
    case "flatten":
      return only(piece(nn.flatten(), "nn.flatten()"), [sizeOf(shape)]);
    case "embedding": {
      if (shape.length > 1) throw misfit(where, "(length) of whole numbers", shape, "an embedding comes first");
      const made = piece(nn.embedding(block.rows, block.units), `nn.embedding(${block.rows}, ${block.units})`);
      return { ...only(made, [...shape, block.units]), weights: { place: 0, within: "" } };
    }
    case "positions":
      if (shape.length !== 2) throw misfit(where, "(length width)", shape, "positions belong to sequences");
      return only(piece(nn.sinusoidalPositions(), "nn.sinusoidalPositions()"), shape);
    case "recurrent":
      return recurrentPieces(block, shape, where);
    case "transformer":
      return transformerPieces(block, shape, where);
  }
}

const only = (made: Piece, shape: Shape): Built => ({ pieces: [made], weights: null, shape });

function densePieces(block: Extract<Block, { kind: "dense" }>, shape: Shape, where: string): Built {
  const inputs = requireVector(where, shape, "put a flatten block in front of it");
  const { units, init, bias = true } = block;
  const linear = piece(
    nn.linear(inputs, units, { init: planInitialiser(init, where).initialiser, bias }),
    `nn.linear(${inputs}, ${units}${written({ init: startCode(init, where), bias: !bias && "false" })})`,
  );
  return weighted(linear, block, { channels: units, before: shape, after: [...shape.slice(0, -1), units] }, where);
}

function convPieces(block: Extract<Block, { kind: "conv" }>, shape: Shape, where: string): Built {
  if (shape.length !== 3) throw misfit(where, "(channels height width)", shape, "convolutions take images");
  const { channels, size, padding = "same", init, bias = true } = block;
  const spatial = shape.slice(1).map((length) => (padding === "same" ? length : length - size + 1));
  if (spatial.some((length) => length < 1))
    throw misfit(where, `an image of ${size} × ${size} or more`, shape, "a smaller kernel");
  const options = { init: planInitialiser(init, where).initialiser, bias, ...(padding === "same" && { padding }) };
  const told = { padding: padding === "same" && '"same"', init: startCode(init, where), bias: !bias && "false" };
  const conv = piece(
    nn.conv2d(shape[0], channels, size, options),
    `nn.conv2d(${shape[0]}, ${channels}, ${size}${written(told)})`,
  );
  return weighted(conv, block, { channels, before: shape, after: [channels, ...spatial] }, where);
}

interface Surroundings {
  readonly channels: number;
  readonly before: Shape;
  readonly after: Shape;
}

/** Weights with what a block puts around them: norm, activation, dropout, a way past all of it. */
function weighted(weights: Piece, block: Weights, { channels, before, after }: Surroundings, where: string): Built {
  const { activation, norm = "none", dropout = 0, residual = false, frozen = false } = block;
  const f = planActivation(activation, where);
  const kept = frozen ? { ...weights, stage: nn.frozen(weights.stage), code: `nn.frozen(${weights.code})` } : weights;
  const inner = [
    kept,
    ...(norm === "none" ? [] : [normPiece(norm, channels, after, where)]),
    ...(f === null ? [] : [activationPiece(f)]),
    ...(dropout === 0 ? [] : [piece(nn.dropout(dropout), `nn.dropout(${dropout})`)]),
  ];
  if (!residual) return { pieces: inner, weights: { place: 0, within: "" }, shape: after };
  if (before.join() !== after.join()) {
    throw fault(where, "a residual block must keep the shape", { expected: formatShape(before), got: formatShape(after) });
  }
  return { pieces: [past(inner)], weights: { place: 0, within: inner.length === 1 ? "branch" : "branch.0" }, shape: after };
}

/** The pieces as the branch of a residual connection. */
function past(inner: readonly Piece[]): Piece {
  const names = {
    activations: inner.flatMap(({ activations }) => activations),
    functions: inner.flatMap((one) => one.functions),
  };
  const lines = inner.map(({ code }) => code).join(", ");
  if (inner.length === 1) return piece(nn.residual(inner[0].stage), `nn.residual(${lines})`, names);
  return piece(nn.residual(nn.sequential(...inner.map(({ stage }) => stage))), `nn.residual(nn.sequential(${lines}))`, names);
}

type Norm = Exclude<NonNullable<Weights["norm"]>, "none">;

/** Groups of about eight channels, as many as divide them. */
const groupsOf = (channels: number): number => {
  const wanted = Math.max(1, Math.round(channels / 8));
  return Array.from({ length: wanted }, (_, i) => wanted - i).find((groups) => channels % groups === 0) ?? 1;
};

function normPiece(norm: Norm, channels: number, shape: Shape, where: string): Piece {
  if (norm === "layer" && shape.length < 3) return piece(nn.layerNorm(channels), `nn.layerNorm(${channels})`);
  if (norm === "layer") return piece(nn.groupNorm(1, channels), `nn.groupNorm(1, ${channels})`);
  if (shape.length === 2) throw misfit(where, "a layer norm", shape, "steps of a sequence are normalised one by one");
  if (norm === "batch") return piece(nn.batchNorm(channels), `nn.batchNorm(${channels})`);
  const groups = groupsOf(channels);
  return piece(nn.groupNorm(groups, channels), `nn.groupNorm(${groups}, ${channels})`);
}

function poolPieces({ how, size = 2 }: Extract<Block, { kind: "pool" }>, shape: Shape, where: string): Built {
  if (how === "globalAverage" && shape.length === 2) {
    const overSteps = (x: Tensor): Tensor => mean(x, { axes: 1 });
    return only(piece(overSteps, "(x) => mean(x, { axes: 1 })", { functions: ["mean"] }), [shape[1]]);
  }
  if (shape.length !== 3) throw misfit(where, "(channels height width)", shape, "pooling takes images");
  const [channels, ...spatial] = shape;
  if (how === "globalAverage") return only(piece(nn.globalAveragePool(), "nn.globalAveragePool()"), [channels]);
  const make = how === "max" ? nn.maxPool2d : nn.averagePool2d;
  return only(piece(make(size), `nn.${how}Pool2d(${size})`), [channels, ...spatial.map((length) => Math.floor(length / size))]);
}

const cells = {
  rnn: (inputs: number, units: number, options: nn.RnnOptions) => nn.rnn(inputs, units, options),
  lstm: (inputs: number, units: number, { activation: _, ...options }: nn.RnnOptions) => nn.lstm(inputs, units, options),
  gru: (inputs: number, units: number, { activation: _, ...options }: nn.RnnOptions) => nn.gru(inputs, units, options),
} as const;

function recurrentPieces(block: Extract<Block, { kind: "recurrent" }>, shape: Shape, where: string): Built {
  if (shape.length !== 2) throw misfit(where, "(time features)", shape, "recurrent layers take sequences");
  const { cell, units, activation, init, recurrentInit, returns } = block;
  const starts = {
    ...(init !== undefined && { init: planInitialiser(init, where) }),
    ...(recurrentInit !== undefined && { recurrentInit: planInitialiser(recurrentInit, where) }),
  };
  const plain = cell === "rnn" && activation !== undefined ? { activation } : {};
  const options = {
    ...plain,
    ...Object.fromEntries(Object.entries(starts).map(([name, made]) => [name, made.initialiser])),
    returns,
  };
  const told = {
    ...(cell === "rnn" && activation !== undefined && { activation: `"${activation}"` }),
    ...Object.fromEntries(Object.entries(starts).map(([name, { code }]) => [name, code])),
    returns: returns === "last" && '"last"',
  };
  const made = piece(cells[cell](shape[1], units, options), `nn.${cell}(${shape[1]}, ${units}${written(told)})`);
  const after = returns === "all" ? [shape[0], units] : [units];
  return { pieces: [made], weights: { place: 0, within: "0.forward" }, shape: after };
}

function transformerPieces(block: Extract<Block, { kind: "transformer" }>, shape: Shape, where: string): Built {
  const { width, heads, hidden, norm } = block;
  if (shape.length !== 2 || shape[1] !== width) throw misfit(where, `(length ${width})`, shape, "give it sequences of its width");
  const options = { heads, feedForward: hidden, norm };
  const told = written({ heads: String(heads), feedForward: String(hidden), norm: `"${norm}"` });
  const made = piece(nn.transformerEncoderLayer(width, options), `nn.transformerEncoderLayer(${width}${told})`);
  return { pieces: [made], weights: { place: 0, within: "" }, shape };
}

function requireVector(where: string, shape: Shape, fix: string): number {
  if (shape.length === 1 || shape.length === 2) return shape[shape.length - 1];
  throw misfit(where, "(features) or (length features)", shape, fix);
}

const misfit = (where: string, expected: string, shape: Shape, fix: string) =>
  fault(where, "the block does not take samples of this shape", { expected, got: formatShape(shape), fix });
