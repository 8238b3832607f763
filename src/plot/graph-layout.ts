import dagre from "@dagrejs/dagre";
import { fault } from "../ir/fault.js";

/** A graph as it is to be drawn: cards joined by arrows. Sizes in pixels. */
export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface Link {
  readonly from: string;
  readonly to: string;
  /** Room for a label on the way; null where there is none. */
  readonly label: { readonly width: number; readonly height: number } | null;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Centre of each box, in the order given. */
  readonly boxes: readonly Point[];
  /** The way of each link from border to border, and the centre of its label. */
  readonly links: readonly { readonly points: readonly Point[]; readonly label: Point | null }[];
}

/** Which way arrows run. */
export type Direction = "right" | "down";

const RANK_GAP = 52;
const BOX_GAP = 22;
/** Distance between the ends of arrows that enter one box. */
const PORT_GAP = 16;

/** Places the boxes in ranks so that arrows are short and cross little (dagre's layered layout). */
export function layOut(boxes: readonly Box[], links: readonly Link[], direction: Direction): Layout {
  requireDrawable(boxes, links);
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: direction === "right" ? "LR" : "TB", ranksep: RANK_GAP, nodesep: BOX_GAP, edgesep: BOX_GAP });
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  links.forEach(({ from, to, label }, i) => {
    graph.setEdge(from, to, { width: label?.width ?? 0, height: label?.height ?? 0, labelpos: "c" }, String(i));
  });
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const centres = new Map(boxes.map(({ id }) => [id, at(graph.node(id))]));
  const sizes = new Map(boxes.map((box) => [box.id, box]));
  const middles = links.map(({ from, to }, i) => {
    const edge = graph.edge(from, to, String(i)) as { points: readonly Point[]; x?: number; y?: number };
    return { inner: edge.points.slice(1, -1), label: links[i].label === null ? null : at(edge) };
  });
  const ends = portsOf(links, middles.map(({ inner }) => inner), centres, direction); // biome-ignore format: one line
  return {
    width,
    height,
    boxes: boxes.map(({ id }) => centreOf(centres, id)),
    links: links.map(({ from, to }, i) => {
      const start = onBorder(centreOf(centres, from), sizes.get(from), direction, 1, 0);
      const end = onBorder(centreOf(centres, to), sizes.get(to), direction, -1, ends[i]);
      const { inner, label } = middles[i];
      if (inner.length > 1) return { points: [start, ...inner, end], label };
      // Nothing stands between neighbouring ranks: one curve, with the label in its middle.
      return { points: [start, end], label: label && { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 } };
    }),
  };
}

/** Work that the layout may take: it grows with the ranks that arrows pass, each some milliseconds. */
const MOST_PASSED = 4000;

/** A drawing that nobody could read is not worth minutes. */
function requireDrawable(boxes: readonly Box[], links: readonly Link[]): void {
  const ranks = new Map<string, number>();
  const rankOf = (id: string): number => ranks.get(id) ?? 0;
  const leaving = new Map<string, string[]>();
  for (const { from, to } of links) leaving.set(from, [...(leaving.get(from) ?? []), to]);
  // Boxes come in the order of evaluation, so that the rank of a box is known before the arrows from it are followed.
  for (const { id } of boxes) for (const to of leaving.get(id) ?? []) ranks.set(to, Math.max(rankOf(to), rankOf(id) + 1));
  const passed = links.reduce((total, { from, to }) => total + Math.abs(rankOf(to) - rankOf(from)), boxes.length);
  if (passed <= MOST_PASSED) return;
  throw fault("drawing", "the graph is too large to be read", {
    expected: `at most ${MOST_PASSED} boxes and ranks that arrows pass`,
    got: `${passed}: ${boxes.length} boxes, ${links.length} arrows`,
    fix: "write it for Graphviz with dot(), or explain a part of it",
  });
}

const at = ({ x, y }: { x?: number; y?: number }): Point => ({ x: x ?? 0, y: y ?? 0 });

const centreOf = (centres: ReadonlyMap<string, Point>, id: string): Point => centres.get(id) ?? { x: 0, y: 0 };

/** How far from the middle of the box each link ends, so that those that enter one box lie side by side in order. */
function portsOf(
  links: readonly Link[],
  inner: readonly (readonly Point[])[],
  centres: ReadonlyMap<string, Point>,
  direction: Direction,
): number[] {
  const across = (point: Point): number => (direction === "right" ? point.y : point.x);
  const comesFrom = (i: number): number => across(inner[i][inner[i].length - 1] ?? centreOf(centres, links[i].from));
  const offsets = new Array<number>(links.length).fill(0);
  for (const target of new Set(links.map((link) => link.to))) {
    const entering = links.flatMap((link, i) => (link.to === target ? [i] : [])).sort((a, b) => comesFrom(a) - comesFrom(b));
    entering.forEach((link, position) => {
      offsets[link] = (position - (entering.length - 1) / 2) * PORT_GAP;
    });
  }
  return offsets;
}

function onBorder(centre: Point, box: Box | undefined, direction: Direction, side: 1 | -1, offset: number): Point {
  const { width = 0, height = 0 } = box ?? {};
  return direction === "right"
    ? { x: centre.x + (side * width) / 2, y: centre.y + offset }
    : { x: centre.x + offset, y: centre.y + (side * height) / 2 };
}

/** A smooth path through points that leaves and arrives along the direction of the graph. */
export function smoothPath(points: readonly Point[], direction: Direction): string {
  const write = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
  const pieces = points.slice(1).map((to, i) => {
    const from = points[i];
    const [first, second] =
      direction === "right"
        ? [{ x: (from.x + to.x) / 2, y: from.y }, { x: (from.x + to.x) / 2, y: to.y }] // biome-ignore format: pairs
        : [{ x: from.x, y: (from.y + to.y) / 2 }, { x: to.x, y: (from.y + to.y) / 2 }]; // biome-ignore format: pairs
    return `C${write(first)} ${write(second)} ${write(to)}`;
  });
  return `M${write(points[0])} ${pieces.join(" ")}`;
}

/** Tenths of a pixel: finer is not seen and makes files large. */
export const round = (value: number): number => Math.round(value * 10) / 10;
