/**
 * Alerts that are to be sent, and what became of them: the outbox.
 *
 * In:    a state file, in which keeping findings has queued alerts. Out: one alert at a time, claimed; what became of it, written down.
 * Holds: an alert is claimed on the disk before it is sent, so that whoever comes after a crash knows which may have gone out. Those are
 *        sent again where the receiver knows what it has already by the alert's key, and nowhere else: they are `unsure`. An alert
 *        whose finding is suppressed when its time comes is dropped.
 * Fails: FG_STATE_*.
 */
import type { AlertState, KeptAlert, KeptFinding } from '../../api/findings.ts';
import { openFindings } from './findings.ts';
import type { StateFile } from './state-file.ts';

/** An alert that is being sent. */
export type ClaimedAlert = {
  readonly id: number;
  /** The same whenever this alert is sent: by it a receiver may know that it has it. */
  readonly key: string;
  readonly attempts: number;
  readonly queuedSeconds: number;
  readonly finding: KeptFinding;
};

/** What became of an attempt; `waiting` is tried again from a second on. */
export type Settled =
  | { readonly state: 'sent' }
  | { readonly state: 'unsure' | 'given-up'; readonly why: string }
  | { readonly state: 'waiting'; readonly dueSeconds: number; readonly why: string };

export type Alerts = {
  /**
   * What a process that has died left in the middle of sending, and what waits for receivers that are no more.
   *
   * @param knowsKeys  for how many seconds receivers know by the key what they have: all that there are
   * @returns how many are unsure now
   */
  recover(knowsKeys: ReadonlyMap<string, number>, nowSeconds: number): number;
  /** The next alert of a receiver whose time has come; null: there is none. */
  claim(receiver: string, nowSeconds: number): ClaimedAlert | null;
  settle(id: number, settled: Settled, nowSeconds: number): void;
  /** Alerts of a finding, the newest first. */
  of(finding: string): readonly KeptAlert[];
  /** How many a receiver has in each state. */
  counts(): readonly { readonly receiver: string; readonly state: AlertState; readonly alerts: number }[];
};

/** The outbox of a state file. */
export function openAlerts(state: StateFile): Alerts {
  const { database } = state;
  const findings = openFindings(state);
  const next = database.prepare(
    `SELECT id, finding, told, attempts, queued FROM alerts WHERE state = 'waiting' AND receiver = ? AND due <= ? ORDER BY due, id LIMIT 1`,
  );
  const change = database.prepare('UPDATE alerts SET state = ?, due = ?, why = ?, changed = ? WHERE id = ?');
  const begin = database.prepare(
    `UPDATE alerts SET state = 'sending', attempts = attempts + 1, changed = ? WHERE id = ?`,
  );
  const sending = database.prepare(`SELECT id, receiver, changed FROM alerts WHERE state = 'sending'`);
  const waiting = database.prepare(`SELECT id, receiver FROM alerts WHERE state = 'waiting'`);
  const ofFinding = database.prepare('SELECT * FROM alerts WHERE finding = ? ORDER BY told DESC, receiver');
  const count = database.prepare(
    'SELECT receiver, state, count(*) AS alerts FROM alerts GROUP BY receiver, state ORDER BY receiver, state',
  );

  /** The next that is not suppressed. */
  const claimed = (receiver: string, nowSeconds: number): ClaimedAlert | null => {
    for (;;) {
      const row = next.get(receiver, nowSeconds);
      if (row === undefined) return null;
      const id = Number(row['id']);
      const finding = findings.find(String(row['finding']), nowSeconds);
      if (finding !== null && finding.suppressedUntilSeconds === null) {
        begin.run(nowSeconds, id);
        return {
          id,
          key: `${finding.id}-${Number(row['told'])}`,
          attempts: Number(row['attempts']) + 1,
          queuedSeconds: Number(row['queued']),
          finding,
        };
      }
      change.run('dropped', nowSeconds, 'the finding is suppressed', nowSeconds, id);
    }
  };

  return {
    recover: (knowsKeys, nowSeconds) =>
      state.transaction(() => {
        let unsure = 0;
        for (const row of sending.all()) {
          const known = knowsKeys.get(String(row['receiver'])) ?? 0;
          const knows = nowSeconds - Number(row['changed']) < known;
          if (!knows) unsure++;
          const why = 'the program ended while it was sent';
          change.run(knows ? 'waiting' : 'unsure', nowSeconds, why, nowSeconds, Number(row['id']));
        }
        for (const row of waiting.all())
          if (!knowsKeys.has(String(row['receiver'])))
            change.run('dropped', nowSeconds, 'the settings have no such receiver', nowSeconds, Number(row['id']));
        return unsure;
      }),
    claim(receiver, nowSeconds) {
      if (state.reading(() => next.get(receiver, nowSeconds)) === undefined) return null;
      // What is lost with the power must not be the claim of an alert that went out.
      database.exec('PRAGMA synchronous = FULL');
      try {
        return state.transaction(() => claimed(receiver, nowSeconds));
      } finally {
        database.exec('PRAGMA synchronous = NORMAL');
      }
    },
    settle: (id, settled, nowSeconds) =>
      state.transaction(() => {
        const due = settled.state === 'waiting' ? settled.dueSeconds : nowSeconds;
        change.run(settled.state, due, settled.state === 'sent' ? null : settled.why, nowSeconds, id);
      }),
    of: (finding) => state.reading(() => ofFinding.all(finding).map(alertOf)),
    counts: () =>
      state.reading(() =>
        count.all().map((row) => ({
          receiver: String(row['receiver']),
          state: String(row['state']) as AlertState,
          alerts: Number(row['alerts']),
        })),
      ),
  };
}

function alertOf(row: Readonly<Record<string, unknown>>): KeptAlert {
  const { why } = row;
  return {
    receiver: String(row['receiver']),
    state: String(row['state']) as AlertState,
    toldSeconds: Number(row['told']),
    changedSeconds: Number(row['changed']),
    dueSeconds: Number(row['due']),
    attempts: Number(row['attempts']),
    why: typeof why === 'string' ? why : null,
  };
}
