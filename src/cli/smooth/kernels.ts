import { kernels } from "../../smooth/index.js";
import { columns, json, shown } from "../activations/text.js";

const smoothnessText = (order: number): string =>
  order === Infinity ? "∞" : order < 0 ? "jumps" : order === 0 ? "kinks" : `C${order}`;

/** Every kernel with its constants at width 1: a table, or JSON. */
export function kernelList(asJson: boolean): string {
  if (asJson) return json(kernels.map(({ record }) => kernelData(record)));
  const rows = kernels.map(({ record }) => [
    record.name, record.title, shown(record.radius), record.momentsBelow === Infinity ? "all" : `below ${shown(record.momentsBelow)}`,
    shown(record.absoluteMoment), shown(Math.sqrt(record.variance)), shown(record.absoluteMoment / 2), smoothnessText(record.smoothness),
    (record.aliases ?? []).join(", "),
  ]); // biome-ignore format: one list
  const header = ["name", "kernel", "radius", "moments", "E|U|", "deviation", "ReLU at 0", "density", "also"];
  return [...columns([header, ...rows]), "", "at width 1; lengths are multiplied by the width"].join("\n");
}

function kernelData(record: (typeof kernels)[number]["record"]) {
  const {
    name,
    title,
    aliases = [],
    tex,
    source,
    radius,
    momentsBelow,
    mean = 0,
    absoluteMoment,
    variance,
    fourthMoment,
  } = record;
  const { smoothness, positive } = record;
  return { name, title, aliases, tex, source, radius, momentsBelow, mean, absoluteMoment, variance, fourthMoment, smoothness, positive }; // biome-ignore format: one line
}
