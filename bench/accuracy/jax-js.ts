import { peer } from "../contenders/peer.js";

/** jax-js counts references: every use of an array but its last goes through `ref`. */
interface Value {
  sum(): Value;
  data(): Promise<ArrayLike<number>>;
}
type Pointwise = (x: Value) => Value;
interface Jax {
  init(...devices: string[]): Promise<unknown>;
  defaultDevice(device: string): void;
  grad(f: Pointwise): Pointwise;
  numpy: { array(data: Float32Array): Value; tanh: Pointwise };
  nn: Readonly<Record<string, ((x: Value, ...rest: unknown[]) => Value) | undefined>>;
}

let loaded: Promise<Jax> | null = null;

/** What jax-js calls these functions, where it is not our name. */
const theirNames: Readonly<Record<string, string>> = { softsign: "softSign" };

/** Value and slope of jax-js's function of that name on its WebAssembly backend; null where it has none. */
export async function jaxJs(name: string, points: Float32Array): Promise<Record<"value" | "slope", ArrayLike<number>> | null> {
  loaded ??= peer<Jax>("@jax-js/jax").then(async ({ module }) => {
    await module.init("wasm");
    module.defaultDevice("wasm");
    return module;
  });
  const { grad, numpy, nn } = await loaded;
  const f = functionOf(name, { numpy, nn });
  if (f === null) return null;
  return {
    value: await f(numpy.array(points)).data(),
    slope: await grad((x) => f(x).sum())(numpy.array(points)).data(),
  };
}

function functionOf(name: string, { numpy, nn }: Pick<Jax, "numpy" | "nn">): Pointwise | null {
  if (name === "tanh") return numpy.tanh;
  if (name === "geluTanh" || name === "gelu") {
    const gelu = nn.gelu;
    return gelu === undefined ? null : (x) => gelu(x, { approximate: name === "geluTanh" });
  }
  const found = nn[theirNames[name] ?? name];
  return found === undefined ? null : (x) => found(x);
}
