import { Fault, fault } from "../ir/fault.js";
import { encodeOnnx } from "../lower/onnx/encode.js";
import type { Host, Plan, Port } from "./host.js";

const port = (name: string, slot: number | null): Port => ({ name, dtype: "float32", shape: [2], slot });
const value = (name: string) => ({ name, type: "float32", shape: [2] }) as const;

/** s ← s + x, y = s·x with the old s: small, and enough to see that state is written, kept and not aliased. */
const plan: Plan = {
  model: encodeOnnx({
    inputs: [value("s"), value("x")],
    outputs: [value("t"), value("y")],
    initializers: [],
    nodes: [
      { op: "Add", inputs: ["s", "x"], outputs: ["t"] },
      { op: "Mul", inputs: ["s", "x"], outputs: ["y"] },
    ],
  }),
  inputs: [port("s", 0), port("x", null)],
  outputs: [port("t", 0), port("y", null)],
};

/** Rejects with a fault unless the host can load a model, run it, and keep a state. */
export async function probe(host: Host): Promise<void> {
  const session = await host.load(plan);
  const state = await host.createState([{ dtype: "float32", shape: [2], data: Float32Array.of(1, 2) }]);
  const [first] = await session.run([Float32Array.of(10, 20)], state);
  const [second] = await session.run([Float32Array.of(1, 1)], state);
  const [last] = await state.read();
  await session.dispose();
  await state.dispose();
  const got = [first, second, last].map(String).join("; ");
  const expected = "10,40; 11,22; 12,23";
  if (got !== expected) throw fault(host.name, "this runtime does not keep state as it should", { expected, got });
}

/** The host if it passes the probe; else it is closed and the reason thrown, with advice. */
export async function probed(host: Host, fix: string): Promise<Host> {
  try {
    await probe(host);
    return host;
  } catch (error) {
    await host.close();
    if (!(error instanceof Fault)) throw error;
    throw fault(host.name, "this runtime cannot run a model here", { got: error.details.got ?? error.problem, fix }, error);
  }
}
