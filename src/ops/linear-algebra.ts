import { contract } from "../ir/contract.js";
import { fault } from "../ir/fault.js";
import type { Primitive } from "../ir/primitive.js";
import { broadcastShapes, formatShape, type Shape, sizeOf } from "../ir/shape.js";
import { Tensor } from "../ir/tensor.js";
import { broadcastTo } from "./broadcast.js";
import { asTensor, type TensorLike } from "./create.js";
import { batchRule, floatOnly, floats, multilinear, operation, sameDtype } from "./define.js";
import { reshape } from "./shape.js";

export interface MatmulParams {
  /** Whether an operand is read with its last two axes exchanged. */
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const contracts = {
  "false false": contract("(…b m k), (…b k n) -> (…b m n)"),
  "false true": contract("(…b m k), (…b n k) -> (…b m n)"),
  "true false": contract("(…b k m), (…b k n) -> (…b m n)"),
  "true true": contract("(…b k m), (…b n k) -> (…b m n)"),
};

const matmulPrimitive: Primitive<MatmulParams> = {
  name: "matmul",
  doc: "Matrix product over the last two axes, one per batch entry: (…b m k), (…b k n) -> (…b m n).",
  shape: (inputs, { transposeA, transposeB }) =>
    contracts[`${transposeA} ${transposeB}`].resolve(
      "matmul",
      inputs.map((input) => input.shape),
    ),
  dtype: sameDtype("matmul", floatOnly),
  derivative: multilinear(
    (cotangent, { inputs: [, b], params: { transposeA, transposeB } }) =>
      transposeA ? product(b, cotangent, transposeB, true) : product(cotangent, b, false, !transposeB),
    (cotangent, { inputs: [a], params: { transposeA, transposeB } }) =>
      transposeB ? product(cotangent, a, true, transposeA) : product(a, cotangent, !transposeA, false),
  ),
  batching: batchRule((inputs, batched, { params }, size) => {
    if (!batched[1] && inputs[1].rank === 2 && !params.transposeA) return sharedRight(inputs[0], inputs[1], params.transposeB);
    const [a, b] = inputs.map((input, i) => (batched[i] ? input : broadcastTo(input, [size, ...input.shape])));
    return product(a, b, params.transposeA, params.transposeB);
  }),
  meaning: {
    kind: "direct",
    evaluate: ([a, b], node) => {
      const [m, n] = node.shape.slice(-2);
      const { transposeA, transposeB } = node.params;
      const shapeA = node.inputs[0].shape;
      const k = shapeA[shapeA.length - (transposeA ? 2 : 1)];
      const [rowA, columnA] = transposeA ? [1, m] : [k, 1];
      const [rowB, columnB] = transposeB ? [1, k] : [n, 1];
      const result = new Float64Array(node.size);
      for (let batch = 0; batch < sizeOf(node.shape.slice(0, -2)); batch++) {
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            let total = 0;
            for (let l = 0; l < k; l++) {
              total += a[batch * m * k + i * rowA + l * columnA] * b[batch * k * n + l * rowB + j * columnB];
            }
            result[batch * m * n + i * n + j] = total;
          }
        }
      }
      return result;
    },
    lower: (onnx, [a, b], node) => {
      const { transposeA, transposeB } = node.params;
      if (!transposeA && !transposeB) return onnx.op("MatMul", [a, b]);
      if (node.rank === 2) return onnx.op("Gemm", [a, b], { transA: Number(transposeA), transB: Number(transposeB) });
      // ONNX Runtime folds these transposes into the product on the CPU.
      const order = node.shape.map((_, axis) => axis);
      order.push(...order.splice(-2).reverse());
      const turn = (name: string, wanted: boolean) => (wanted ? onnx.op("Transpose", [name], { perm: order }) : name);
      return onnx.op("MatMul", [turn(a, transposeA), turn(b, transposeB)]);
    },
  },
  samples: [
    { inputs: [floats([2, 3]), floats([3, 4])], params: { transposeA: false, transposeB: false } },
    { inputs: [floats([3, 2]), floats([3, 4])], params: { transposeA: true, transposeB: false } },
    { inputs: [floats([2, 3]), floats([4, 3])], params: { transposeA: false, transposeB: true } },
    { inputs: [floats([3, 2]), floats([4, 3])], params: { transposeA: true, transposeB: true } },
    { inputs: [floats([2, 3, 2]), floats([2, 3, 4])], params: { transposeA: true, transposeB: false } },
    { inputs: [floats([1, 1]), floats([1, 1])], params: { transposeA: false, transposeB: false } },
    { inputs: [floats([0, 3]), floats([3, 2])], params: { transposeA: false, transposeB: false } },
    { inputs: [floats([2, 0]), floats([0, 2])], params: { transposeA: false, transposeB: false } },
  ],
  accuracy: { ulp: 8, scale: "terms" },
};

const product = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor =>
  Tensor.of(matmulPrimitive, [a, b], { transposeA, transposeB });

/** What `matmul` can be told: operands read with their last two axes exchanged, at no cost. */
export interface MatmulOptions {
  transposeA?: boolean;
  transposeB?: boolean;
}

/**
 * Matrix product as in NumPy: `(…b m k), (…b k n) -> (…b m n)`, batch axes broadcast, a vector on either side is a row
 * or a column that vanishes from the result.
 */
export const matmul = operation(
  matmulPrimitive,
  (x: TensorLike, y: TensorLike, { transposeA = false, transposeB = false }: MatmulOptions = {}): Tensor => {
    const a = asTensor(x);
    const b = asTensor(y);
    if (a.rank === 0 || b.rank === 0) {
      throw fault("matmul", "a scalar is not a matrix", {
        got: `${formatShape(a.shape)}, ${formatShape(b.shape)}`,
        fix: "mul(x, y)",
      });
    }
    if (a.rank === 1) return dropAxis(matmul(reshape(a, [1, a.size]), b, { transposeB }), b.rank === 1 ? -1 : -2);
    if (b.rank === 1) return dropAxis(matmul(a, reshape(b, [b.size, 1]), { transposeA }), -1);
    if (a.rank > 2 && b.rank === 2 && !transposeA) return sharedRight(a, b, transposeB);
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
    if (batch === null) {
      throw fault("matmul", "the batch axes do not broadcast together", {
        expected: "(…b m k), (…b k n)",
        got: `${formatShape(a.shape)}, ${formatShape(b.shape)}`,
      });
    }
    const spread = (matrix: Tensor): Tensor => broadcastTo(matrix, [...batch, ...matrix.shape.slice(-2)]);
    return product(spread(a), spread(b), transposeA, transposeB);
  },
);

/** One right operand for the whole batch: a single flat product, so that its gradient is one product too. */
function sharedRight(a: Tensor, b: Tensor, transposeB: boolean): Tensor {
  const rows = a.shape.slice(0, -1);
  const flat = product(reshape(a, [sizeOf(rows), a.shape[a.rank - 1]]), b, false, transposeB);
  return reshape(flat, [...rows, flat.shape[1]]);
}

function dropAxis(x: Tensor, axis: number): Tensor {
  const shape: Shape = x.shape.filter((_, i) => i !== x.rank + axis);
  return reshape(x, shape);
}
