/**
 * Findings that were found, and suppressions.
 *
 * In:    a state file; findings; who is to be told. Out: rows of `findings`, `suppressions` and `alerts`.
 * Holds: a finding is one row however often it is found: it keeps when it was found first, and says what it said last. A suppression
 *        ends by itself; nothing is deleted for it, and what it hides is still found and kept. A finding is told once, when it is
 *        found and not suppressed, and again when it goes on after a suppression that came meanwhile has ended. That it is told and
 *        the alerts for it are one transaction.
 * Fails: FG_STATE_*.
 */
import type { Finding, KeptFinding, Severity, Suppression } from '../../api/findings.ts';
import type { StateFile } from './state-file.ts';

/** Who is told of findings that are as grave as `least`, or graver. */
export type Told = { readonly name: string; readonly least: Severity };

export type Keeping = {
  /** Findings that were not there yet. */
  readonly fresh: number;
  /** Findings that were told. */
  readonly told: number;
};

export type NewSuppression = Omit<Suppression, 'id' | 'createdSeconds'>;

export type Findings = {
  /**
   * Keeps them.
   *
   * @param receivers  who is told; without it nobody is, and whoever keeps next tells
   */
  keep(findings: readonly Finding[], source: string, nowSeconds: number, receivers?: readonly Told[]): Keeping;
  /** Those that end after a second, the newest first; suppressed ones say until when. */
  list(sinceSeconds: number, nowSeconds: number): readonly KeptFinding[];
  /** How many are not suppressed of those that end after a second, by severity. */
  open(sinceSeconds: number, nowSeconds: number): Readonly<Record<Severity, number>>;
  /** One by its id; null: there is none. */
  find(id: string, nowSeconds: number): KeptFinding | null;
  /** What the newest finding of a series is about; null for none. */
  ofSeries(series: string | null): Pick<Finding, 'detection' | 'subject'> | null;
  /** Suppressions that have not expired. */
  suppressions(nowSeconds: number): readonly Suppression[];
  /** Gives the number of the suppression. */
  suppress(suppression: NewSuppression, nowSeconds: number): number;
  /** Ends one now; false where there is none of that number. */
  lift(id: number, nowSeconds: number): boolean;
};

const GRAVITY: Readonly<Record<Severity, number>> = { info: 0, low: 1, medium: 2, high: 3 };

/** The findings of a state file. */
export function openFindings(state: StateFile): Findings {
  const { database } = state;
  const insert = database.prepare(
    `INSERT INTO findings (id, series, detection, first, last, found, seen, source, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET first = excluded.first, last = excluded.last, seen = excluded.seen, source = excluded.source, json = excluded.json`,
  );
  const has = database.prepare('SELECT told FROM findings WHERE id = ?');
  const tell = database.prepare('UPDATE findings SET told = ? WHERE id = ?');
  const queue = database.prepare(
    `INSERT OR IGNORE INTO alerts (finding, told, receiver, state, queued, due, attempts, changed)
     VALUES (?, ?, ?, 'waiting', ?, ?, 0, ?)`,
  );
  const ended = database.prepare('SELECT * FROM suppressions WHERE expires <= ? AND expires > created');
  const select = database.prepare('SELECT * FROM findings WHERE last >= ? ORDER BY last DESC, id');
  const one = database.prepare('SELECT * FROM findings WHERE id = ?');
  const newest = database.prepare('SELECT json FROM findings WHERE series = ? ORDER BY last DESC LIMIT 1');
  const active = database.prepare('SELECT * FROM suppressions WHERE expires > ? ORDER BY id');
  const suppressions = (nowSeconds: number): readonly Suppression[] =>
    state.reading(() => active.all(nowSeconds).map(suppressionOf));
  return {
    keep: (findings, source, nowSeconds, receivers) =>
      state.transaction(() => {
        let fresh = 0;
        let told = 0;
        const hidden = receivers === undefined ? [] : suppressions(nowSeconds);
        const over = receivers === undefined ? [] : ended.all(nowSeconds).map(suppressionOf);
        for (const finding of findings) {
          const { id, series, detection, severity, firstSeconds, lastSeconds } = finding;
          const before = has.get(id);
          if (before === undefined) fresh++;
          const json = JSON.stringify({ ...finding, suppressedUntilSeconds: null });
          insert.run(id, series, detection, firstSeconds, lastSeconds, nowSeconds, nowSeconds, source, json);
          if (receivers === undefined || suppressedUntil(finding, hidden) !== null) continue;
          const last = before?.['told'] ?? null;
          if (last !== null && !goesOnAfter(finding, Number(last), over)) continue;
          told++;
          tell.run(nowSeconds, id);
          for (const { name, least } of receivers)
            if (GRAVITY[severity] >= GRAVITY[least])
              queue.run(id, nowSeconds, name, nowSeconds, nowSeconds, nowSeconds);
        }
        return { fresh, told };
      }),
    open(sinceSeconds, nowSeconds) {
      const rows = state.reading(() => select.all(sinceSeconds));
      const hidden = suppressions(nowSeconds);
      const counts = { info: 0, low: 0, medium: 0, high: 0 };
      for (const row of rows) {
        const { severity, suppressedUntilSeconds } = keptOf(row, hidden);
        if (suppressedUntilSeconds === null) counts[severity]++;
      }
      return counts;
    },
    list(sinceSeconds, nowSeconds) {
      const rows = state.reading(() => select.all(sinceSeconds));
      const hidden = suppressions(nowSeconds);
      return rows.map((row) => keptOf(row, hidden));
    },
    find(id, nowSeconds) {
      const row = state.reading(() => one.get(id));
      return row === undefined ? null : keptOf(row, suppressions(nowSeconds));
    },
    ofSeries(series) {
      const row = series === null ? undefined : state.reading(() => newest.get(series));
      if (row === undefined) return null;
      const { detection, subject } = JSON.parse(String(row['json'])) as Finding;
      return { detection, subject };
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
  const ends = suppressions.filter((one) => isOf(one, finding)).map(({ expiresSeconds }) => expiresSeconds);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** Whether a finding that was told has records from after a suppression that began since and has ended. */
function goesOnAfter(finding: Finding, toldSeconds: number, ended: readonly Suppression[]): boolean {
  return ended.some(
    (one) => isOf(one, finding) && one.expiresSeconds > toldSeconds && finding.lastSeconds > one.expiresSeconds,
  );
}

/** Whether a suppression is of a finding. */
function isOf({ series, detection, subject: of }: Suppression, finding: Finding): boolean {
  if (series !== null) return series === finding.series;
  const { client, server, interfaceId, ruleId } = finding.subject;
  return detection === finding.detection && (of === null || [client, server, interfaceId, ruleId].includes(of));
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
