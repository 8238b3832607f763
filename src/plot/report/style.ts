/** The looks of a report: one column of cards, light or dark as the reader's system is, good on paper too. */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --card: #ffffff; --ink: #171a1f; --soft: #5d6672; --line: #e4e7eb;
  --series-1: #2f6fdb; --series-2: #d9730d; --right: #1f8a70; --wrong: #cf3f37; --on-strong: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1115; --card: #171b21; --ink: #e8ebef; --soft: #98a2ae; --line: #2a3039;
    --series-1: #74a9ff; --series-2: #ffab57; --right: #35a98c; --wrong: #ee6a62; --on-strong: #0e1115;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  font-variant-numeric: tabular-nums;
}
main { max-width: 1120px; margin: 0 auto; padding: 40px 24px 32px; }
header { margin-bottom: 24px; }
.eyebrow { margin: 0; color: var(--soft); font-size: 13px; letter-spacing: 0.04em; }
h1 { margin: 2px 0 4px; font-size: 34px; line-height: 1.15; letter-spacing: -0.02em; overflow-wrap: anywhere; }
h2 { margin: 0 0 14px; font-size: 16px; letter-spacing: -0.01em; }
p { margin: 0 0 12px; }
.lead { max-width: 75ch; color: var(--soft); }
section, .facts {
  background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px 22px; margin: 0 0 18px; min-width: 0;
}
.facts { display: flex; flex-wrap: wrap; gap: 18px 40px; align-items: flex-start; margin-top: 18px; }
.facts div { min-width: 96px; }
.facts dt { color: var(--soft); font-size: 13px; }
.facts dd { margin: 0; font-size: 21px; font-weight: 600; letter-spacing: -0.01em; line-height: 1.3; }
.facts .first dd { font-size: 40px; line-height: 1.1; color: var(--right); letter-spacing: -0.03em; }
.facts dd.note, .facts .first dd.note { font-size: 13px; font-weight: 400; color: var(--soft); letter-spacing: 0; line-height: 1.5; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 28px; align-items: start; }
.pair + .pair { margin-top: 28px; }
.columns { display: grid; gap: 0 18px; align-items: start; }
.columns > div { min-width: 0; }
@media (min-width: 860px) { .columns { grid-template-columns: minmax(0, 1.35fr) minmax(0, 1fr); } }
figure { margin: 0; }
.chart svg { display: block; max-width: 100%; height: auto; font: 12px system-ui, sans-serif; overflow: visible; }
.chart.matrix svg { margin: 0 auto; }
figcaption { margin-top: 10px; color: var(--soft); font-size: 13px; line-height: 1.45; max-width: 70ch; }
.legend { display: flex; gap: 20px; font-size: 13px; color: var(--soft); }
.legend span::before {
  content: ""; display: inline-block; width: 18px; height: 3px; border-radius: 2px; margin-right: 8px; vertical-align: middle;
}
.legend .series-1::before { background: var(--series-1); }
.legend .series-2::before { background: var(--series-2); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; color: var(--soft); font-weight: 500; font-size: 13px; }
th, td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
tbody tr:last-child td { border-bottom: 0; }
td { overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; }
td.mono { font: 13px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.options { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 12px 24px; margin: 0; }
.options dt { color: var(--soft); font-size: 13px; }
.options dd { margin: 0; overflow-wrap: anywhere; }
.mistakes { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(128px, 1fr)); gap: 12px; }
.mistakes li { border: 1px solid var(--line); border-radius: 10px; padding: 12px; background: var(--page); }
.mistakes svg { display: block; margin: 0 auto 8px; width: 100%; max-width: 96px; height: auto; }
.mistakes p { margin: 0 0 6px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.mistakes .wrong { color: var(--wrong); }
.mistakes .confidence { float: right; color: var(--soft); font-size: 13px; }
.mistakes dl { display: grid; grid-template-columns: 1fr auto; gap: 0 10px; margin: 0 0 8px; font-size: 12px; }
.mistakes dt { color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mistakes dd { margin: 0; text-align: right; }
.mistakes li:has(dl) { grid-column: span 2; }
.sure { display: block; height: 3px; border-radius: 2px; background: var(--line); overflow: hidden; }
.sure span { display: block; height: 100%; background: var(--wrong); }
footer { color: var(--soft); font-size: 13px; padding: 6px 2px; }
@media print { body { background: none; } section, .facts { break-inside: avoid; } }
`;
