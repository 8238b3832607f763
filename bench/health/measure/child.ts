// Does tasks that its parent sends, one after the other, and sends back what they came to.
import { perform } from "./examine.js";
import type { Task } from "./result.js";
import { encode } from "./store.js";

process.on("message", ({ task, fresh }: { task: Task; fresh: boolean }) => {
  perform(task, { fresh }).then(
    (result) => process.send?.({ result: encode(result) }),
    (error: unknown) => process.send?.({ problem: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});

// Nobody would hear of it.
process.on("disconnect", () => process.exit());
