/** Element types of a tensor. The float64 interpreter reads float32 as float64. */
export const dtypes = ["float32", "int32", "uint32", "bool"] as const;
export type DType = (typeof dtypes)[number];

/** Storage of concrete values. Graph constants of dtype float32 keep the float64 values they were written with. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

export const isFloat = (dtype: DType): boolean => dtype === "float32";

/** Array with the storage an engine exchanges: float32 → Float32Array, bool → Uint8Array of 0 and 1. */
export function allocate(dtype: DType, length: number): TypedArray {
  return new storage[dtype](length);
}

/** Array with the storage of the float64 interpreter: float32 → Float64Array. */
export function allocateExact(dtype: DType, length: number): TypedArray {
  return dtype === "float32" ? new Float64Array(length) : new storage[dtype](length);
}

const storage = { float32: Float32Array, int32: Int32Array, uint32: Uint32Array, bool: Uint8Array } as const;
