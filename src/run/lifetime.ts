import { fault } from "../ir/fault.js";

/** Throws once the thing has been closed or disposed of. */
export interface Lifetime {
  (where: string): void;
  /** Ends it; false if it had ended before. */
  end(): boolean;
  lasts(): boolean;
}

export function lifetime(thing: string): Lifetime {
  let ended = false;
  const check = (where: string): void => {
    if (ended) throw fault(where, `the ${thing} is closed`, { fix: `make the call before it is closed, or make a new ${thing}` });
  };
  const end = (): boolean => {
    const first = !ended;
    ended = true;
    return first;
  };
  return Object.assign(check, { end, lasts: () => !ended });
}
