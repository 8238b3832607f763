import { Fault, fault } from "../ir/fault.js";
import { interpret } from "../run/interpret.js";
import { build } from "./build.js";
import { scalarFunctions } from "./functions.js";
import { parse } from "./parse.js";

/** A point as it is typed on a command line: `x=1, w=-0.5, b=pi/4`. Values are expressions without variables. */
export function parsePoint(text: string): Record<string, number> {
  if (text.trim() === "") return {};
  const point = new Map<string, number>();
  const functions = scalarFunctions();
  for (const part of splitAtCommas(text)) {
    const [, name, value] = /^\s*([\p{L}_][\p{L}\d_]*)\s*=(.*)$/su.exec(part) ?? [];
    if (name === undefined) {
      throw fault("explain", `cannot read "${part.trim()}" as a value of the point`, {
        expected: "name=value, one after the other with commas between: x=1,w=0",
        got: text,
      });
    }
    if (point.has(name)) throw fault("explain", `${name} has two values`, { got: text });
    point.set(name, readValue(name, value, functions));
  }
  return Object.fromEntries(point);
}

function readValue(name: string, text: string, functions: ReturnType<typeof scalarFunctions>): number {
  try {
    const { output } = build(parse(text), new Map(), functions);
    return interpret([output])[0][0];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw fault("explain", `cannot read the value of ${name}: ${error.problem}`, error.details, error);
  }
}

/** Commas inside brackets belong to a call. */
function splitAtCommas(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const sign of text) {
    if (sign === "(") depth++;
    if (sign === ")") depth--;
    if (sign === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += sign;
  }
  return parts;
}
