/**
 * Findings, and detections, for people.
 *
 * In:    a report; a detection. Out: text.
 * Holds: names and values of others are shown as text that a terminal does not obey; whoever prints fits it to the width.
 */
import type { DetectReport, Finding, FindingCell, NotAsked } from '../api/findings.ts';
import { isoOf } from '../lake/read/time-range.ts';
import { shellWord } from '../model/shell-word.ts';
import { DUCKDB } from '../query/dialect.ts';
import { ALL_FIELDS } from '../query/held-fields.ts';
import { parametersOf, valuesOf } from '../watch/choose.ts';
import type { Detection } from '../watch/detection.ts';
import { writeValues } from '../watch/write-values.ts';
import { aboutOf } from '../api/finding-subject.ts';
import { shown } from './text-width.ts';

type Told = {
  /** The place, for the command that gives the records. */
  readonly from: string;
  readonly suppressed: number;
  /** Findings that were not there before; null where nothing is kept. */
  readonly fresh: number | null;
};

/** The report. */
export function detectText(report: DetectReport, told: Told): string {
  const { findings, asked, notAsked, baseline } = report;
  const lines = findings.flatMap((finding) => [...findingLines(finding, told.from), '']);
  const fresh = told.fresh === null ? '' : `, ${told.fresh} of them new`;
  const hidden = told.suppressed === 0 ? '' : `; ${told.suppressed} more suppressed (--all)`;
  lines.push(`${counted(findings.length, 'finding')} of ${counted(asked, 'detection')}${fresh}${hidden}.`);
  lines.push(...notAskedLines(notAsked), ...baselineLines(baseline));
  return `${lines.join('\n')}\n`;
}

function findingLines(finding: Finding, from: string): string[] {
  const { id, severity, detection, meaning, technique, firstSeconds, lastSeconds, facts, evidence } = finding;
  const hidden = finding.suppressedUntilSeconds;
  const place = from === './flowgauge-data' ? '' : ` --from ${shellWord(from)}`;
  return [
    `${severity.toUpperCase().padEnd(6)} ${detection}: ${shown(aboutOf(finding))}`,
    `  ${isoOf(firstSeconds)} to ${isoOf(lastSeconds)}  ${id}${technique === null ? '' : `  ${technique}`}${hidden === null ? '' : `  suppressed until ${isoOf(hidden)}`}`,
    `  ${meaning}`,
    ...(Object.keys(facts).length === 0 ? [] : [`  ${Object.entries(facts).map(factText).join(', ')}`]),
    `  records  flowgauge query${place} ${shellWord(evidence.sql)}`,
  ];
}

function factText([name, value]: readonly [string, FindingCell]): string {
  const words = name.replaceAll('_', ' ');
  if (name.endsWith('_seconds') && typeof value === 'number' && value > 1e9)
    return `${words.replace(/ seconds$/u, '')} ${isoOf(value)}`;
  return `${words} ${value === null ? '-' : shown(String(value))}`;
}

const WHY: Readonly<Record<NotAsked['why'], string>> = {
  fields: 'the files lack',
  model: 'they need the network: give --vpc MODEL, or run `flowgauge import aws` first',
  facts: 'the network says nothing of it, or no change of it is known',
};

function notAskedLines(notAsked: readonly NotAsked[]): string[] {
  const groups = Map.groupBy(
    notAsked,
    ({ why, fields }) => `${WHY[why]}${why === 'fields' ? ` ${fields.join(', ')}` : ''}`,
  );
  return [...groups].map(([why, ones]) => `Not asked (${why}): ${ones.map(({ detection }) => detection).join(', ')}.`);
}

function baselineLines({ sinceSeconds, learnSeconds, kept }: DetectReport['baseline']): string[] {
  const days = learnSeconds / 86_400;
  const since =
    sinceSeconds === null ? 'Nothing is known of the past' : `The past is known since ${isoOf(sinceSeconds)}`;
  const goesOn = kept ? '' : '; it is not kept, for there is no data directory that may be written (--data DIR)';
  return [`${since}: what is new is told of whom it knows for ${days} days or more${goesOn}.`];
}

function counted(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** A detection with its parameters and its SQL. */
export function describeDetection(detection: Detection): string {
  const { name, severity, technique, meaning, falsePositives } = detection;
  const lines = [
    `${name}: ${severity}${technique === null ? '' : `, MITRE ATT&CK ${technique}`}`,
    '',
    meaning,
    `Other reasons: ${falsePositives}`,
    '',
    'Parameters (--param DETECTION.NAME=VALUE):',
    ...Object.entries(parametersOf(detection)).map(
      ([key, parameter]) => `  ${key.padEnd(10)} ${parameter.meaning} (default ${parameter.default})`,
    ),
  ];
  if ('query' in detection) {
    const sql = writeValues(detection.query.sql(DUCKDB, ALL_FIELDS), valuesOf(detection, {}));
    lines.push('', 'SQL, for records with all fields:', sql.trim());
  } else lines.push('', 'It asks the rules of the network, not SQL alone.');
  return `${lines.join('\n')}\n`;
}
