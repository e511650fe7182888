/**
 * What a host's ledger says of an interface in a span of time.
 *
 * In:    accounts around the span. Out: reasons.
 * Holds: a window without an account, between two that have one, is one in which nothing captured. What is not in the ledger
 *        yet, because its window is open or waits, is not missed.
 */
import type { NoRecordReason } from '../../api/no-record.ts';
import type { WindowAccount } from '../../publish/account.ts';
import { lostOf } from '../../publish/account.ts';
import type { LedgerEntry } from '../../publish/ledger.ts';

/** A reason, without what it does not tell. */
export type Told = Pick<NoRecordReason, 'reason' | 'certainty' | 'source'> & Partial<NoRecordReason>;

type Span = { readonly startSeconds: number; readonly endSeconds: number };
type Account = WindowAccount & { readonly flowLogId: string; readonly endSeconds: number };

/** How a question looks to the ledger. */
export type LedgerQuestion = {
  readonly interfaceId: string;
  readonly span: Span;
  /** Not more than the interface is asked about: any record would do. */
  readonly specific: boolean;
  /** Records that fit were found. */
  readonly found: boolean;
  /** From here on records may be on their way. */
  readonly settledSeconds: number;
};

const sum = (accounts: readonly Account[], of: (account: Account) => number): number =>
  accounts.reduce((total, account) => total + of(account), 0);

/** The reasons, and whether any account of the interface was found at all. */
export function ledgerReasons(
  entries: readonly LedgerEntry[],
  question: LedgerQuestion,
): { readonly reasons: readonly Told[]; readonly knows: boolean } {
  const { interfaceId, span, specific, found, settledSeconds } = question;
  const all = entries
    .flatMap(({ windows, flowLogId }) =>
      windows
        .filter((account) => account.interfaceId === interfaceId)
        .map((account) => ({ ...account, flowLogId, endSeconds: account.windowSeconds + account.seconds })),
    )
    .toSorted((a, b) => a.windowSeconds - b.windowSeconds);
  const inside = all.filter((one) => one.windowSeconds < span.endSeconds && one.endSeconds > span.startSeconds);
  const flowLogIds = [...new Set(inside.map(({ flowLogId }) => flowLogId))];
  const of = { interfaceId, flowLogIds, source: 'ledger', certainty: 'certain' } as const;
  const reasons: Told[] = [];
  const about = (some: readonly Account[]) => ({
    startSeconds: Math.min(...some.map(({ windowSeconds }) => windowSeconds)),
    endSeconds: Math.max(...some.map(({ endSeconds }) => endSeconds)),
  });
  const cut = inside.filter(({ counted }) => counted === null);
  if (cut.length > 0) reasons.push({ ...of, ...about(cut), reason: 'not-running', about: 'killed' });
  const hole = holeIn(all, span, settledSeconds);
  if (hole !== null) reasons.push({ ...of, ...hole, reason: 'not-running' });
  const skipped = inside.filter((account) => account.skipData > 0 || lostOf(account) > 0);
  if (skipped.length > 0) {
    const causes = [...new Set(skipped.flatMap(({ lost }) => Object.keys(lost)))];
    const packets = sum(skipped, lostOf);
    // The capture's own loss is of no interface: it has no number here.
    const counts = causes.length === 0 ? { about: 'capture' } : { about: causes.join(', '), packets };
    reasons.push({ ...of, ...about(skipped), ...counts, reason: 'skip-data' });
  }
  const whole = inside.filter(({ counted }) => counted !== null);
  if (whole.length === 0) return { reasons, knows: all.length > 0 };
  const counted = sum(whole, (account) => account.counted ?? 0);
  const filtered = sum(whole, (account) => account.filtered);
  const records = sum(whole, (account) => account.packets);
  if (counted === 0 && skipped.length === 0) reasons.push({ ...of, ...about(whole), reason: 'no-data' });
  else if (filtered > 0 && records === 0)
    reasons.push({ ...of, ...about(whole), reason: 'filtered', packets: filtered });
  else if (filtered > 0 && !found)
    reasons.push({ ...of, ...about(whole), reason: 'filtered', packets: filtered, certainty: 'possible' });
  else if (specific && !found && hole === null && cut.length + skipped.length === 0)
    reasons.push({ ...of, ...about(whole), reason: 'no-packets', packets: counted });
  return { reasons, knows: all.length > 0 };
}

/** Where accounts are missing in the span; sure where there are some on both sides of it. */
function holeIn(all: readonly Account[], span: Span, settledSeconds: number): (Span & Partial<Told>) | null {
  let reached = span.startSeconds;
  for (const { windowSeconds, endSeconds } of all)
    if (windowSeconds <= reached) reached = Math.max(reached, endSeconds);
  const end = Math.min(span.endSeconds, settledSeconds);
  if (reached >= end) return null;
  const before = all.findLast(({ endSeconds }) => endSeconds <= reached);
  const after = all.find(({ windowSeconds }) => windowSeconds >= reached);
  if (before === undefined && after === undefined) return null;
  return {
    startSeconds: before?.endSeconds ?? span.startSeconds,
    endSeconds: after?.windowSeconds ?? end,
    certainty: before !== undefined && after !== undefined ? 'certain' : 'likely',
  };
}
