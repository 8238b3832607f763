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
      sent = Promise.allSettled([before, started]);
      done = Promise.allSettled([done, result]);
      return result;
    },
    alone(task) {
      const result = done.then(task);
      sent = Promise.allSettled([sent, result]);
      done = Promise.allSettled([done, result]);
      return result;
    },
  };
}
