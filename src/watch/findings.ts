/**
 * Rows of answers made into findings.
 *
 * In:    the rows of a detection, the strongest first. Out: one finding for each subject and UTC day.
 * Holds: a finding's id is made of detection, subject and day alone, so looking again, at more or fewer records, finds the same one.
 *        Its facts are those of the strongest row. Who looks at a later part of the records again widens what was found.
 * Fails: never.
 */
import { createHash } from 'node:crypto';
import type { Finding, FindingCell, FindingSubject } from '../api/findings.ts';
import { quoteText } from '../storage/duck/quote.ts';
import type { Detection, SubjectColumn } from './detection.ts';
import type { FoundRow } from './found-rows.ts';

const DAY_SECONDS = 86_400;
const SUBJECT: readonly SubjectColumn[] = ['interface_id', 'client', 'server', 'port', 'protocol', 'rule_id'];
/** Columns that are no facts. */
const PLACED = new Set<string>([...SUBJECT, 'first_seconds', 'last_seconds', 'evidence']);

/** The findings of a detection's rows. */
export function findingsOf(detection: Detection, rows: readonly FoundRow[]): Finding[] {
  const found = new Map<string, { readonly finding: Finding; readonly also: FindingCell }>();
  for (const row of rows) {
    const finding = findingOf(detection, row);
    const before = found.get(finding.id);
    if (before === undefined) {
      found.set(finding.id, { finding, also: row['evidence'] ?? null });
      continue;
    }
    const strongest = before.finding;
    const merged = {
      ...strongest,
      firstSeconds: Math.min(strongest.firstSeconds, finding.firstSeconds),
      lastSeconds: Math.max(strongest.lastSeconds, finding.lastSeconds),
      rows: strongest.rows + 1,
    };
    const evidence = { sql: evidenceSql(merged, before.also), records: null };
    found.set(finding.id, { finding: { ...merged, evidence }, also: before.also });
  }
  return [...found.values()].map(({ finding }) => finding);
}

function findingOf(detection: Detection, row: FoundRow): Finding {
  const { name, severity, meaning, technique, subject } = detection;
  const [firstSeconds, lastSeconds] = [Number(row['first_seconds'] ?? 0), Number(row['last_seconds'] ?? 0)];
  const day = Math.floor(firstSeconds / DAY_SECONDS);
  const about = [name, ...subject.map((column) => row[column] ?? null)];
  const whole = {
    id: `fnd-${digest([...about, day])}`,
    series: `ser-${digest(about)}`,
    detection: name,
    severity,
    meaning,
    technique,
    subject: subjectOf(row),
    firstSeconds,
    lastSeconds,
    rows: 1,
    facts: Object.fromEntries(Object.entries(row).filter(([column]) => !PLACED.has(column))),
    suppressedUntilSeconds: null,
  };
  return { ...whole, evidence: { sql: evidenceSql(whole, row['evidence'] ?? null), records: null } };
}

function digest(words: readonly FindingCell[]): string {
  return createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 16);
}

function subjectOf(row: FoundRow): FindingSubject {
  const text = (column: SubjectColumn): string | null => (isNone(row, column) ? null : String(row[column]));
  const number = (column: SubjectColumn): number | null => (isNone(row, column) ? null : Number(row[column]));
  return {
    interfaceId: text('interface_id'),
    client: text('client'),
    server: text('server'),
    port: number('port'),
    protocol: number('protocol'),
    ruleId: text('rule_id'),
  };
}

function isNone(row: FoundRow, column: SubjectColumn): boolean {
  return (row[column] ?? null) === null;
}

/**
 * A finding that was kept, and what another look says of it: one that saw less of the past moves the end and takes nothing away.
 *
 * @param known  of the same id; null: there is none
 */
export function widened(known: Finding | null, found: Finding): Finding {
  if (known === null || found.firstSeconds <= known.firstSeconds) {
    const lastSeconds = Math.max(known?.lastSeconds ?? 0, found.lastSeconds);
    return between(found, found.firstSeconds, lastSeconds, found.evidence.records ?? known?.evidence.records ?? null);
  }
  const lastSeconds = Math.max(known.lastSeconds, found.lastSeconds);
  return {
    ...between(known, known.firstSeconds, lastSeconds, known.evidence.records ?? found.evidence.records),
    rows: Math.max(known.rows, found.rows),
  };
}

/** The same finding of another time. */
function between(
  finding: Finding,
  firstSeconds: number,
  lastSeconds: number,
  records: Finding['evidence']['records'],
): Finding {
  // As `evidenceSql` ends.
  const sql = finding.evidence.sql.replace(
    /start <= -?\d+ AND "end" >= -?\d+ ORDER BY start$/u,
    timesSql(firstSeconds, lastSeconds),
  );
  return { ...finding, firstSeconds, lastSeconds, evidence: { sql, records } };
}

function timesSql(firstSeconds: number, lastSeconds: number): string {
  return `start <= ${lastSeconds} AND "end" >= ${firstSeconds} ORDER BY start`;
}

type Evident = Pick<Finding, 'subject' | 'firstSeconds' | 'lastSeconds'>;

/**
 * SQL of the records of a finding, over `flow_logs`.
 *
 * @param also  a condition of the detection's own
 */
function evidenceSql({ subject, firstSeconds, lastSeconds }: Evident, also: FindingCell): string {
  const { client, server, port, protocol, interfaceId } = subject;
  const parts: string[] = [];
  const between = (src: string | null, dst: string | null, side: 'srcport' | 'dstport'): string =>
    [
      ...(src === null ? [] : [`srcaddr = ${quoteText(src)}`]),
      ...(dst === null ? [] : [`dstaddr = ${quoteText(dst)}`]),
      ...(port === null ? [] : [`${side} = ${port}`]),
    ].join(' AND ');
  if (client !== null || server !== null)
    parts.push(`((${between(client, server, 'dstport')}) OR (${between(server, client, 'srcport')}))`);
  else if (interfaceId !== null) parts.push(`interface_id = ${quoteText(interfaceId)}`);
  if (protocol !== null) parts.push(`protocol = ${protocol}`);
  if (typeof also === 'string') parts.push(also);
  return `SELECT * FROM flow_logs WHERE ${[...parts, timesSql(firstSeconds, lastSeconds)].join(' AND ')}`;
}
