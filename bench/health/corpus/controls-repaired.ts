import type { ControlCase, FaultyCase } from "./case.js";

/** The repaired programs of faulty cases, each once: many faults end in the same healthy program. */
export function repairedOf(faulty: readonly FaultyCase[]): ControlCase[] {
  const seen = new Set<string>();
  return faulty.flatMap(({ name, source, reference, data, goal }): ControlCase[] => {
    const program = JSON.stringify({ ...reference.plan, title: "" });
    if (seen.has(program)) return [];
    seen.add(program);
    const own = { plan: reference.plan, data: reference.data ?? data, goal };
    return [{ kind: "control", name: `repaired-${name}`, source: `The repaired version. ${source}`, repairs: name, ...own }];
  });
}
