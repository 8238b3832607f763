import { flowingInputs, pushForward, zerosLike } from "../diff/forward.js";
import { pullBack } from "../diff/reverse.js";
import { isFloat, type TypedArray } from "../ir/dtype.js";
import { topologicalOrder } from "../ir/order.js";
import type { Tensor } from "../ir/tensor.js";
import { add, full, type NestedNumbers } from "../ops/index.js";
import { interpret } from "../run/interpret.js";
import { writeNode } from "./notation.js";
import { nest } from "./numbers.js";
import { activeInputs, type Rules, rulesOf, source } from "./rules.js";

/** A variable or an intermediate value, with its two derivatives at the point. */
export interface Step {
  /** `x`, `h3`, or the name that its author gave it. */
  readonly name: string;
  readonly kind: "variable" | "operation";
  /** Name of the primitive; null for a variable. */
  readonly operation: string | null;
  /** `−h2`; for a variable its name. */
  readonly expression: string;
  /** Names of the steps it is computed from, each once. */
  readonly inputs: readonly string[];
  readonly shape: readonly number[];
  readonly value: NestedNumbers;
  /** Forward mode: its derivative along each direction, by name; null where none can be (a truth value). */
  readonly tangents: Readonly<Record<string, NestedNumbers | null>>;
  /** Reverse mode: the derivative of the result by it; null where the result does not depend on it by a derivative. */
  readonly adjoint: NestedNumbers | null;
  readonly rule: StepRule;
}

export interface StepRule {
  /** `ḣ3 = −ḣ2`; null where no derivative passes. */
  readonly forward: string | null;
  /** What it gives back to each of its inputs. */
  readonly reverse: readonly Contribution[];
}

/** A term of an adjoint. */
export interface Contribution {
  readonly to: string;
  /** `h̄2 += −h̄3` */
  readonly text: string;
  readonly value: NestedNumbers;
  /** ∂h3/∂h2, as a formula and at the point; null between tensors, where it would be a matrix. */
  readonly slope: { readonly text: string; readonly value: number } | null;
}

/** An argument of the function: its placeholder in the graph, and its value. */
export interface Variable {
  readonly name: string;
  readonly tensor: Tensor;
  readonly value: TypedArray;
}

/** A direction for forward mode: a tangent for some of the variables. */
export interface Direction {
  readonly name: string;
  readonly tangents: ReadonlyMap<Tensor, Tensor>;
}

/** A function in the form of a finished graph, at a point. */
export interface Subject {
  readonly variables: readonly Variable[];
  readonly output: Tensor;
  /** Names that the author gave to intermediate values. */
  readonly names: ReadonlyMap<Tensor, string>;
  readonly directions: readonly Direction[];
  readonly digits: number;
}

/** Everything to be known of one node, as graph. */
interface Plan {
  readonly node: Tensor;
  readonly name: string;
  readonly rules: Rules;
  readonly tangents: readonly (Tensor | null)[];
  adjoint: Tensor | null;
  /** What it gives back to each input in `rules.reverse`, where an adjoint reaches it. */
  gives: readonly { readonly part: Tensor; readonly slope: Tensor | null }[];
}

export interface Walk {
  /** In the order of evaluation, the variables first. */
  readonly steps: readonly Step[];
  readonly value: number;
  /** The step that is the result; null when it depends on no variable. */
  readonly result: string | null;
}

/** Both modes over a subject, step by step. */
export function walk(subject: Subject): Walk {
  const plans = makePlans(subject);
  sweepBack(plans, subject.output);
  const wanted = plans.flatMap(({ node, tangents, adjoint, gives }) => [
    node,
    ...tangents,
    adjoint,
    ...gives.flatMap(({ part, slope }) => [part, slope]),
  ]);
  const read = evaluate(subject, [subject.output, ...wanted.filter((tensor) => tensor !== null)]);
  const names = new Map(plans.map(({ node, name }) => [node, name]));
  return {
    steps: plans.map((plan) => describe(plan, names, subject, read)),
    value: Number(read(subject.output)),
    result: names.get(subject.output) ?? null,
  };
}

function makePlans({ output, variables, directions, names: given, digits }: Subject): Plan[] {
  const leaves = variables.map(({ tensor }) => tensor);
  const nodes = stepNodes(output, leaves);
  const varying = new Set(nodes);
  const names = nameSteps(nodes, variables, given);
  const tangents = directions.map((direction) =>
    pushForward(
      nodes,
      leaves,
      leaves.map((leaf) => direction.tangents.get(leaf) ?? null),
    ),
  );
  return nodes.map((node, position) => {
    const active = leaves.includes(node) ? [] : activeInputs(node, varying);
    const rules = active.length === 0 ? { forward: null, reverse: [] } : rulesOf(node, active, names, digits);
    return {
      node,
      name: names.get(node) ?? "?",
      rules,
      tangents: tangents.map((column) => column[position]),
      adjoint: null,
      gives: [],
    };
  });
}

