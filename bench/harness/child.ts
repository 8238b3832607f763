// The process of one JavaScript contender: node child.ts <contender module> <problem folder> <options as JSON>
import { pathToFileURL } from "node:url";
import type { Contender } from "./contender.js";
import { readProblem } from "./data.js";
import { serve } from "./serve.js";

const [modulePath, folder, optionsText] = process.argv.slice(2) as [string, string, string];

await serve(async () => {
  const { contender } = (await import(pathToFileURL(modulePath).href)) as { contender: Contender };
  const training = await contender.prepare(readProblem(folder), JSON.parse(optionsText));
  return { version: contender.version(), training };
});
