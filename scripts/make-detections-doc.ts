/**
 * Makes docs/detections.md from the detections: `bin/node scripts/make-detections-doc.ts`.
 *
 * In:    the list in src/watch/detections/. Out: the page. Holds: a test compares page and list, so neither is ahead of the other.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parametersOf } from '../src/watch/choose.ts';
import type { Detection } from '../src/watch/detection.ts';
import { DETECTIONS } from '../src/watch/detections/list.ts';
import { ROOT } from './files.ts';

function section(detection: Detection): string[] {
  const { name, severity, technique, meaning, falsePositives, subject } = detection;
  const attack =
    technique === null ? '' : `, [${technique}](https://attack.mitre.org/techniques/${technique.replace('.', '/')}/)`;
  const lines = [`## ${name}`, '', `${severity}${attack}. ${meaning}`, '', `Other reasons: ${falsePositives}`, ''];
  const about = subject.map((column) => column.replaceAll('_', ' ')).join(', ');
  lines.push(`One finding a day for each ${about}.${'asks' in detection ? ' It needs the network.' : ''}`, '');
  const parameters = Object.entries(parametersOf(detection));
  if (parameters.length > 0)
    lines.push(
      '| parameter | default | meaning |',
      '|---|---|---|',
      ...parameters.map(([key, parameter]) => `| ${key} | \`${parameter.default}\` | ${parameter.meaning} |`),
      '',
    );
  return lines;
}

/** The page. */
export function detectionsPage(): string {
  const lines = [
    '# Detections',
    '',
    'Made by `bin/node scripts/make-detections-doc.ts` from `src/watch/detections/`; do not edit it here. `flowgauge detect show NAME` prints',
    'the same with the SQL. [Detecting](detect.md) says how they are asked, kept and suppressed.',
    '',
    `There are ${DETECTIONS.length}. A parameter is given as \`--param DETECTION.NAME=VALUE\`. *Ours* are private addresses, and IPv6 addresses in the /56 of an`,
    'interface; *outside* is everybody else. Each has records that fire it and records that must not, in its file.',
    '',
    '| detection | severity | technique |',
    '|---|---|---|',
    ...DETECTIONS.map(({ name, severity, technique }) => `| [${name}](#${name}) | ${severity} | ${technique ?? '-'} |`),
    '',
    ...DETECTIONS.flatMap(section),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

if (import.meta.main) writeFileSync(join(ROOT, 'docs/detections.md'), detectionsPage());
