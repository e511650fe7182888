/**
 * The network as of a time, from what the data directory knows.
 *
 * In:    seconds since 1970, null for the newest facts. Out: the network. Fails: FG_STATE_*.
 */
import type { NetworkAnswer } from '../../../../api/network.ts';
import { networkAnswer } from '../../../../explain/network-view/network-answer.ts';
import { openDescribed } from '../../../../storage/state/open-model.ts';
import type { Working } from './working.ts';

/** The answer. */
export function answerNetwork(at: number | null, { data, nowSeconds }: Working): NetworkAnswer {
  const micros = at === null ? null : Math.round(at * 1e6);
  const { snapshot, described, changedMicros } = openDescribed(data, micros);
  return networkAnswer(snapshot, described, micros ?? Math.round(nowSeconds * 1e6), changedMicros);
}
