import { compile, interpreterRuntime, onnxRuntime, type Runtime, tensor } from "softgrad";
import { figure, median, type Section, timed } from "./section.js";

/** What one call costs that computes almost nothing: x + 1 on one number. */
export async function measureCalls(): Promise<Section> {
  const places: { name: string; runtime: Runtime }[] = [
    { name: "native, worker thread", runtime: onnxRuntime({ threads: 2 }) },
    { name: "native, direct", runtime: onnxRuntime({ threads: 2, worker: false }) },
    { name: "WebAssembly", runtime: onnxRuntime({ runtime: "wasm" }) },
    { name: "float64 interpreter", runtime: interpreterRuntime() },
  ];
  const x = tensor(1);
  const rows: string[][] = [];
  for (const { name, runtime } of places) {
    const call = compile((value: typeof x) => value.add(1), { runtime });
    for (let i = 0; i < 200; i++) await call(x);
    const rounds: number[] = [];
    for (let round = 0; round < 15; round++) {
      const { ms } = await timed(async () => {
        for (let i = 0; i < 200; i++) await call(x);
      });
      rounds.push((ms / 200) * 1000);
    }
    rows.push([name, figure(median(rounds))]);
    await runtime.close();
  }
  return {
    name: "calls",
    title: "One call of an almost empty graph",
    how: "compile(x => x + 1) on a scalar, awaited call by call; median of 15 rounds of 200.",
    header: ["where", "µs a call"],
    rows,
    findings: [],
  };
}
