import type { Series } from '../measure/series';
import type { Summary } from '../measure/stats';
import { numberText } from './number-text';

/** Headings of the charted figures. */
const PANELS = {
  'notifications/s': 'Notifications per second, webhook to closed run (more is better)',
  'CPU ms: all of these': 'CPU milliseconds per notification without the stubs (less is better)',
  'webhook to 250, ms: p50': 'Milliseconds from webhook to 250 at five per second (less is better)',
};

const WIDTH = 760;
const LABELS = 140;
const NUMBERS = 110;
const BAR = 16;
const STEP = 24;
const HEADING = 34;

/** For light and dark pages. A bar is the median, the line on it the spread. */
const STYLE = `text{font:13px system-ui,sans-serif;fill:#1f2328}.heading{font-weight:600}
.bar{fill:#8c959f}.ours{fill:#0969da}.spread{stroke:#1f2328;stroke-width:1.5}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.bar{fill:#6e7681}.ours{fill:#4493f8}.spread{stroke:#e6edf3}}`;

/** An SVG with a group of bars per measured figure. */
export function toChart(series: Series, contenders: readonly string[]): string {
  const parts: string[] = [];
  let y = 0;
  for (const [figure, heading] of Object.entries(PANELS)) {
    const bars = contenders.flatMap((contender) => {
      const summary = series.summary(figure, contender);
      return summary ? [{ contender, summary }] : [];
    });
    if (bars.length === 0) continue;
    const longest = Math.max(...bars.map(({ summary }) => summary.max));
    parts.push(text(0, y + 20, heading, 'heading'));
    bars.forEach(({ contender, summary }, index) => {
      parts.push(bar(contender, summary, { y: y + HEADING + index * STEP, longest }));
    });
    y += HEADING + bars.length * STEP + 10;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img">`,
    `<title>Benchmark of bulk-notify against simpler designs</title><style>${STYLE}</style>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function bar(
  contender: string,
  { median, min, max }: Summary,
  { y, longest }: { y: number; longest: number },
): string {
  const toX = (value: number) => round((value / longest) * (WIDTH - LABELS - NUMBERS));
  const middle = y + BAR / 2;
  const kind = contender.startsWith('ours') ? 'bar ours' : 'bar';
  return [
    text(0, y + 13, contender),
    `<rect class="${kind}" x="${LABELS}" y="${y}" width="${toX(median)}" height="${BAR}" rx="2"/>`,
    `<path class="spread" d="M${LABELS + toX(min)} ${middle}H${LABELS + toX(max)}"/>`,
    text(LABELS + toX(max) + 8, y + 13, numberText(median)),
  ].join('');
}

function text(x: number, y: number, content: string, kind = ''): string {
  const escaped = content.replace(/[&<>]/g, (it) => `&#${it.charCodeAt(0)};`);
  return `<text x="${round(x)}" y="${y}"${kind && ` class="${kind}"`}>${escaped}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
