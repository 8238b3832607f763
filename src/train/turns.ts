/** Keeps the calls to a runtime in the order in which they were made, even when what they need is ready in another order. */
export interface Turns {
  /** Calls `send` when everything before has been sent and `needed` is there; earlier results are not waited for. */
  send<N, T>(needed: Promise<N>, send: (needed: N) => Promise<T>): Promise<T>;
  /** Runs when everything before is done, and lets nothing that comes later start until it is done. */
  alone<T>(task: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  let sent: Promise<unknown> = Promise.resolve();
  let done: Promise<unknown> = Promise.resolve();
  return {
    send(needed, send) {
      const before = sent;
      // In an object, so that being sent does not wait for the result.
      const started = Promise.all([needed, before]).then(([ready]) => ({ result: send(ready) }));
      const result = started.then((call) => call.result);
      sent = settled([before, started]);
      done = settled([done, result]);
      return result;
    },
    alone(task) {
      const result = done.then(task);
      sent = settled([sent, result]);
      done = settled([done, result]);
      return result;
    },
  };
}

/** When all are done, well or not. Their values are let go: the turns of a long training would hang on one another. */
const settled = (promises: readonly Promise<unknown>[]): Promise<void> => Promise.allSettled(promises).then(() => undefined);
