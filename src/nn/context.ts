import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { foldIn, type KeyLike } from "../random/graph.js";

/** Whether the network learns (dropout drops, statistics are gathered) or is used. */
export type Mode = "train" | "eval";

/**
 * Everything besides parameters and input that a layer may use or cause. It is an argument: nothing is hidden in modules.
 * Each layer sees its own, which knows the layer's path ("0", "2.branch").
 */
export interface Context {
  readonly mode: Mode;
  /** Path of the layer, the prefix of its parameters' names; "" at the top. */
  readonly path: string;
  /** The context of a part of this layer. */
  within(name: string): Context;
  /** A fresh random key, fixed by the root key, the path and how many were drawn there before. A fault when there is no root key. */
  nextKey(): Tensor;
  /** Hands out the next value of a state (a running mean), by the name it has in the parameter table. */
  write(name: string, value: Tensor): void;
  /** Shows a value under a name to whoever looks; what comes back is to be used in its place. */
  probe(name: string, value: Tensor): Tensor;
}

export interface ContextOptions {
  /** Default "eval". */
  readonly mode?: Mode;
  /** Root of all randomness of this call; without it nothing random can happen. */
  readonly key?: KeyLike | null;
  /** Receives new values of states, by full path. */
  readonly write?: (path: string, value: Tensor) => void;
  /** Receives probed values by full path; may return another tensor to go on with. */
  readonly probe?: (path: string, value: Tensor) => Tensor | void;
}

/** The context for one call of a model. */
export function context({ mode = "eval", key = null, write, probe }: ContextOptions = {}): Context {
  const drawn = new Map<string, number>();
  const at = (path: string): Context => ({
    mode,
    path,
    within: (name) => at(joinPath(path, name)),
    nextKey: () => {
      if (key === null) {
        throw fault("random key", "the context has none", { fix: "pass one: context({ mode, key: key(seed) })" });
      }
      const count = drawn.get(path) ?? 0;
      drawn.set(path, count + 1);
      return foldIn(key, hashPath(`${path}#${count}`));
    },
    write: (name, value) => write?.(joinPath(path, name), value),
    probe: (name, value) => probe?.(joinPath(path, name), value) ?? value,
  });
  return at("");
}

export const joinPath = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

/** The path as a uint32 to fold into a key (FNV-1a, Fowler, Noll & Vo 1991). */
export function hashPath(path: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
