import { allocateExact, type TypedArray } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import { sizeOf } from "../ir/shape.js";
import type { Slot, State } from "./host.js";
import { interpret } from "./interpret.js";
import type { Runtime } from "./runtime.js";

/** The float64 interpreter as a place to run: precise, dependable, slow. float32 values are float64 here. */
export function interpreterRuntime(): Runtime {
  const cellsOf = new WeakMap<State, TypedArray[]>();
  return {
    name: async () => "float64 interpreter",
    async load(graph, { inputs = [], outputs = [] } = {}) {
      return {
        async run(args, state) {
          const cells = state === undefined ? [] : requireCells(cellsOf.get(state));
          let next = 0;
          const feeds = new Map(
            graph.parameters.map((parameter, i) => {
              const slot = inputs[i] ?? null;
              return [parameter, slot === null ? args[next++] : cells[slot]];
            }),
          );
          const values = interpret(graph.outputs, feeds);
          values.forEach((value, i) => {
            const slot = outputs[i] ?? null;
            if (slot !== null) cells[slot] = value;
          });
          return values.filter((_, i) => (outputs[i] ?? null) === null);
        },
      };
    },
    async createState(slots) {
      let cells = slots.map(hold);
      const state: State = {
        read: async () => cells.map((cell) => cell.slice()),
        async write(values) {
          cells.splice(0, cells.length, ...values.map((data, i) => hold({ ...slots[i], data })));
        },
        async dispose() {
          cells = [];
          cellsOf.delete(state);
        },
      };
      cellsOf.set(state, cells);
      return state;
    },
    close: async () => undefined,
  };
}

function hold({ dtype, shape, data }: Slot): TypedArray {
  if (data.length !== sizeOf(shape)) {
    throw fault("createState", "a value does not fill its slot", {
      expected: `${sizeOf(shape)} elements`,
      got: `${data.length}`,
    });
  }
  const cell = allocateExact(dtype, data.length);
  cell.set(data);
  return cell;
}

function requireCells(cells: TypedArray[] | undefined): TypedArray[] {
  if (cells !== undefined) return cells;
  throw fault("run", "the state belongs to another runtime, or is disposed", {
    fix: "create it on the runtime that runs the graph",
  });
}
