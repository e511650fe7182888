/**
 * Detections asked of records that are loaded.
 *
 * In:    a table with the columns of `COLUMNS`, detections with their values, the network where it is known. Out: findings.
 * Holds: what several detections read is made once, as temporary tables that stay for whoever reads on. A detection that the files
 *        cannot answer is told, and the others are asked. The first findings come with some of their records.
 * Fails: FG_QUERY_FIELDS where no detection can be asked; with the error of a query.
 */
import type { Finding, NotAsked } from '../api/findings.ts';
import type { FlowTable } from '../lake/read/loaded-table.ts';
import { failure } from '../model/errors.ts';
import type { AskOptions } from '../query/ask.ts';
import { capabilityOf } from '../query/capability.ts';
import { DUCKDB } from '../query/dialect.ts';
import { heldFields } from '../query/held-fields.ts';
import type { ModelHistory } from '../storage/state/open-model.ts';
import type { Values } from './choose.ts';
import type { Detection } from './detection.ts';
import { findingsOf } from './findings.ts';
import { rowsOf } from './found-rows.ts';
import type { FoundRow } from './found-rows.ts';
import { relationsOf } from './relations.ts';
import { RuleQuestions } from './rule-questions.ts';
import { writeValues } from './write-values.ts';

export type TableQuestion = {
  readonly wanted: ReadonlyMap<Detection, Values>;
  /** Where the records lie, and how they are read: for what is read again. */
  readonly from: string;
  readonly options: AskOptions;
  readonly network: ModelHistory | null;
  /** SQL of what earlier runs kept; null: nothing. */
  readonly stored: string | null;
  /** Relations that whoever asks reads besides; with a network `fg_known`. */
  readonly also: readonly string[];
  readonly signal: AbortSignal;
};

/** Findings that get records, and how many each. */
const WITH_RECORDS = 50;
const RECORDS_EACH = 5;
const WEIGHT: Readonly<Record<Finding['severity'], number>> = { high: 3, medium: 2, low: 1, info: 0 };
/** Columns that no record has. */
const ADDED = ['start_time', 'end_time', 'x_open'];
/** Fields of conversations, without which rules cannot be asked about. */
const RULES_NEED = ['interface-id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'start', 'end', 'action'];

/** Asks. The graver findings come first, of those alike the newer. */
export async function askTable(
  table: FlowTable,
  { wanted, from, options, network, stored, also, signal }: TableQuestion,
): Promise<{ readonly findings: readonly Finding[]; readonly notAsked: readonly NotAsked[] }> {
  const { asked, notAsked } = whatCanBeAsked([...wanted.keys()], table, network !== null);
  const bodies = new Map(
    asked.flatMap((one) =>
      'query' in one ? [[one, writeValues(one.query.body(DUCKDB), wanted.get(one) ?? {})] as const] : [],
    ),
  );
  await makeRelations(table, [...bodies.values(), ...also].join('\n'), stored);
  const rules = network === null ? null : new RuleQuestions(from, options, table, network, signal);
  const findings: Finding[] = [];
  for (const one of asked) {
    signal.throwIfAborted();
    const rows =
      'query' in one
        ? await rowsOf(table.duck, bodies.get(one)!)
        : ((await rules?.ask(one.asks, wanted.get(one) ?? {})) ?? null);
    if (rows === null) notAsked.push({ detection: one.name, why: 'facts', fields: [] });
    else findings.push(...findingsOf(one, rows));
  }
  findings.sort(
    (a, b) => WEIGHT[b.severity] - WEIGHT[a.severity] || b.lastSeconds - a.lastSeconds || (a.id < b.id ? -1 : 1),
  );
  return { findings: await withRecords(table, findings, signal), notAsked };
}

function whatCanBeAsked(
  wanted: readonly Detection[],
  table: FlowTable,
  hasNetwork: boolean,
): { readonly asked: readonly Detection[]; readonly notAsked: NotAsked[] } {
  const asked: Detection[] = [];
  const notAsked: NotAsked[] = [];
  const noted = new Set<string>();
  for (const one of wanted) {
    const needs = 'query' in one ? one.query : { needsFields: RULES_NEED, instead: {} };
    const { missing, notes } = capabilityOf({ ...needs, instead: needs.instead ?? {} }, table.coverage);
    if (missing.length > 0) notAsked.push({ detection: one.name, why: 'fields', fields: missing });
    else if ('asks' in one && !hasNetwork) notAsked.push({ detection: one.name, why: 'model', fields: [] });
    else asked.push(one);
    for (const note of missing.length > 0 ? [] : notes) {
      if (noted.has(note.field)) continue;
      noted.add(note.field);
      table.notes.push(note);
    }
  }
  const [first] = notAsked;
  if (asked.length === 0 && first?.why === 'fields')
    throw failure('FG_QUERY_FIELDS', `detect --only ${first.detection}`, first.fields, table.files);
  return { asked, notAsked };
}

/** Makes the relations that some SQL reads, each as a table. */
async function makeRelations(table: FlowTable, sql: string, stored: string | null): Promise<void> {
  const held = heldFields(table.coverage);
  for (const relation of relationsOf(sql, DUCKDB, held)) {
    const text = relation.name === 'fg_stored' && stored !== null ? stored : relation.sql(DUCKDB, held);
    await table.duck.run(`CREATE OR REPLACE TEMP TABLE ${relation.name} AS ${text}`);
  }
}

/** The first findings with their first records, as far as columns were read. */
async function withRecords(table: FlowTable, findings: readonly Finding[], signal: AbortSignal): Promise<Finding[]> {
  const told: Finding[] = [];
  for (const finding of findings.slice(0, WITH_RECORDS)) {
    signal.throwIfAborted();
    const records = await rowsOf(table.duck, `${finding.evidence.sql} LIMIT ${RECORDS_EACH}`);
    told.push({ ...finding, evidence: { ...finding.evidence, records: records.map(shownRecord) } });
  }
  return [...told, ...findings.slice(WITH_RECORDS)];
}

/** Without what the table adds to the fields. */
function shownRecord(row: FoundRow): FoundRow {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !ADDED.includes(name)));
}
