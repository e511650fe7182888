/**
 * Markdown of a comparison, ready for docs/performance.md.
 *
 * In:    standings. Out: text; the command and the machine stand above each table.
 */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

import type { Standing } from './contender.ts';

/** Heading, the command that makes it again, and where it ran. */
export function heading(title: string, command: string): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const kernel = execFileSync('uname', ['-sr'], { encoding: 'utf8' }).trim();
  const date = new Date().toISOString().slice(0, 10);
  const load = loadavg()[0]?.toFixed(2);
  return [
    `### ${title}`,
    '',
    `\`${command}\` · ${date} · ${model}, ${cpus().length} cores, ${memory}, ${kernel}, Node ${process.version} · load when it began ${load}`,
    '',
    '',
  ].join('\n');
}

/** A table of text; numbers stand right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line), ''].join('\n');
}

/** Standings, with the CPU seconds of each divided by the first's. */
export function standingsTable(standings: readonly Standing[]): string {
  const first = standings[0];
  const rows = standings.map((one) => [
    `${one.contender.name} ${one.contender.version}`,
    one.counted === null ? '-' : one.counted.flows.toLocaleString('en'),
    one.counted === null ? '-' : one.counted.packets.toLocaleString('en'),
    fixed(one.wallSeconds),
    `${fixed(one.cpuSeconds)} (${fixed(one.cpuLeast)}–${fixed(one.cpuMost)})`,
    fixed(one.peakMegabytes, 0),
    one.wrong === null ? `${fixed(one.cpuSeconds / (first?.cpuSeconds ?? Number.NaN))}x` : 'does not count',
  ]);
  const notes = standings.filter((one) => one.wrong !== null).map((one) => `- ${one.contender.name}: ${one.wrong}`);
  const head = ['tool', 'flows', 'packets in them', 'wall s', 'CPU s (least–most)', 'peak MB', 'CPU to the first'];
  return [table(head, rows), ...notes, ...(notes.length > 0 ? [''] : [])].join('\n');
}

export function fixed(number: number, digits = 2): string {
  return Number.isFinite(number) ? number.toFixed(digits) : '-';
}

/** A floor that issue and docs name, and whether it holds. */
export function floor(what: string, value: number, limit: number, least: boolean): string {
  const holds = least ? value >= limit : value <= limit;
  return `- ${what}: ${fixed(value)} (${least ? 'at least' : 'at most'} ${limit}): ${holds ? 'holds' : '**does not hold**'}`;
}
