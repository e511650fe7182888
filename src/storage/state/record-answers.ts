/**
 * Answers of AWS → facts with the time they held.
 *
 * In:    answers: of what kind, in which account and region, for what time, whether whole, and the items. Out: what
 *        changed by them.
 * Holds: what a thing is at a time is what the last answer up to that time says that tells of it. Where that does not
 *        have the thing, and the next one does and says that it began between the two, it is there from a moment after the first. So an
 *        answer at T changes [P, N), from the answer before it to the one after it, and answers may come in any order. A whole answer
 *        tells of all things, those it lacks have ended; any other tells of its items alone. Equal content adds no
 *        fact. Nothing that was believed is lost: it is closed at the time of recording. One transaction.
 * Fails: with those of the state file; then nothing has changed.
 */
import type { StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { beginOf } from '../../network/vpc/kinds.ts';
import { contentHash } from './content.ts';
import { FOREVER } from './migrations.ts';
import type { StateFile } from './state-file.ts';

/** What was asked and answered. At most one of an import for a kind, account and region. */
export type Answer = {
  readonly kind: string;
  readonly account: string;
  readonly region: string;
  /** The time for which it holds. */
  readonly atMicros: number;
  /** All things of the kind are in it. */
  readonly whole: boolean;
  readonly items: readonly { readonly id: string; readonly content: unknown }[];
};

/** What an answer changed: things by what became of them at the time it holds for. */
export type ImportCounts = {
  readonly kind: string;
  readonly account: string;
  readonly region: string;
  readonly atMicros: number;
  readonly whole: boolean;
  /** An answer for a later time had come before. */
  readonly late: boolean;
  added: number;
  changed: number;
  ended: number;
  same: number;
};

/** A content and the time for which it holds. */
type Span = { readonly content: number; readonly from: number; readonly to: number };
type Row = Span & { readonly id: number };

type Statements = Readonly<Record<keyof typeof SQL, StatementSync>>;

/** Items that are written between two looks at what else there is to do: some hundredths of a second. */
const BREATH_ITEMS = 200;

const SCOPE = 'kind = ? AND account = ? AND region = ?';
const SQL = {
  wholeBefore: `SELECT max(at) AS at FROM answers WHERE ${SCOPE} AND at < ? AND whole = 1`,
  wholeAfter: `SELECT min(at) AS at FROM answers WHERE ${SCOPE} AND at > ? AND whole = 1`,
  newest: `SELECT max(at) AS at FROM answers WHERE ${SCOPE}`,
  mentions: `SELECT item, max(iif(at < ?4, at, NULL)) AS before, min(iif(at > ?4, at, NULL)) AS after
    FROM answers JOIN mentions ON answer = answers.id WHERE kind = ?1 AND account = ?2 AND region = ?3 GROUP BY item`,
  holding: `SELECT item, content FROM facts
    WHERE ${SCOPE} AND known_to = ${FOREVER} AND held_from <= ? AND held_to > ?`,
  near: `SELECT id, content, held_from, held_to FROM facts
    WHERE ${SCOPE} AND item = ? AND known_to = ${FOREVER} AND held_from <= ? AND held_to >= ? ORDER BY held_from`,
  later: `SELECT DISTINCT item FROM facts WHERE ${SCOPE} AND known_to = ${FOREVER} AND held_from > ?`,
  begins: 'SELECT begins FROM contents WHERE id = ?',
  close: 'UPDATE facts SET known_to = ? WHERE id = ?',
  add: 'INSERT INTO facts (kind, account, region, item, content, held_from, held_to, known_from, known_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  addContent: 'INSERT INTO contents (hash, json, begins) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING',
  findContent: 'SELECT id FROM contents WHERE hash = ?',
  addAnswer: 'INSERT INTO answers (import, kind, account, region, at, whole, late) VALUES (?, ?, ?, ?, ?, ?, ?)',
  addMention: 'INSERT OR IGNORE INTO mentions (answer, item) VALUES (?, ?)',
  lastImport: 'SELECT max(recorded) AS recorded FROM imports',
  addImport: 'INSERT INTO imports (recorded, source) VALUES (?, ?)',
};

/**
 * Records the answers of one import.
 *
 * @param source            where they came from, for people
 * @param recordedAtMicros  now; where the clock went back, a moment after the import before is taken
 * @param signal            ends it, and nothing is recorded
 */
export function recordAnswers(
  state: StateFile,
  answers: readonly Answer[],
  source: string,
  recordedAtMicros: number,
  signal?: AbortSignal,
): Promise<ImportCounts[]> {
  return state.longTransaction(async () => {
    const statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, state.database.prepare(sql)]),
    ) as Statements;
    const last = statements.lastImport.get()?.['recorded'];
    const now = typeof last === 'number' ? Math.max(recordedAtMicros, last + 1) : recordedAtMicros;
    const added = statements.addImport.run(now, source);
    let written = 0;
    /** Lets signals and timers in now and then. */
    const breathe = async (): Promise<void> => {
      if (++written % BREATH_ITEMS > 0) return;
      await nextTurn();
      signal?.throwIfAborted();
    };
    const counts: ImportCounts[] = [];
    for (const answer of answers)
      counts.push(await recordOne(statements, answer, Number(added.lastInsertRowid), now, breathe));
    return counts;
  }, signal);
}

