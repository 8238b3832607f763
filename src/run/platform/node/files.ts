import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Fault, fault } from "../../../ir/fault.js";

/**
 * Writes a file so that a reader finds the old content or the new, never a part, however the process ends: the bytes go to
 * `.name.<process>.<n>.tmp` in the same folder, are forced to the disk, and the name is changed last. Missing folders are made.
 * A killed process can leave its `.tmp` behind; such a file is in nobody's way and may be deleted.
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  try {
    await makeFolder(folder);
    const { file, temporary } = await openTemporary(folder, basename(path));
    try {
      await fillFile(file, content);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(folder);
  } catch (error) {
    throw writeFault(path, error as NodeJS.ErrnoException);
  }
}

/**
 * Makes a folder and those above it. Not by Node's `recursive` option: where a file system refuses new folders by saying that the
 * parent is missing, as /proc does, that one tries for ever.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder).catch((again: NodeJS.ErrnoException) => {
      if (again.code !== "EEXIST") throw again;
    });
  }
}

/** A new file beside the wanted one: a rename is atomic only within one file system. */
async function openTemporary(folder: string, name: string): Promise<{ file: FileHandle; temporary: string }> {
  for (let attempt = 0; ; attempt++) {
    const temporary = join(folder, `.${name}.${process.pid}.${attempt}.tmp`);
    try {
      return { file: await open(temporary, "wx"), temporary };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

async function fillFile(file: FileHandle, content: Uint8Array | string): Promise<void> {
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The new name is on the disk only when the folder is. Windows cannot open folders, and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "the folder may not be written to",
  EPERM: "the folder may not be written to",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EISDIR: "there is a folder of that name",
  ENOTDIR: "a part of the path is a file, not a folder",
  ENOENT: "the folder cannot be made",
};

function writeFault(path: string, error: NodeJS.ErrnoException): Fault {
  return fault(
    path,
    reasons[error.code ?? ""] ?? `the file cannot be written: ${error.message}`,
    {
      fix: "choose another folder, or make room in this one",
    },
    error,
  );
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "this is a folder, not a file",
  EACCES: "the file may not be read",
  EPERM: "the file may not be read",
};

/** The content of a file of this machine. */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw readFault(path, error as NodeJS.ErrnoException);
  }
}

function readFault(path: string, error: NodeJS.ErrnoException): Fault {
  const { code = "", message } = error;
  return fault(path, unreadable[code] ?? `the file cannot be read: ${message}`, {}, error);
}

/** The content of a file, piece by piece. */
export async function* filePieces(path: string): AsyncGenerator<Uint8Array, void> {
  try {
    // Reading a folder fails on some systems only, opening a pipe would wait for ever.
    if ((await stat(path)).isDirectory()) throw Object.assign(new Error("EISDIR"), { code: "EISDIR" });
    for await (const piece of createReadStream(path)) yield piece as Uint8Array;
  } catch (error) {
    throw readFault(path, error as NodeJS.ErrnoException);
  }
}
