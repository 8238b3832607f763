import { type Layer, sequential } from "../../nn/index.js";
import { blockPieces, headPieces, type Piece } from "./pieces.js";
import type { Plan } from "./plan.js";

/** The stages of a plan's model in order, with the paths of the layers that its blocks and its head became. */
export interface PlannedModel {
  readonly pieces: readonly Piece[];
  /** For every block the path of its weights in the model, the beginning of it for a transformer; null for one without. */
  readonly blocks: readonly (string | null)[];
  readonly head: string;
}

/** Follows a sample's shape through the blocks. A fault names the first block that does not fit. */
export function planModel(plan: Plan): PlannedModel {
  const pieces: Piece[] = [];
  const blocks: (string | null)[] = [];
  let shape = plan.input;
  for (const [i, block] of plan.blocks.entries()) {
    const built = blockPieces(block, shape, `blocks[${i}], ${block.kind}`);
    const { weights } = built;
    const start = weights === null ? null : String(pieces.length + weights.place);
    blocks.push(start === null || weights?.within === "" ? start : `${start}.${weights?.within}`);
    pieces.push(...built.pieces);
    shape = built.shape;
  }
  const head = String(pieces.length);
  return { pieces: [...pieces, ...headPieces(plan.head, shape)], blocks, head };
}

/** The model of a plan: its blocks one after the other, then its head. */
export const buildModel = (plan: Plan): Layer => sequential(...planModel(plan).pieces.map(({ stage }) => stage));
