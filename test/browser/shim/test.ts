/** What pages have in the place of node:test: the same names, so that a test file runs in both. */

type Body = (context: Context) => unknown;
type Hook = () => unknown;

interface Options {
  readonly skip?: boolean | string;
}

interface Group {
  readonly name: string;
  readonly before: Hook[];
  readonly after: Hook[];
  /** Tests still to run: before the first one come the hooks in `before`, after the last one those in `after`. */
  pending: number;
}

/** A test of the page, as the harness outside sees it. */
export interface Registered {
  readonly name: string;
  readonly skip: boolean | string;
  run(): Promise<void>;
}

/** What a test may call on its argument. */
interface Context {
  after(hook: Hook): void;
  test(name: string, body: Body): Promise<void>;
}

/** Every test of the page, in the order in which it was declared. */
export const registered: Registered[] = [];

let group: Group = { name: "", before: [], after: [], pending: 0 };

export function describe(name: string, body: () => void): void {
  const outer = group;
  group = { name: `${outer.name}${name}: `, before: [...outer.before], after: [], pending: 0 };
  body();
  group = outer;
}

export function test(name: string, ...rest: [Body] | [Options, Body]): void {
  const [options, body] = rest.length === 1 ? [{}, rest[0]] : rest;
  const own = group;
  const skip = options.skip ?? false;
  own.pending += skip === false ? 1 : 0;
  registered.push({ name: own.name + name, skip, run: () => runIn(own, body) });
}

export const it = test;
export const before = (hook: Hook): unknown => group.before.push(hook);
export const after = (hook: Hook): unknown => group.after.push(hook);

async function runIn(own: Group, body: Body): Promise<void> {
  for (const hook of own.before.splice(0)) await hook();
  try {
    await runBody(body);
  } finally {
    own.pending -= 1;
    if (own.pending === 0) for (const hook of own.after) await hook();
  }
}

async function runBody(body: Body): Promise<void> {
  const hooks: Hook[] = [];
  try {
    await body({ after: (hook) => hooks.push(hook), test: (_name, inner) => runBody(inner) });
  } finally {
    for (const hook of hooks) await hook();
  }
}
