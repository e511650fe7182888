/**
 * A finding in words, for whoever is told.
 *
 * In:    a finding. Out: a title of one line, and lines of text.
 * Holds: what comes from records is text of strangers: control characters are taken out, and each part is cut.
 */
import { aboutOf } from '../../api/finding-subject.ts';
import type { KeptFinding } from '../../api/findings.ts';

const MOST_TITLE = 100;
const MOST_VALUE = 200;

/** `MEDIUM ssh-brute-force: 198.51.100.7 to 10.0.0.5:22` */
export function titleOf(finding: KeptFinding): string {
  return plain(`${finding.severity.toUpperCase()} ${finding.detection}: ${aboutOf(finding)}`, MOST_TITLE);
}

/** What it means, when it was, and the numbers. */
export function linesOf(finding: KeptFinding): readonly string[] {
  const { meaning, firstSeconds, lastSeconds, technique, facts, id } = finding;
  const told = Object.entries(facts).map(([name, value]) => plain(`${name.replaceAll('_', ' ')} ${String(value)}`));
  return [
    meaning,
    `${isoOf(firstSeconds)} to ${isoOf(lastSeconds)}${technique === null ? '' : `, MITRE ATT&CK ${technique}`}`,
    ...(told.length === 0 ? [] : [told.join(', ')]),
    id,
  ];
}

function plain(text: string, most: number = MOST_VALUE): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  return clean.length > most ? `${clean.slice(0, most - 1)}…` : clean;
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
