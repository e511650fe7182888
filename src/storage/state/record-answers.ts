/**
 * Answers of AWS → facts with the time they held.
 *
 * In:    answers: of what kind, in which account and region, for what time, whether whole, and the items. Out: what
 *        changed by them.
 * Holds: what a thing is at a time is what the last answer up to that time says: an answer at T changes [T, N), N being
 *        the next answer that tells of the thing. So answers may come in any order. A whole answer tells of all
 *        things, those it lacks have ended; any other tells of its items alone. Equal content adds no fact. Nothing
 *        that was believed is lost: it is closed at the time of recording. One transaction.
 * Fails: with those of the state file; then nothing has changed.
 */
import type { StatementSync } from 'node:sqlite';
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

export type ImportCounts = {
  readonly kind: string;
  readonly account: string;
  readonly region: string;
  readonly whole: boolean;
  readonly late: boolean;
  added: number;
  changed: number;
  ended: number;
  same: number;
};

type Row = { readonly id: number; readonly content: number; readonly from: number; readonly to: number };

type Statements = Readonly<Record<keyof typeof SQL, StatementSync>>;

const SCOPE = 'kind = ? AND account = ? AND region = ?';
const SQL = {
  nextWhole: `SELECT min(at) AS at FROM answers WHERE ${SCOPE} AND at > ? AND whole = 1`,
  later: `SELECT max(at) AS at FROM answers WHERE ${SCOPE}`,
  nextMentions: `SELECT item, min(at) AS at FROM answers JOIN mentions ON answer = answers.id
    WHERE ${SCOPE} AND at > ? GROUP BY item`,
  holding: `SELECT id, item, content, held_from, held_to FROM facts
    WHERE ${SCOPE} AND known_to = ${FOREVER} AND held_from <= ? AND held_to > ?`,
  beside: `SELECT id, held_from, held_to FROM facts
    WHERE ${SCOPE} AND item = ? AND known_to = ${FOREVER} AND content = ? AND (held_from = ? OR held_to = ?)`,
  close: 'UPDATE facts SET known_to = ? WHERE id = ?',
  add: 'INSERT INTO facts (kind, account, region, item, content, held_from, held_to, known_from, known_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  addContent: 'INSERT INTO contents (hash, json) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING',
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
 */
export function recordAnswers(
  state: StateFile,
  answers: readonly Answer[],
  source: string,
  recordedAtMicros: number,
): ImportCounts[] {
  return state.transaction(() => {
    const statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, state.database.prepare(sql)]),
    ) as Statements;
    const last = statements.lastImport.get()?.['recorded'];
    const now = typeof last === 'number' ? Math.max(recordedAtMicros, last + 1) : recordedAtMicros;
    const added = statements.addImport.run(now, source);
    return answers.map((answer) => recordOne(statements, answer, Number(added.lastInsertRowid), now));
  });
}

function recordOne(statements: Statements, answer: Answer, importId: number, now: number): ImportCounts {
  const { kind, account, region, atMicros, whole, items } = answer;
  const scope = [kind, account, region] as const;
  const newest = statements.later.get(...scope)?.['at'];
  const late = typeof newest === 'number' && newest > atMicros;
  const counts: ImportCounts = { kind, account, region, whole, late, added: 0, changed: 0, ended: 0, same: 0 };
  const ends = nextTold(statements, answer);
  const holding = new Map<string, Row>();
  for (const row of statements.holding.iterate(...scope, atMicros, atMicros))
    holding.set(String(row['item']), {
      id: Number(row['id']),
      content: Number(row['content']),
      from: Number(row['held_from']),
      to: Number(row['held_to']),
    });

  const add = (item: string, content: number, from: number, to: number): void => {
    if (from < to) statements.add.run(...scope, item, content, from, to, now, FOREVER);
  };
  /** From the time of the answer to the next one the item is this, null it is not there. */
  const set = (item: string, content: number | null): void => {
    const before = holding.get(item) ?? null;
    if ((before?.content ?? null) === content) {
      if (content !== null) counts.same++;
      return;
    }
    counts[before === null ? 'added' : content === null ? 'ended' : 'changed']++;
    let from = atMicros;
    let to = ends(item);
    if (before !== null) {
      statements.close.run(now, before.id);
      add(item, before.content, before.from, from);
      add(item, before.content, to, before.to);
    }
    if (content === null) return;
    // What touches it and is equal is one fact with it.
    for (const row of statements.beside.all(...scope, item, content, to, from)) {
      from = Math.min(from, Number(row['held_from']));
      to = Math.max(to, Number(row['held_to']));
      statements.close.run(now, Number(row['id']));
    }
    add(item, content, from, to);
  };

  const mentioned = new Set<string>();
  for (const { id, content } of items) {
    if (mentioned.has(id)) continue;
    mentioned.add(id);
    const hash = contentHash(content);
    statements.addContent.run(hash, JSON.stringify(content));
    set(id, Number(statements.findContent.get(hash)?.['id']));
  }
  if (whole) for (const id of holding.keys()) if (!mentioned.has(id)) set(id, null);
  const made = statements.addAnswer.run(importId, ...scope, atMicros, whole ? 1 : 0, late ? 1 : 0);
  if (!whole) for (const id of mentioned) statements.addMention.run(made.lastInsertRowid, id);
  return counts;
}

/** When the next answer after this one tells of an item. */
function nextTold(statements: Statements, answer: Answer): (item: string) => number {
  const scope = [answer.kind, answer.account, answer.region, answer.atMicros] as const;
  const whole = Number(statements.nextWhole.get(...scope)?.['at'] ?? FOREVER);
  const mentions = new Map<string, number>();
  for (const row of statements.nextMentions.iterate(...scope)) mentions.set(String(row['item']), Number(row['at']));
  return (item) => Math.min(whole, mentions.get(item) ?? FOREVER);
}
