import { flowingInputs, pushForward } from "../diff/forward.js";
import { pullBack } from "../diff/reverse.js";
import { isFloat } from "../ir/dtype.js";
import { Tensor } from "../ir/tensor.js";
import { parameter } from "../ops/create.js";
import { full } from "../ops/index.js";
import { writeFormula } from "./notation.js";
import { spellOut } from "./tidy.js";

/** The derivative of one step as formulas, read off the record of its primitive. */
export interface Rules {
  /** `ḣ3 = −ḣ2`; null where no derivative passes. */
  readonly forward: string | null;
  /** For every input that a derivative reaches, in order. */
  readonly reverse: readonly {
    readonly to: Tensor;
    /** `h̄2 += −h̄3` */
    readonly text: string;
    /** The slope ∂h3/∂h2 between scalars, `−1`; null between tensors, where it would be a matrix. */
    readonly slope: string | null;
  }[];
}

const COMBINING_DOT = "\u0307";
const COMBINING_MACRON = "\u0304";

/** The derivative of a step in forward mode, ẋ. */
export const tangentName = (name: string): string => marked(name, COMBINING_DOT);
/** The derivative of the result by a step, x̄. */
export const adjointName = (name: string): string => marked(name, COMBINING_MACRON);

const marked = (name: string, mark: string): string => {
  const [first, ...rest] = name;
  return `${(first + mark).normalize("NFC")}${rest.join("")}`;
};

/** Whether a node only hands on its input: repeated, as NumPy does without a word, or as it is. Such a node is no step. */
const handsOn = (node: Tensor): boolean =>
  node.primitive.broadcasts === true || (node.inputs.length === 1 && node.primitive.simplify?.(node) === node.inputs[0]);

/** The step that `input` hands on; itself if it is one. */
export function source(input: Tensor): Tensor {
  let found = input;
  while (handsOn(found)) found = found.inputs[0];
  return found;
}

/** The sources of the inputs of a step, each once, that carry a derivative from a variable. */
export function activeInputs(node: Tensor, varying: ReadonlySet<Tensor>): Tensor[] {
  const flowing = flowingInputs(node).map(source).filter((input) => varying.has(input) && isFloat(input.dtype)); // biome-ignore format: one line
  return isFloat(node.dtype) ? [...new Set(flowing)] : [];
}

/** Derives the rules of `node` on placeholders that stand for its inputs, so that they stay symbols. */
export function rulesOf(node: Tensor, active: readonly Tensor[], names: ReadonlyMap<Tensor, string>, digits: number): Rules {
  const nameOf = (step: Tensor): string => names.get(step) ?? "?";
  const stands = new Map<Tensor, Tensor>();
  for (const input of node.inputs.map(source)) if (names.has(input)) stands.set(input, parameter(input.shape, input.dtype));
  const symbolic = Tensor.over(node, node.inputs.map((input) => onStands(input, stands))); // biome-ignore format: one line
  const at = active.map((input) => stands.get(input) ?? input);
  const tangents = at.map((input) => parameter(input.shape, input.dtype));
  const cotangent = parameter(node.shape, node.dtype);
  const [tangent] = pushForward([symbolic], at, tangents);
  const parts = pullBack([symbolic], at)([cotangent]);
  const isScalar = [node, ...at].every((tensor) => tensor.rank === 0);
  const slopes = isScalar ? at.map((input) => pushForward([symbolic], [input], [full([], 1)])[0]) : at.map(() => null);

  const formulas = [tangent, ...parts, ...slopes];
  const present = formulas.filter((formula) => formula !== null);
  const [value, ...tidied] = spellOut([...stands.values(), ...tangents, cotangent], [symbolic, ...present]);
  const symbols = new Map<Tensor, string>([...names, [value, nameOf(node)]]);
  for (const [input, stand] of stands) symbols.set(stand, nameOf(input));
  active.forEach((input, i) => symbols.set(tangents[i], tangentName(nameOf(input))));
  symbols.set(cotangent, adjointName(nameOf(node)));
  let next = 0;
  const [forward, ...rest] = formulas.map((formula) =>
    formula === null ? null : writeFormula(tidied[next++], { names: symbols, digits }),
  );
  return {
    forward: forward === null ? null : `${tangentName(nameOf(node))} = ${forward}`,
    reverse: active.flatMap((to, i) => {
      const text = rest[i];
      return text === null ? [] : [{ to, text: `${adjointName(nameOf(to))} += ${text}`, slope: rest[active.length + i] }];
    }),
  };
}

/** An input built on the placeholder of its source, handed on as before. */
function onStands(input: Tensor, stands: ReadonlyMap<Tensor, Tensor>): Tensor {
  const stand = stands.get(input);
  if (stand !== undefined || !handsOn(input)) return stand ?? input;
  return Tensor.over(input, [onStands(input.inputs[0], stands)]);
}
