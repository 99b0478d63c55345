/** The only style sheet of the inbox, served at /inbox.css. */
export const inboxStyle = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ground: #f4f5f7; --ink: #1c2330; --quiet: #667085; --line: #e3e6eb;
  --accent: #2f5bd3; --hover: #f7f9fd; --chip: #e8f5ec; --chip-ink: #1d6b3a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #1a1e26; --ground: #12151b; --ink: #e6e9ef; --quiet: #98a2b3; --line: #2b313c;
    --accent: #8aabff; --hover: #20252f; --chip: #173524; --chip-ink: #8fd8a8;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
}
.page { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
header { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 {
  margin: 0; padding: .7rem 1.1rem; border-bottom: 1px solid var(--line);
  font-size: .8rem; font-weight: 600; color: var(--quiet);
}
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
.quiet { color: var(--quiet); font-size: .875rem; }
.card {
  background: var(--paper); border: 1px solid var(--line); border-radius: 10px;
  overflow: hidden; margin-bottom: 1.25rem;
}
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td {
  padding: .65rem 1.1rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere;
}
tbody tr:last-child > * { border-bottom: 0; }
th { font-size: .8rem; font-weight: 600; color: var(--quiet); }
tbody tr:hover { background: var(--hover); }
.time { width: 12.5rem; color: var(--quiet); font-variant-numeric: tabular-nums; }
.to { width: 17rem; }
.subject a { font-weight: 600; }
.headers th { width: 11rem; }
.headers th, .headers td { padding: .4rem 1.1rem; font-size: .875rem; }
.chip {
  display: inline-block; padding: .05rem .55rem; border-radius: 99px; margin-right: .4rem;
  background: var(--chip); color: var(--chip-ink); font-size: .8rem; font-weight: 600;
}
pre {
  margin: 0; padding: 1.1rem; font: 14px/1.6 ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
  white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext;
}
.empty { padding: 3rem 1rem; text-align: center; color: var(--quiet); }
@media (max-width: 40rem) {
  thead { display: none; }
  .list tr { display: block; padding: .7rem 1.1rem; border-bottom: 1px solid var(--line); }
  .list td { display: block; width: auto; padding: 0; border: 0; }
}
`;