async function recordOne(
  statements: Statements,
  answer: Answer,
  importId: number,
  now: number,
  breathe: () => Promise<void>,
): Promise<ImportCounts> {
  const { kind, account, region, atMicros, whole, items } = answer;
  const scope = [kind, account, region] as const;
  const newest = statements.newest.get(...scope)?.['at'];
  const late = typeof newest === 'number' && newest > atMicros;
  const counts: ImportCounts = {
    kind,
    account,
    region,
    atMicros,
    whole,
    late,
    added: 0,
    changed: 0,
    ended: 0,
    same: 0,
  };
  const told = toldAround(statements, answer);
  const holding = new Map<string, number>();
  for (const row of statements.holding.iterate(...scope, atMicros, atMicros))
    holding.set(String(row['item']), Number(row['content']));
  /** Whether a thing says that it began between two answers. */
  const beganBetween = (content: number, lacking: number, having: number): boolean => {
    const begins = statements.begins.get(content)?.['begins'];
    return typeof begins === 'number' && begins > lacking && begins < having;
  };

  /** At the time of the answer the item is this, null it is not there: writes what follows for the time around it. */
  const write = (item: string, content: number | null): void => {
    const { previous, next } = told(item);
    const from = previous ?? atMicros;
    const rows = statements.near.all(...scope, item, next, from).map(rowOf);
    const at = (micros: number): Span | undefined => rows.find((row) => row.from <= micros && micros < row.to);
    const wanted: Span[] = [];
    const add = (what: number, first: number, to: number): void => {
      if (first < to) wanted.push({ content: what, from: first, to });
    };
    const earlier = previous === null ? undefined : at(previous);
    if (earlier !== undefined) add(earlier.content, from, atMicros);
    else if (content !== null && beganBetween(content, from, atMicros)) add(content, from + 1, atMicros);
    if (content !== null) add(content, atMicros, next);
    else {
      const later = at(next);
      if (later !== undefined && beganBetween(later.content, atMicros, next)) add(later.content, atMicros + 1, next);
    }
    replace(rows, wanted, from, next, {
      close: (row) => statements.close.run(now, row.id),
      add: (span) => statements.add.run(...scope, item, span.content, span.from, span.to, now, FOREVER),
    });
  };

  const set = (item: string, content: number | null): void => {
    const before = holding.get(item) ?? null;
    const became = before === null ? 'added' : content === null ? 'ended' : 'changed';
    counts[before === content ? 'same' : became]++;
    // Where it is as it was and nothing is told of later, the time around it is as it was too.
    if (before !== content || late) write(item, content);
  };

  const mentioned = new Set<string>();
  for (const { id, content } of items) {
    if (mentioned.has(id)) continue;
    await breathe();
    mentioned.add(id);
    const hash = contentHash(content);
    statements.addContent.run(hash, JSON.stringify(content), beginOf(kind, content));
    set(id, Number(statements.findContent.get(hash)?.['id']));
  }
  if (whole) {
    for (const id of holding.keys()) {
      if (mentioned.has(id)) continue;
      await breathe();
      set(id, null);
    }
    // What was first told of later is now known not to have been there, and may have begun between.
    for (const row of statements.later.all(...scope, atMicros)) {
      const id = String(row['item']);
      if (!holding.has(id) && !mentioned.has(id)) write(id, null);
    }
  }
  const made = statements.addAnswer.run(importId, ...scope, atMicros, whole ? 1 : 0, late ? 1 : 0);
  if (!whole) for (const id of mentioned) statements.addMention.run(made.lastInsertRowid, id);
  return counts;
}

const rowOf = (row: Record<string, unknown>): Row => ({
  id: Number(row['id']),
  content: Number(row['content']),
  from: Number(row['held_from']),
  to: Number(row['held_to']),
});

/** The answers before and after this one that tell of an item; `next` is for ever where there is none. */
function toldAround(
  statements: Statements,
  answer: Answer,
): (item: string) => { readonly previous: number | null; readonly next: number } {
  const scope = [answer.kind, answer.account, answer.region, answer.atMicros] as const;
  const before = statements.wholeBefore.get(...scope)?.['at'] ?? null;
  const after = Number(statements.wholeAfter.get(...scope)?.['at'] ?? FOREVER);
  const mentions = new Map<string, { readonly before: unknown; readonly after: unknown }>();
  for (const row of statements.mentions.iterate(...scope))
    mentions.set(String(row['item']), { before: row['before'], after: row['after'] });
  return (item) => {
    const one = mentions.get(item);
    const previous = [before, one?.before].filter((at) => typeof at === 'number');
    return {
      previous: previous.length === 0 ? null : Math.max(...previous),
      next: Math.min(after, typeof one?.after === 'number' ? one.after : FOREVER),
    };
  };
}

/**
 * Puts what is wanted in [from, to) in place of what is there; what touches and is equal becomes one.
 *
 * @param rows  those that lie in it or touch it
 */
function replace(
  rows: readonly Row[],
  wanted: readonly Span[],
  from: number,
  to: number,
  write: { readonly close: (row: Row) => void; readonly add: (span: Span) => void },
): void {
  const outside = rows.flatMap(({ content, ...row }) => [
    { content, from: row.from, to: Math.min(row.to, from) },
    { content, from: Math.max(row.from, to), to: row.to },
  ]);
  const spans: Span[] = [];
  for (const span of [...outside, ...wanted].filter((one) => one.from < one.to).sort((a, b) => a.from - b.from)) {
    const last = spans.at(-1);
    if (last?.content === span.content && last.to === span.from) spans[spans.length - 1] = { ...last, to: span.to };
    else spans.push(span);
  }
  const same = (a: Span, b: Span): boolean => a.content === b.content && a.from === b.from && a.to === b.to;
  for (const row of rows) if (!spans.some((span) => same(span, row))) write.close(row);
  for (const span of spans) if (!rows.some((row) => same(span, row))) write.add(span);
}
