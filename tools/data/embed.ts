/** Writes the bundled data sets as modules from the files in data/: `node --import tsx tools/data/embed.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const licence = "CC BY 4.0; the source is named in data/README.md. Written by tools/data/embed.ts.";

/** The modules by the path that each has in src/data/bundled/. */
export function bundledModules(root = "."): Record<string, string> {
  const digits = readFileSync(`${root}/data/optdigits.csv.gz`).toString("base64");
  const iris = readFileSync(`${root}/data/iris.csv`, "utf8").replaceAll("\r\n", "\n");
  return {
    "optdigits.ts": `/** data/optdigits.csv.gz in base64. ${licence} */\nexport const optdigits =\n  "${digits}";\n`,
    "iris.ts": `/** data/iris.csv. ${licence} */\nexport const iris = \`${iris}\`;\n`,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(bundledModules())) writeFileSync(`src/data/bundled/${path}`, text);
}
