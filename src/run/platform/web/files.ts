import { fault } from "../../../ir/fault.js";

/** A page has no files to write; what would be in one is there as bytes. */
export async function writeFileAtomic(path: string, _content: Uint8Array | string): Promise<void> {
  throw fault(path, "a page cannot write files", {
    fix: "take the bytes (trainer.checkpoint, trainer.exportOnnx) and offer them as a download",
  });
}

/** The content behind an address. */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  const response = await fetch(path);
  if (!response.ok) throw fault(path, "it cannot be fetched", { expected: "status 200", got: String(response.status) });
  return new Uint8Array(await response.arrayBuffer());
}

/** The content behind an address, piece by piece. */
export async function* filePieces(path: string): AsyncGenerator<Uint8Array, void> {
  yield await readFileBytes(path);
}
