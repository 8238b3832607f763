import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

const halves = ["node", "web"].map((half) => new URL(`../../src/run/platform/${half}/`, import.meta.url));
const [node, web] = halves as [URL, URL];

// What only one half has is its own business; what both have is a door that the rest of the library goes through.
const doors = readdirSync(node).filter((name) => readdirSync(web).includes(name));

for (const door of doors) {
  test(`both halves of #platform/${door.replace(/\.ts$/, ".js")} offer the same names`, async () => {
    const [ours, theirs] = await Promise.all(halves.map(async (half) => Object.keys(await import(new URL(door, half).href))));
    assert.deepEqual(ours, theirs);
    assert.ok((ours ?? []).length > 0);
  });
}
