/**
 * Findings that were found, and suppressions.
 *
 * In:    a state file; findings. Out: rows of `findings` and `suppressions`.
 * Holds: a finding is one row however often it is found: it keeps when it was found first, and says what it said last. A suppression
 *        ends by itself; nothing is deleted for it, and what it hides is still found and kept.
 * Fails: FG_STATE_*.
 */
import type { Finding, KeptFinding, Suppression } from '../../api/findings.ts';
import type { StateFile } from './state-file.ts';

export type NewSuppression = Omit<Suppression, 'id' | 'createdSeconds'>;

export type Findings = {
  /** Keeps them; gives how many were not there yet. */
  keep(findings: readonly Finding[], source: string, nowSeconds: number): number;
  /** Those that end after a second, the newest first; suppressed ones say until when. */
  list(sinceSeconds: number, nowSeconds: number): readonly KeptFinding[];
  /** One by its id; null: there is none. */
  find(id: string, nowSeconds: number): KeptFinding | null;
  /** Suppressions that have not expired. */
  suppressions(nowSeconds: number): readonly Suppression[];
  /** Gives the number of the suppression. */
  suppress(suppression: NewSuppression, nowSeconds: number): number;
  /** Ends one now; false where there is none of that number. */
  lift(id: number, nowSeconds: number): boolean;
};

/** The findings of a state file. */
export function openFindings(state: StateFile): Findings {
  const { database } = state;
  const insert = database.prepare(
    `INSERT INTO findings (id, series, detection, first, last, found, seen, source, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET first = excluded.first, last = excluded.last, seen = excluded.seen, source = excluded.source, json = excluded.json`,
  );
  const has = database.prepare('SELECT 1 FROM findings WHERE id = ?');
  const select = database.prepare('SELECT * FROM findings WHERE last >= ? ORDER BY last DESC, id');
  const one = database.prepare('SELECT * FROM findings WHERE id = ?');
  const active = database.prepare('SELECT * FROM suppressions WHERE expires > ? ORDER BY id');
  const suppressions = (nowSeconds: number): readonly Suppression[] =>
    state.reading(() => active.all(nowSeconds).map(suppressionOf));
  return {
    keep: (findings, source, nowSeconds) =>
      state.transaction(() => {
        let fresh = 0;
        for (const finding of findings) {
          const { id, series, detection, firstSeconds, lastSeconds } = finding;
          if (has.get(id) === undefined) fresh++;
          const json = JSON.stringify({ ...finding, suppressedUntilSeconds: null });
          insert.run(id, series, detection, firstSeconds, lastSeconds, nowSeconds, nowSeconds, source, json);
        }
        return fresh;
      }),
    list(sinceSeconds, nowSeconds) {
      const rows = state.reading(() => select.all(sinceSeconds));
      const hidden = suppressions(nowSeconds);
      return rows.map((row) => keptOf(row, hidden));
    },
    find(id, nowSeconds) {
      const row = state.reading(() => one.get(id));
      return row === undefined ? null : keptOf(row, suppressions(nowSeconds));
    },
    suppressions,
    suppress: ({ series, detection, subject, reason, expiresSeconds }, nowSeconds) =>
      state.transaction(() =>
        Number(
          database
            .prepare(
              'INSERT INTO suppressions (series, detection, subject, reason, created, expires) VALUES (?, ?, ?, ?, ?, ?)',
            )
            .run(series, detection, subject, reason, nowSeconds, expiresSeconds).lastInsertRowid,
        ),
      ),
    lift: (id, nowSeconds) =>
      state.transaction(
        () =>
          Number(
            database
              .prepare('UPDATE suppressions SET expires = ? WHERE id = ? AND expires > ?')
              .run(nowSeconds, id, nowSeconds).changes,
          ) > 0,
      ),
  };
}

/** Until when a finding is suppressed: the latest end of those that hide it; null: it is not. */
export function suppressedUntil(finding: Finding, suppressions: readonly Suppression[]): number | null {
  const { series, detection, subject } = finding;
  const named: readonly (string | null)[] = [subject.client, subject.server, subject.interfaceId, subject.ruleId];
  const ends = suppressions
    .filter((one) =>
      one.series === null
        ? one.detection === detection && (one.subject === null || named.includes(one.subject))
        : one.series === series,
    )
    .map(({ expiresSeconds }) => expiresSeconds);
  return ends.length === 0 ? null : Math.max(...ends);
}

type Row = Readonly<Record<string, unknown>>;

function keptOf(row: Row, hidden: readonly Suppression[]): KeptFinding {
  const finding = JSON.parse(String(row['json'])) as Finding;
  return {
    ...finding,
    suppressedUntilSeconds: suppressedUntil(finding, hidden),
    foundSeconds: Number(row['found']),
    seenSeconds: Number(row['seen']),
    source: String(row['source']),
  };
}

function suppressionOf(row: Row): Suppression {
  const text = (name: string): string | null => {
    const value = row[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    id: Number(row['id']),
    series: text('series'),
    detection: text('detection'),
    subject: text('subject'),
    reason: text('reason'),
    createdSeconds: Number(row['created']),
    expiresSeconds: Number(row['expires']),
  };
}
