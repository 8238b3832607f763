import { resolve } from "node:path";
import { writeFileAtomic } from "#platform/files.js";
import { fault } from "../../ir/fault.js";
import type { Theme } from "../../plot/index.js";
import { oneOf } from "../readers.js";

/** Draws into a file, as SVG or PNG by the end of its name. */
export async function writePicture(path: string, theme: string | undefined, draw: (theme: Theme) => string): Promise<void> {
  const chosen = theme === undefined ? undefined : (oneOf("theme", ["auto", "light", "dark"])(theme, "--theme") as Theme);
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase();
  if (ending === "svg") return writeFileAtomic(resolve(path), draw(chosen ?? "auto"));
  if (ending === "png") return writeFileAtomic(resolve(path), await png(draw(chosen === "dark" ? "dark" : "light")));
  throw fault("--out", "the kind of picture is not known", { expected: "a file that ends in .svg or .png", got: path });
}

/** Two pixels to a unit: sharp on every screen. */
const ZOOM = 2;

async function png(svg: string): Promise<Uint8Array> {
  const { Resvg } = await rasteriser();
  const font = { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" };
  return new Resvg(svg, { font, fitTo: { mode: "zoom", value: ZOOM } }).render().asPng();
}

async function rasteriser(): Promise<typeof import("@resvg/resvg-js")> {
  try {
    return await import("@resvg/resvg-js");
  } catch (error) {
    throw fault("--out", "there is nothing here that draws PNG", {
      got: error instanceof Error ? error.message.split("\n")[0] : String(error),
      fix: "npm install @resvg/resvg-js, or give a file that ends in .svg",
    });
  }
}
