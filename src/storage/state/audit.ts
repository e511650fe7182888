/**
 * The rows that belong to a change besides its facts: who made it, and what a client token was answered.
 *
 * In:    a state file, within a change's transaction. Out: rows of `audit` and `client_tokens`.
 * Holds: parameters come without secrets; whoever calls has left them out. A client token is of one account, region and
 *        action.
 */
import type { Changed } from './current-facts.ts';
import type { StateFile } from './state-file.ts';

/** Who changed what. */
export type AuditRow = {
  readonly atMicros: number;
  readonly account: string;
  readonly region: string;
  /** An access key id, or `flowgauge keys` and its like. */
  readonly principal: string;
  readonly action: string;
  readonly requestId: string;
  readonly parameters: unknown;
  readonly changes: readonly Changed[];
};

/** A call with a client token. */
export type TokenCall = {
  readonly account: string;
  readonly region: string;
  readonly action: string;
  readonly token: string;
};

/** What was answered to the first call with a token; `parameters` is a hash of what was asked. */
export type TokenAnswer = { readonly parameters: Uint8Array; readonly answer: object };

export type AuditLog = {
  add(row: AuditRow): void;
  /** What the last call of an action changed, whoever made it; null where there was none. */
  lastOf(action: string): readonly Changed[] | null;
  answered(call: TokenCall): TokenAnswer | null;
  keepAnswer(call: TokenCall, answer: TokenAnswer, atMicros: number): void;
};

/** The audit log of a state file. */
export function openAudit(state: StateFile): AuditLog {
  const { database } = state;
  const insert = database.prepare(
    'INSERT INTO audit (at, account, region, principal, action, request, parameters, changes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const find = database.prepare(
    'SELECT parameters, answer FROM client_tokens WHERE account = ? AND region = ? AND action = ? AND token = ?',
  );
  const keep = database.prepare(
    'INSERT INTO client_tokens (account, region, action, token, parameters, answer, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const last = database.prepare('SELECT changes FROM audit WHERE action = ? ORDER BY id DESC LIMIT 1');
  return {
    lastOf(action) {
      const row = state.reading(() => last.get(action));
      return row === undefined ? null : (JSON.parse(String(row['changes'])) as Changed[]);
    },
    add({ atMicros, account, region, principal, action, requestId, parameters, changes }) {
      const [asked, changed] = [JSON.stringify(parameters), JSON.stringify(changes)];
      insert.run(atMicros, account, region, principal, action, requestId, asked, changed);
    },
    answered({ account, region, action, token }) {
      const row = state.reading(() => find.get(account, region, action, token));
      if (row === undefined) return null;
      return { parameters: row['parameters'] as Uint8Array, answer: JSON.parse(String(row['answer'])) as object };
    },
    keepAnswer({ account, region, action, token }, { parameters, answer }, atMicros) {
      keep.run(account, region, action, token, parameters, JSON.stringify(answer), atMicros);
    },
  };
}
