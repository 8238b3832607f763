/**
 * Fails on an import that goes back. Data flows one way through the folders of src/:
 *
 *   ir ← ops ← diff ← lower ← run ← the library's subjects ← index ← cli
 *
 * Folders of one rank may import each other as long as that makes no circle. Node's own modules stay in the places that
 * browsers never load, which are reached through `#platform/…`: a name that must have both halves.
 */
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { readSources, report, type SourceFile } from "./source.js";

/** Folders of src/ from the one that everything may import to the one that nothing may. Files at the top of src/ are ".". */
const ranks: readonly (readonly string[])[] = [
  ["ir"],
  ["ops"],
  ["diff"],
  ["lower"],
  ["run"],
  ["random", "activations", "smooth", "nn", "optim", "data", "interop", "train", "health", "models", "explain", "plot"],
  ["."],
  ["cli"],
];

/** Parts of a folder that are held to more than their folder's rank: the only folders that they may import. */
const narrow: Readonly<Record<string, readonly string[]>> = { "lower/onnx": ["ir"] };

/** Packages that only Node can load. */
const nodePackages: readonly string[] = ["onnxruntime-node"];

const platformHalves = ["run/platform/node", "run/platform/web"] as const;

interface Import {
  /** The importing file, from src/. */
  readonly from: string;
  readonly line: number;
  readonly specifier: string;
  /** The imported file from src/, with .ts; null when it is not in src/. */
  readonly to: string | null;
}

/** Everything wrong with the imports of the files of src/, a line each. */
export function checkArrows(sources: readonly SourceFile[]): string[] {
  const files = sources.map(({ path, text }) => ({ path: path.replace(/^src\//, ""), text }));
  const present = new Set(files.map((file) => file.path));
  const imports = files.flatMap((file) => importsOf(file));
  return [
    ...files.flatMap(({ path }) =>
      rankOf(path) < 0 ? [`src/${path}: folder ${folderOf(path)} has no rank in tools/check/arrows.ts`] : [],
    ),
    ...imports.flatMap((edge) => [...checkDirection(edge), ...checkPlatform(edge, present)]),
    ...findCircles(imports),
  ];
}

function checkDirection(edge: Import): string[] {
  if (edge.to === null) return [];
  const [from, to] = [folderOf(edge.from), folderOf(edge.to)];
  const wrong = (why: string) => [`${place(edge)}: imports ${edge.to}, but ${why}`];
  if (from !== to && rankOf(edge.to) > rankOf(edge.from)) return wrong(`${to} comes after ${from}`);
  for (const [part, allowed] of Object.entries(narrow)) {
    const inside = (path: string) => path.startsWith(`${part}/`);
    if (inside(edge.from) && !inside(edge.to) && !allowed.includes(to))
      return wrong(`${part} imports only ${allowed.join(", ")}`);
  }
  return [];
}

function checkPlatform(edge: Import, present: ReadonlySet<string>): string[] {
  if (edge.specifier.startsWith("#platform/")) {
    return platformFiles(edge.specifier)
      .filter((file) => !present.has(file))
      .map((file) => `${place(edge)}: imports ${edge.specifier}, but there is no src/${file}`);
  }
  if (isNodeOnly(edge.from)) return [];
  const node = edge.specifier.startsWith("node:") || nodePackages.includes(edge.specifier);
  if (node) return [`${place(edge)}: imports ${edge.specifier}, but browsers load this file`];
  if (edge.to !== null && isNodeOnly(edge.to) && folderOf(edge.to) !== "cli") {
    return [`${place(edge)}: imports ${edge.to}, which only Node can load; go through #platform/`];
  }
  return [];
}

/** Circles between folders of one rank, each told once, with a file that closes it. */
function findCircles(imports: readonly Import[]): string[] {
  const edges = new Map<string, Map<string, Import>>();
  for (const edge of imports) {
    if (edge.to === null || folderOf(edge.from) === folderOf(edge.to) || rankOf(edge.from) !== rankOf(edge.to)) continue;
    const targets = edges.get(folderOf(edge.from)) ?? new Map<string, Import>();
    edges.set(folderOf(edge.from), targets.set(folderOf(edge.to), edge));
  }
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (folder: string, path: readonly string[]): void => {
    const start = path.indexOf(folder);
    if (start >= 0) {
      const circle = [...path.slice(start), folder];
      const steps = circle.slice(1).map((to, i) => place(edges.get(circle[i] as string)?.get(to) as Import));
      circles.push(`folders import each other in a circle: ${circle.join(" → ")} (${steps.join(", ")})`);
      return;
    }
    if (done.has(folder)) return;
    for (const to of edges.get(folder)?.keys() ?? []) visit(to, [...path, folder]);
    done.add(folder);
  };
  for (const folder of edges.keys()) visit(folder, []);
  return circles;
}

/** Static, re-exporting, side-effect and dynamic imports. Types count: an arrow is an arrow. */
function importsOf({ path, text }: SourceFile): Import[] {
  const patterns = [
    /^\s*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']/gm,
    /^\s*import\s*["']([^"']+)["']/gm,
    /\bimport\(\s*["']([^"']+)["']/g,
  ];
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => {
      const specifier = match[1] as string;
      const line = text.slice(0, match.index + match[0].length).split("\n").length;
      return { from: path, line, specifier, to: locate(path, specifier) };
    }),
  );
}

function locate(from: string, specifier: string): string | null {
  if (!specifier.startsWith(".")) return null;
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, ".ts");
}

function platformFiles(specifier: string): string[] {
  return platformHalves.map((half) => `${half}/${specifier.slice("#platform/".length).replace(/\.js$/, ".ts")}`);
}

/** The command line, and any folder called node. */
const isNodeOnly = (path: string): boolean => folderOf(path) === "cli" || posix.dirname(path).split("/").includes("node");

const folderOf = (path: string): string => (path.includes("/") ? (path.split("/")[0] as string) : ".");
const rankOf = (path: string): number => ranks.findIndex((rank) => rank.includes(folderOf(path)));
const place = (edge: Import): string => `src/${edge.from}:${edge.line}`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sources = readSources(".", ["src"]);
  report("arrows", checkArrows(sources), `${sources.length} files, every import points one way`);
}
