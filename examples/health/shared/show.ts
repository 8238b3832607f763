import { mkdirSync, writeFileSync } from "node:fs";

/** A number in four letters or so: 0.35, 12.5, 8.9e−12. */
export const short = (value: number): string => {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size >= 0.01 && size < 1e4 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
};

/** Writes a picture into the folder that the program was given, or into runs/examples, and says so. */
export function keep(name: string, picture: string): void {
  const folder = process.argv[2] ?? "runs/examples";
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${name}.svg`, picture);
  console.log(`${folder}/${name}.svg shows it`);
}
