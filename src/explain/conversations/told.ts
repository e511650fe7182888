/**
 * Conversations written by hand, for tests.
 *
 * In:    conversations as words. Out: what `stitch` would give.
 */
import { parseAddress } from '../../network/vpc/addresses.ts';
import type { ConversationBatch, Side } from './batch.ts';
import {
  BY_FLAGS,
  createConversationBatch,
  OPENER_LOCAL,
  OPENER_REMOTE,
  OPENER_UNKNOWN,
  PLACED_BY_DIRECTION,
} from './batch.ts';
import type { Conversations } from './conversations.ts';

/** Packets accepted and rejected. */
export type ToldSide = readonly [accepted: number, rejected: number];

/** `local` and `remote` are `10.0.0.1:22` or `[2001:db8::1]:22`. */
export type ToldConversation = {
  readonly at: string;
  readonly local: string;
  readonly remote: string;
  readonly protocol?: number;
  readonly in?: ToldSide;
  readonly out?: ToldSide;
  /** Bits of `Side.flags`. */
  readonly inFlags?: number;
  readonly outFlags?: number;
  readonly opener?: 'remote' | 'local' | 'unknown';
  readonly by?: number;
  readonly placed?: number;
  readonly last?: number;
};

/** Bytes of a told packet. */
export const TOLD_BYTES = 100;

function put(words: Uint32Array, row: number, text: string): { family: 4 | 6; port: number } {
  const [, address = '', port = '0'] = /^(.*?)(?::(\d+))?$/u.exec(text) ?? [];
  const found = parseAddress(text.startsWith('[') ? text.slice(1, text.indexOf(']')) : address);
  if (!found) throw new Error(`no address: ${text}`);
  words.set(found.words, row * 4);
  return { family: found.family, port: Number(port) };
}

function putSide(side: Side, row: number, [accepted, rejected]: ToldSide, flags: number, last: number): void {
  const is = accepted + rejected > 0;
  side.records[row] = is ? 1 : 0;
  side.acceptedPackets[row] = accepted;
  side.acceptedBytes[row] = accepted * TOLD_BYTES;
  side.rejectedPackets[row] = rejected;
  side.rejectedBytes[row] = rejected * TOLD_BYTES;
  side.flags[row] = flags;
  side.firstSeconds[row] = is ? last - 10 : 0;
  side.lastSeconds[row] = is ? last : 0;
}

/** As a batch; `ids` are the interfaces by position. */
export function toldBatch(told: readonly ToldConversation[], ids: readonly string[]): ConversationBatch {
  const batch = createConversationBatch(told.length);
  for (const [row, one] of told.entries()) {
    const local = put(batch.local, row, one.local);
    const remote = put(batch.remote, row, one.remote);
    batch.at[row] = ids.indexOf(one.at);
    batch.family[row] = local.family;
    batch.protocol[row] = one.protocol ?? 6;
    batch.localPort[row] = local.port;
    batch.remotePort[row] = remote.port;
    batch.placed[row] = one.placed ?? PLACED_BY_DIRECTION;
    const opener = one.opener ?? 'remote';
    batch.opener[row] = opener === 'unknown' ? OPENER_UNKNOWN : opener === 'local' ? OPENER_LOCAL : OPENER_REMOTE;
    batch.openerBy[row] = one.by ?? (opener === 'unknown' ? 0 : BY_FLAGS);
    const last = one.last ?? 1000;
    putSide(batch.ingress, row, one.in ?? [0, 0], one.inFlags ?? 0, last);
    putSide(batch.egress, row, one.out ?? [0, 0], one.outFlags ?? 0, last);
    if ((one.in?.[0] ?? 0) + (one.out?.[0] ?? 0) > 0) {
      batch.firstAcceptedSeconds[row] = last - 10;
      batch.lastAcceptedSeconds[row] = last;
    }
    if ((one.in?.[1] ?? 0) + (one.out?.[1] ?? 0) > 0) {
      batch.firstRejectedSeconds[row] = last - 10;
      batch.lastRejectedSeconds[row] = last;
    }
  }
  return batch;
}

/** As what was stitched. */
export function toldConversations(told: readonly ToldConversation[]): Conversations {
  const ids = [...new Set(told.map((one) => one.at))].sort();
  return {
    interfaces: ids.map((id) => ({
      id,
      records: told.filter((one) => one.at === id).length,
      nodata: 0,
      skipdata: 0,
      incomplete: 0,
      firstSeconds: 990,
      lastSeconds: Math.max(...told.map((one) => one.last ?? 1000)),
    })),
    async *batches(only) {
      const wanted = only === undefined ? told : told.filter((one) => only.includes(ids.indexOf(one.at)));
      yield toldBatch(wanted, ids);
    },
  };
}
