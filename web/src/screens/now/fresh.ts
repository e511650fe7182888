/**
 * Whether a flow log's records are as fresh as they can be.
 *
 * In:    a flow log, the time. Out: a sign and words.
 * Holds: a window is over at its end and 2 s later, and is delivered then to this machine; elsewhere to every five minutes. Twice
 *        that is late.
 * Fails: never.
 */
import type { FlowLogRow } from '../../../../src/api/flow-logs.ts';
import { durationText } from '../../format.ts';

const CLOSING_SECONDS = 30;
const DELIVERY_SECONDS = 300;

type Fresh = { readonly type: 'success' | 'warning' | 'error' | 'pending' | 'info'; readonly words: string };

type Asked = Pick<FlowLogRow, 'newestSeconds' | 'intervalSeconds' | 'createdSeconds'> & {
  readonly delivery: Pick<FlowLogRow['delivery'], 'state'>;
  readonly destination: Pick<FlowLogRow['destination'], 'isLocal'>;
};

/** The sign. */
export function freshnessOf(row: Asked, nowSeconds: number): Fresh {
  const { newestSeconds, intervalSeconds, createdSeconds, delivery, destination } = row;
  if (delivery.state === 'not-here') return { type: 'info', words: 'Imported; not delivered here' };
  const usual = intervalSeconds + CLOSING_SECONDS + (destination.isLocal ? 0 : DELIVERY_SECONDS);
  if (newestSeconds === null) {
    const age = createdSeconds === null ? Infinity : nowSeconds - createdSeconds;
    if (delivery.state === 'fails') return { type: 'error', words: 'Nothing yet: delivery fails' };
    return age < usual * 2
      ? { type: 'pending', words: 'Its first window is open' }
      : { type: 'warning', words: 'Nothing in the last week' };
  }
  const age = Math.max(0, nowSeconds - newestSeconds);
  const words = `${durationText(age)} ago`;
  if (delivery.state === 'fails') return { type: 'error', words: `${words}: delivery fails` };
  return age <= usual * 2 ? { type: 'success', words } : { type: 'warning', words: `${words}: late` };
}
