import { setImmediate as nextTurn } from "node:timers/promises";
import type { Engine } from "../../engine.js";

const longestHold = 10; // milliseconds: short enough for a progress bar, long enough to cost nothing

/** Calls that block and resolve at once would keep timers and input waiting for as long as they are made in a row. */
export function breathe<Cell>(engine: Engine<Cell>): Engine<Cell> {
  let lastTurn = performance.now();
  return {
    ...engine,
    async load(plan) {
      const program = await engine.load(plan);
      return {
        ...program,
        async run(args, cells) {
          if (performance.now() - lastTurn > longestHold) {
            await nextTurn();
            lastTurn = performance.now();
          }
          return program.run(args, cells);
        },
      };
    },
  };
}
