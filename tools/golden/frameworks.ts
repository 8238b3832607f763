/** The calls in other libraries that the records name, for tools/golden/frameworks.py to make. */
import { catalogue, frameworkNames, nameIn } from "../../src/activations/index.js";

const calls = catalogue.flatMap(({ record }) =>
  frameworkNames.flatMap((framework) => {
    const call = nameIn(record, framework);
    return call === null ? [] : [{ name: record.name, framework, call }];
  }),
);
process.stdout.write(JSON.stringify(calls));
