import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readCsvFile, readIdxFiles } from "../../src/data/files.js";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "softgrad-data-"));
});
after(() => rm(folder, { recursive: true, force: true }));

test("files of this machine are read, plain or gzipped", async () => {
  const data = await readCsvFile("data/optdigits.csv.gz", { label: -1 });
  assert.equal(data.length, 1797);
  const flowers = await readCsvFile("data/iris.csv", { label: 4, header: "present" });
  assert.deepEqual([flowers.length, flowers.info.classNames], [150, ["0", "1", "2"]]);
});

test("a fault in a file names its path, line and cell", async () => {
  const path = join(folder, "bad.csv");
  await writeFile(path, "1,2\n3,x\n");
  await assert.rejects(readCsvFile(path), (error: Error) => error.message.startsWith(`${path}:2:2: cell "x"`));
});

test("a missing file, a folder and a path through a file are faults", async () => {
  const missing = join(folder, "none.csv");
  await assert.rejects(readCsvFile(missing), (error: Error) => error.message === `${missing}: there is no such file`);
  await assert.rejects(readCsvFile(folder), /this is a folder, not a file/);
  await assert.rejects(readCsvFile("package.json/none.csv"), /there is no such file/);
  await assert.rejects(readIdxFiles({ images: missing, labels: missing }), /none\.csv: there is no such file/);
});

test("an empty file is a fault", async () => {
  const path = join(folder, "empty.csv");
  await writeFile(path, "");
  await assert.rejects(readCsvFile(path), /empty\.csv: the file is empty/);
  await assert.rejects(readIdxFiles({ images: path, labels: path }), /empty\.csv: this is not an IDX file/);
});
