/** What a report on health needs beyond the looks of all reports. */
export const healthStyle = `
.facts .first.ill dd { color: var(--wrong); }
.facts .first.risk dd { color: var(--series-2); }
.facts .first dd.note { color: var(--soft); }
.findings, .causes { list-style: none; margin: 0; padding: 0; display: grid; gap: 14px; }
.findings p, .causes p { margin: 4px 0 0; max-width: 90ch; }
.meaning, .where { color: var(--soft); font-size: 13px; }
.badge, .verdict {
  display: inline-block; font-size: 12px; line-height: 1; padding: 4px 8px; border-radius: 999px; margin-right: 8px;
  background: var(--line); color: var(--ink); vertical-align: 1px;
}
.critical .badge, .verdict.harmful { background: var(--wrong); color: var(--on-strong); }
.confirmed .badge, .risk .badge, .verdict.improved, .verdict.outcome-only { background: var(--series-2); color: var(--on-strong); }
.verdict.proved { background: var(--right); color: var(--on-strong); }
.likely { display: inline-block; width: 72px; height: 6px; border-radius: 3px; background: var(--line); margin-right: 12px; vertical-align: 2px; overflow: hidden; }
.likely span { display: block; height: 100%; background: var(--series-2); }
.keys { display: flex; gap: 20px; font-size: 13px; color: var(--soft); }
.keys i { display: inline-block; width: 18px; height: 3px; border-radius: 2px; margin-right: 8px; vertical-align: middle; }
.stack { display: grid; gap: 18px; }
.change { margin: 0; overflow-x: auto; font: 13px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.change span { display: block; padding: 0 8px; border-radius: 4px; white-space: pre; }
.change .kept, .change .gap { color: var(--soft); }
.change .removed { background: color-mix(in srgb, var(--wrong) 16%, transparent); }
.change .added { background: color-mix(in srgb, var(--right) 18%, transparent); }
`;
