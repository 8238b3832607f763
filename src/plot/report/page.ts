import { escapeMarkup } from "../escape.js";
import { styleSheet } from "./style.js";

export interface Page {
  readonly title: string;
  /** What kind of page it is: "training report". */
  readonly kind: string;
  /** The first paragraph, as text. */
  readonly lead: string;
  /** Markup under the first paragraph, and the sections. */
  readonly facts: string;
  readonly body: string;
  /** Rules of this kind of page, after those of all. */
  readonly style?: string;
  /** The last line: when, by what. */
  readonly footer: string;
}

/** An HTML page that needs nothing else: no network, no scripts; light and dark as the reader's system is. */
export function page({ title, kind, lead, facts, body, style = "", footer }: Page): string {
  const heading = escapeMarkup(title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${heading} · ${kind}</title>
<style>${styleSheet}${style}</style>
</head>
<body>
<main>
<header>
<p class="eyebrow">softgrad · ${kind}</p>
<h1>${heading}</h1>
<p class="lead">${escapeMarkup(lead)}</p>
${facts}
</header>
${body}
<footer>${escapeMarkup(footer)}</footer>
</main>
</body>
</html>
`;
}
