import { fault } from "./fault.js";

/** Leaves in nested arrays and objects: parameters, gradients, batches. */
export type Tree<Leaf> = Leaf | readonly Tree<Leaf>[] | { readonly [key: string]: Tree<Leaf> };

/** The same nesting with every leaf of type From replaced by To; what is not a leaf stays. */
export type MapTree<T, From, To> = T extends From
  ? To
  : T extends readonly unknown[]
    ? { [K in keyof T]: MapTree<T[K], From, To> }
    : T extends object
      ? { [K in keyof T]: MapTree<T[K], From, To> }
      : T;

/** Leaves in order, with the path that names each, and a way back. */
export interface FlatTree<Leaf> {
  readonly leaves: Leaf[];
  readonly paths: string[];
  /** The same nesting around other leaves. */
  rebuild<Other>(leaves: readonly Other[]): Tree<Other>;
}

/** Leaves of a tree in the order in which they are written. `isLeaf` decides; null, undefined and functions are refused. */
export function flattenTree<Leaf>(tree: unknown, isLeaf: (value: unknown) => value is Leaf, where: string): FlatTree<Leaf> {
  const leaves: Leaf[] = [];
  const paths: string[] = [];
  const collect = (value: unknown, path: string): void => {
    if (isLeaf(value)) {
      leaves.push(value);
      paths.push(path);
    } else {
      for (const [key, child] of branches(value, path, where)) collect(child, path === "" ? key : `${path}.${key}`);
    }
  };
  collect(tree, "");
  return { leaves, paths, rebuild: (others) => rebuild(tree, isLeaf, others, where) };
}

/** Applies `f` to each leaf, keeping the nesting. */
export function mapTree<Leaf, Other>(
  tree: unknown,
  isLeaf: (value: unknown) => value is Leaf,
  f: (leaf: Leaf, path: string) => Other,
  where: string,
): Tree<Other> {
  const flat = flattenTree(tree, isLeaf, where);
  return flat.rebuild(flat.leaves.map((leaf, i) => f(leaf, flat.paths[i])));
}

function branches(value: unknown, path: string, where: string): [string, unknown][] {
  if (Array.isArray(value)) return value.map((child, i) => [String(i), child]);
  if (value !== null && typeof value === "object" && isPlain(value)) return Object.entries(value);
  const got = value === null ? "null" : typeof value;
  throw fault(where, `${path === "" ? "an argument" : path} is ${got}, not a tensor`, {
    expected: "tensors in nested arrays and plain objects",
    got,
  });
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function rebuild<Other>(
  tree: unknown,
  isLeaf: (value: unknown) => boolean,
  leaves: readonly Other[],
  where: string,
): Tree<Other> {
  let next = 0;
  const build = (value: unknown): Tree<Other> => {
    if (isLeaf(value)) return leaves[next++];
    if (Array.isArray(value)) return value.map(build);
    return Object.fromEntries(branches(value, "", where).map(([key, child]) => [key, build(child)]));
  };
  const result = build(tree);
  if (next !== leaves.length) throw fault(where, `a tree of ${next} leaves cannot hold ${leaves.length}`);
  return result;
}
