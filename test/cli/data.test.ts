import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { softgrad, temporaryFolder } from "./support.js";

/** Points in two clouds, one per class. */
const clouds = Array.from({ length: 60 }, (_, i) => {
  const left = i % 2 === 0;
  return `${(left ? -1 : 1) + Math.sin(i * 7) / 4},${Math.cos(i * 3)},${left ? "left" : "right"}`;
});
const header = "x,y,side";

async function train(t: TestContext, content: string, ...args: string[]) {
  const folder = temporaryFolder(t);
  const file = join(folder, "points.csv");
  writeFileSync(file, content);
  const run = join(folder, "run");
  const said = await softgrad("train", file, "--layers", "8", "--epochs", "8", "--output", run, ...args);
  return { ...said, folder, run, written: readdirSync(folder).filter((name) => name !== "points.csv") };
}

test("a CSV file with classes in its last column is learned", async (t) => {
  const { code, out, err, run } = await train(t, [header, ...clouds].join("\n"), "--json", "--epochs", "40", "--dropout", "0");
  assert.deepEqual({ code, err }, { code: 0, err: "" });
  const results = JSON.parse(out.split("\n").at(-1) ?? "") as {
    event: string;
    outcome: { accuracy: number; classNames: string[] };
  };
  assert.equal(results.event, "results");
  assert.deepEqual(results.outcome.classNames, ["left", "right"]);
  assert.equal(results.outcome.accuracy, 1);
  assert.match(readFileSync(join(run, "report.html"), "utf8"), /left/);
});

test("a number is learned from a column that is named", async (t) => {
  const rows = Array.from({ length: 100 }, (_, i) => `${i % 10},${(i * 37) % 11},${2 * (i % 10) - ((i * 37) % 11) + 1000}`);
  const { out, code } = await train(
    t,
    ["a,b,sum", ...rows].join("\n"),
    "--target",
    "sum",
    "--json",
    "--epochs",
    "60",
    "--batch-size",
    "8",
  );
  assert.equal(code, 0);
  const { outcome } = JSON.parse(out.split("\n").at(-1) ?? "") as { outcome: { kind: string; determination: number } };
  assert.equal(outcome.kind, "regression");
  assert.ok(outcome.determination > 0.95, `R² ${outcome.determination}`);
});

const broken: readonly (readonly [what: string, content: string, args: readonly string[], said: RegExp])[] = [
  ["a NaN", [header, ...clouds, "NaN,1,left"].join("\n"), [], /points\.csv:62:1: cell "NaN" of column "x" is not a number/],
  ["an infinite number", [header, ...clouds, "1e999,1,left"].join("\n"), [], /points\.csv:62:1: .*too large/],
  ["a row that is cut short", [header, ...clouds].join("\n").slice(0, -12), [], /points\.csv:61: the row has \d cells?/],
  ["an empty cell", [header, ...clouds, ",1,left"].join("\n"), [], /is empty/],
  ["an empty file", "", [], /the file is empty/],
  ["a header and no row", header, [], /no row after it/],
  ["one class only", [header, "1,2,a", "2,3,a", "3,4,a"].join("\n"), [], /every row is of the class "a"/],
  [
    "a number for each row as its class",
    Array.from({ length: 50 }, (_, i) => `${i},1,${i / 7}`).join("\n"),
    [],
    /50 different values.*\n[\s\S]*--target/,
  ],
  [
    "a column that is not there",
    [header, ...clouds].join("\n"),
    ["--label", "colour"],
    /there is no column "colour"\n {2}expected {2}"x", "y", "side"/,
  ],
  ["too few rows to split", [header, ...clouds.slice(0, 2)].join("\n"), [], /would have no rows/],
  [
    "a label and a target",
    [header, ...clouds].join("\n"),
    ["--label", "side", "--target", "x"],
    /--label: it cannot be used here/,
  ],
];

for (const [what, content, args, said] of broken) {
  test(`a CSV file with ${what} is refused before anything is written`, async (t) => {
    const { code, err, written } = await train(t, content, ...args);
    assert.equal(code, 1);
    assert.match(err, said);
    assert.deepEqual(written, []);
  });
}

/** An IDX file of bytes: magic number, sizes, values. */
function idx(shape: readonly number[], values: readonly number[]): Buffer {
  const sizes = shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]);
  return Buffer.from([0, 0, 8, shape.length, ...sizes, ...values]);
}

const pictures = Array.from({ length: 40 }, (_, i) =>
  Array.from({ length: 9 }, (_, pixel) => (pixel % 3 === i % 3 ? 255 : (i * pixel) % 40)),
);
const imagesFile = idx([40, 3, 3], pictures.flat());
const labelsFile = idx([40], pictures.map((_, i) => i % 3)); // biome-ignore format: one line

test("pictures in IDX files are learned, gzipped or not", async (t) => {
  const folder = temporaryFolder(t);
  const [images, labels] = [join(folder, "train-images-idx3-ubyte.gz"), join(folder, "labels")];
  writeFileSync(images, gzipSync(imagesFile));
  writeFileSync(labels, labelsFile);
  const args = ["--layers", "8", "--epochs", "30", "--batch-size", "4", "--output", join(folder, "run"), "--json"];
  const { code, out, err } = await softgrad("train", images, "--labels", labels, ...args);
  assert.deepEqual({ code, err }, { code: 0, err: "" });
  const { outcome } = JSON.parse(out.split("\n").at(-1) ?? "") as { outcome: { accuracy: number } };
  assert.equal(outcome.accuracy, 1);
});

test("IDX files that do not fit are refused before anything is written", async (t) => {
  const folder = temporaryFolder(t);
  const write = (name: string, content: Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const images = write("images-idx3-ubyte", imagesFile);
  const labels = write("labels", labelsFile);
  const cases: [string[], RegExp][] = [
    [[images], /images in IDX need their labels[\s\S]*--labels FILE/],
    [[images, "--labels", join(folder, "none")], /none: there is no such file/],
    [[write("short", imagesFile.subarray(0, 200)), "--labels", labels], /short: the file has the wrong length/],
    [[images, "--labels", write("few", idx([39], new Array<number>(39).fill(1)))], /there is not one label for each image/],
    [[images, "--labels", images], /these are not labels/],
  ];
  for (const [args, said] of cases) {
    const { code, err } = await softgrad("train", ...args, "--output", join(folder, "run"));
    assert.equal(code, 1);
    assert.match(err, said);
    assert.ok(!readdirSync(folder).includes("run"));
  }
});