/** The variables, then every node that depends on one. A function with a rule of its own is one step. */
function stepNodes(output: Tensor, leaves: readonly Tensor[]): Tensor[] {
  const isLeaf = new Set(leaves);
  const inputsOf = (node: Tensor): readonly Tensor[] =>
    (node.primitive.derivative.kind === "custom" ? flowingInputs(node) : node.inputs).map(source);
  const varying = new Set(leaves);
  for (const node of topologicalOrder([output], (candidate) => isLeaf.has(candidate), inputsOf)) {
    if (inputsOf(node).some((input) => varying.has(input))) varying.add(node);
  }
  return [...varying];
}

/** h1, h2, … in the order of evaluation, with another letter when the author uses such names. */
function nameSteps(
  nodes: readonly Tensor[],
  variables: Subject["variables"],
  given: ReadonlyMap<Tensor, string>,
): Map<Tensor, string> {
  const names = new Map<Tensor, string>([...given, ...variables.map(({ name, tensor }) => [tensor, name] as const)]);
  const taken = [...names.values()];
  const letter =
    ["h", "v", "t", "u", "step"].find((one) => !taken.some((name) => new RegExp(`^${one}\\d+$`).test(name))) ?? "node";
  let count = 0;
  for (const node of nodes) if (!names.has(node)) names.set(node, `${letter}${++count}`);
  return names;
}

/** Reverse mode, a step at a time: each gives its adjoint, through its slope, to the steps it was computed from. */
function sweepBack(plans: readonly Plan[], output: Tensor): void {
  const planOf = new Map(plans.map((plan) => [plan.node, plan]));
  const last = planOf.get(output);
  if (last !== undefined) last.adjoint = full([], 1);
  for (const plan of [...plans].reverse()) {
    const { adjoint, node } = plan;
    if (adjoint === null) continue;
    const inputs = plan.rules.reverse.map(({ to }) => to);
    const parts = pullBack([node], inputs)([adjoint]);
    plan.gives = inputs.map((input, i) => {
      const part = parts[i] ?? zerosLike(input);
      const receiver = planOf.get(input);
      if (receiver !== undefined) receiver.adjoint = receiver.adjoint === null ? part : add(receiver.adjoint, part);
      const isScalar = node.rank === 0 && input.rank === 0;
      // All inputs are held but this one: another may itself be computed from it.
      const alone = inputs.map((other) => (other === input ? full([], 1) : null));
      return { part, slope: isScalar ? pushForward([node], inputs, alone)[0] : null };
    });
  }
}

type Read = (tensor: Tensor) => NestedNumbers;

function evaluate({ variables }: Subject, tensors: readonly Tensor[]): Read {
  const wanted = [...new Set(tensors)];
  const values = interpret(wanted, new Map(variables.map(({ tensor, value }) => [tensor, value])));
  const known = new Map(wanted.map((tensor, i) => [tensor, nest(values[i], tensor)]));
  return (tensor) => known.get(tensor) ?? Number.NaN;
}

function describe(
  plan: Plan,
  names: ReadonlyMap<Tensor, string>,
  { variables, directions, digits, names: given }: Subject,
  read: Read,
): Step {
  const { node, name, rules } = plan;
  const isVariable = variables.some(({ tensor }) => tensor === node);
  const nameOf = (tensor: Tensor): string => names.get(tensor) ?? "?";
  const derivative = (tensor: Tensor | null): NestedNumbers | null =>
    tensor !== null ? read(tensor) : isFloat(node.dtype) ? fill(node, 0) : null;
  return {
    name,
    kind: isVariable ? "variable" : "operation",
    operation: isVariable ? null : node.primitive.name,
    expression: isVariable ? name : writeNode(node, { names: new Map([...given, ...names]), digits }),
    inputs: isVariable
      ? []
      : [
          ...new Set(
            node.inputs
              .map(source)
              .filter((input) => names.has(input))
              .map(nameOf),
          ),
        ],
    shape: node.shape,
    value: read(node),
    tangents: Object.fromEntries(directions.map((direction, i) => [direction.name, derivative(plan.tangents[i])])),
    adjoint: plan.adjoint === null && !isVariable ? null : derivative(plan.adjoint),
    rule: {
      forward: rules.forward,
      reverse: plan.gives.map(({ part, slope }, i) => {
        const { to, text, slope: formula } = rules.reverse[i];
        return {
          to: nameOf(to),
          text,
          value: read(part),
          slope: slope === null || formula === null ? null : { text: formula, value: Number(read(slope)) },
        };
      }),
    },
  };
}

function fill({ shape }: Tensor, value: number): NestedNumbers {
  return shape.reduceRight<NestedNumbers>((inner, size) => Array.from({ length: size }, () => inner), value);
}
