import { type PlotOptions, plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** A chart as the text of one SVG element. Colours are CSS variables of the page it is put in, or `currentColor`. */
export function chartSvg(title: string, options: PlotOptions): string {
  // A document of its own: charts are drawn the same in Node and in a browser, and nothing is added to any page.
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const chart = plot({ ...options, ariaLabel: title, document: document as unknown as Document });
  chart.setAttribute("role", "img");
  return chart.outerHTML;
}
