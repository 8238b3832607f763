import { allocateExact } from "../../ir/dtype.js";
import type { Emitter } from "../../ir/emitter.js";
import { fault } from "../../ir/fault.js";
import { interpret } from "../../ir/interpret.js";
import { topologicalOrder } from "../../ir/order.js";
import type { Primitive } from "../../ir/primitive.js";
import { Tensor } from "../../ir/tensor.js";
import { add, mul, sub } from "../../ops/arithmetic.js";
import { broadcastTogether } from "../../ops/broadcast.js";
import type { TensorLike } from "../../ops/create.js";
import { elementwise2, floatOnly, floats, operation, pointwise, sameDtype, smooth } from "../../ops/define.js";

/** A function of z and s for every order m. */
export interface TiltedForm {
  /** In float64, right to the last digits wherever it is not 0. */
  value(order: number, z: number, rate: number): number;
  lower(onnx: Emitter, order: number, z: string, rate: string): string;
}

/** What is written down about the integrals of a kernel against one-sided exponentials. */
export interface TiltedRecord {
  /** Of the kernel. */
  readonly name: string;
  readonly title: string;
  density(u: Tensor): Tensor;
  /** The density dies out like e^(−decay·|u|): 0 when it does as a power, ∞ when faster. Rates must be above −decay. */
  readonly decay: number;
  /** The density has moments of orders below this, and so Eₘ a value; ∞ when it has all. */
  readonly momentsBelow: number;
  /** Lₘ(z, s). */
  readonly whole: TiltedForm;
  /** Lₘ(z, s) − Lₘ(z, 0). */
  readonly excess: TiltedForm;
}

/** An operation of a place and a rate, for every order. */
export type TiltedOperation = (order: number, z: TensorLike, rate: TensorLike) => Tensor;

export interface Tilted {
  /**
   * Lₘ(z, s) = ∫_z^∞ (z − u)ᵐ e^(s(z − u)) φ(u) du: what xᵐ e^(sx), cut off right of 0, is after convolution with φ. It has
   * the sign of (−1)ᵐ.
   */
  readonly tilted: TiltedOperation;
  /**
   * Eₘ(z, s) = ∫_z^∞ (z − u)ᵐ (e^(s(z − u)) − 1) φ(u) du = Lₘ(z, s) − Lₘ(z, 0), without the cancellation that this would bring
   * where s is small: what an ELU is made of.
   */
  readonly tiltedExcess: TiltedOperation;
}

interface Params {
  readonly order: number;
}

/** Makes the operations of a record. */
export function tilted(record: TiltedRecord): Tilted {
  const { name, title, density } = record;
  const whole: TiltedOperation = (order, z, rate) => node(wholePrimitive, order, z, rate);
  const excess: TiltedOperation = (order, z, rate) => {
    requireMoment(record, order);
    return node(excessPrimitive, order, z, rate);
  };
  // ∂Lₘ/∂z = m·Lₘ₋₁ + s·Lₘ, less φ(z) for m = 0, and ∂Lₘ/∂s = Lₘ₊₁; the edge of Eₘ is 0, and so has no part in its slope.
  const wholePrimitive = family(record, {
    name: `${name}Tilted`,
    doc: `The mean of (z − u)ᵐ e^(s(z − u)) for u > z under the ${title} kernel.`,
    form: record.whole,
    slope: (order, z, s, self) => (order === 0 ? sub(mul(s, self), density(z)) : add(mul(whole(order - 1, z, s), order), mul(s, self))), // biome-ignore format: one line
    rateSlope: (order, z, s) => whole(order + 1, z, s),
  });
  const excessPrimitive = family(record, {
    name: `${name}TiltedExcess`,
    doc: `The mean of (z − u)ᵐ (e^(s(z − u)) − 1) for u > z under the ${title} kernel.`,
    form: record.excess,
    slope: (order, z, s) => {
      const steep = mul(s, whole(order, z, s));
      return order === 0 ? steep : add(mul(excess(order - 1, z, s), order), steep);
    },
    rateSlope: (order, z, s) => whole(order + 1, z, s),
  });
  function node(primitive: Primitive<Params>, order: number, z: TensorLike, rate: TensorLike): Tensor {
    const inputs = broadcastTogether(primitive.name, z, rate);
    requireRates(record, inputs[1]);
    return Tensor.of(primitive, inputs, { order });
  }
  return {
    tilted: operation(wholePrimitive, whole),
    tiltedExcess: operation(excessPrimitive, excess),
  };
}

interface Member {
  readonly name: string;
  readonly doc: string;
  readonly form: TiltedForm;
  slope(order: number, z: Tensor, rate: Tensor, self: Tensor): Tensor;
  rateSlope(order: number, z: Tensor, rate: Tensor): Tensor;
}

function family({ decay }: TiltedRecord, { name, doc, form, slope, rateSlope }: Member): Primitive<Params> {
  return {
    name,
    doc,
    shape: elementwise2,
    dtype: sameDtype(name, floatOnly),
    derivative: smooth<Params>(
      (t, self) => mul(t, slope(self.params.order, self.inputs[0], self.inputs[1], self)),
      (t, { inputs: [z, rate], params: { order } }) => mul(t, rateSlope(order, z, rate)),
    ),
    batching: pointwise,
    meaning: {
      kind: "direct",
      evaluate: ([z, rate], { params: { order } }) => {
        const result = allocateExact("float32", z.length);
        for (let i = 0; i < z.length; i++) {
          const known = rate[i] > -decay && !Number.isNaN(z[i]);
          result[i] = known ? form.value(order, z[i], rate[i]) : Number.NaN;
        }
        return result;
      },
      lower: (onnx, [z, rate], { params: { order } }) => form.lower(onnx, order, z, rate),
    },
    samples: [
      { inputs: [floats([2, 3]), floats([2, 3], [0.1, 2])], params: { order: 0 } },
      { inputs: [floats([2, 3]), floats([2, 3], [0.1, 2])], params: { order: 1 } },
    ],
    accuracy: { ulp: 8, scale: "unit" },
  };
}

function requireMoment({ title, momentsBelow }: TiltedRecord, order: number): void {
  if (order < momentsBelow) return;
  throw fault(`${title} kernel`, `a piece of degree ${order} that goes on to the left has no convolution: it diverges`, {
    expected: `a degree below ${momentsBelow}`,
    got: String(order),
    fix: "use a kernel with lighter tails",
  });
}

/** Where rates are known already, those for which the integral has no value are told. */
function requireRates({ title, decay }: TiltedRecord, rate: Tensor): void {
  if (decay === Infinity) return;
  if (topologicalOrder([rate]).some(({ primitive }) => primitive.meaning.kind === "fed")) return;
  const slow = interpret([rate])[0].find((value) => value <= -decay);
  if (slow === undefined) return;
  throw fault(`${title} kernel`, "an exponential that grows to the left outweighs the kernel's tail: the convolution diverges", {
    expected: `rate · width above ${-decay}`,
    got: String(slow),
    fix: "make the width smaller, or use the Gaussian kernel or one of compact support, which take every rate",
  });
}
