import { interpreterRuntime } from "../../run/interpreter.js";
import { onnxRuntime, type Runtime } from "../../run/runtime.js";

interface MachineOptions {
  readonly threads?: number;
  /** Hears why something slower than the best is used. */
  readonly notify: (message: string) => void;
}

/** Where training can run, by the name that the option --runtime takes. */
export const runtimes: Readonly<Record<string, (options: MachineOptions) => Runtime>> = {
  auto: (options) => onnxRuntime(options),
  native: (options) => onnxRuntime({ ...options, runtime: "native" }),
  wasm: (options) => onnxRuntime({ ...options, runtime: "wasm" }),
  webgpu: (options) => onnxRuntime({ ...options, provider: "webgpu" }),
  interpreter: () => interpreterRuntime(),
};
