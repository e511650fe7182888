/**
 * Packets written by hand, and what a judge says of them, for tests.
 *
 * In:    packets as words. Out: a batch; observations as lines such as `eni-a egress ACCEPT sg-egress sgr-1`.
 */
import { createObservationBatch, createPacketBatch, NO_ICMP, SIDE_RECEIVED, SIDE_SENT } from '../../model/batch.ts';
import type { PacketBatch, SourceInfo } from '../../model/batch.ts';
import { parseAddress } from '../vpc/addresses.ts';
import type { CompileOptions } from '../vpc/model.ts';
import { compileSnapshot, readModel } from '../vpc/model.ts';
import type { VpcSnapshot } from '../vpc/snapshot.ts';
import { createDecisionTable } from './decisions.ts';
import type { Judge, JudgeOptions } from './judge.ts';
import { createJudge } from './judge.ts';

/** `src` and `dst` are addresses with or without a port: `10.0.0.1`, `10.0.0.1:22`, `[2001:db8::1]:22`. */
export type Told = {
  readonly at?: number;
  readonly src: string;
  readonly dst: string;
  readonly protocol?: number;
  /** Letters: S, A, F, R, P. */
  readonly tcp?: string;
  readonly icmp?: readonly [type: number, code: number];
  readonly icmpId?: number;
  readonly quotes?: Told;
  readonly side?: 'received' | 'sent';
  readonly device?: number;
  readonly link?: number;
  readonly vlan?: number;
  readonly flags?: number;
};

const FLAG_BITS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 };

function endpoint(text: string): { words: readonly number[]; family: 4 | 6; port: number } {
  const [, six, four, port] =
    /^(?:\[(.*)\]|([^[\]]*?))(?::(\d+))?$/.exec(
      text.split(':').length > 2 && !text.startsWith('[') ? `[${text}]` : text,
    ) ?? [];
  const address = parseAddress(six ?? four ?? '');
  if (!address) throw new Error(`no address: ${text}`);
  return { ...address, port: Number(port ?? 0) };
}

/** Writes packets into a batch as a decoder would. */
export function fill(batch: PacketBatch, packets: readonly Told[]): void {
  batch.rows = packets.length;
  batch.quotes.rows = 0;
  for (const [row, told] of packets.entries()) {
    const [src, dst] = [endpoint(told.src), endpoint(told.dst)];
    const protocol = told.protocol ?? (told.icmp ? (src.family === 4 ? 1 : 58) : told.tcp === undefined ? 17 : 6);
    batch.atMicros[row] = Math.round((told.at ?? 0) * 1e6);
    batch.device[row] = told.device ?? 0;
    batch.side[row] = told.side === 'sent' ? SIDE_SENT : told.side === 'received' ? SIDE_RECEIVED : 0;
    batch.family[row] = src.family;
    batch.protocol[row] = protocol;
    batch.src4[row] = src.family === 4 ? (src.words[0] ?? 0) : 0;
    batch.dst4[row] = dst.family === 4 ? (dst.words[0] ?? 0) : 0;
    if (src.family === 6) {
      batch.src6.set(src.words, row * 4);
      batch.dst6.set(dst.words, row * 4);
    }
    batch.ports[row] = ((src.port << 16) | dst.port) >>> 0;
    batch.ipBytes[row] = 40;
    batch.tcpFlags[row] = (told.tcp ?? '').split('').reduce((bits, letter) => bits | (FLAG_BITS[letter] ?? 0), 0);
    batch.icmp[row] = told.icmp ? (told.icmp[0] << 8) | told.icmp[1] : NO_ICMP;
    batch.icmpId[row] = told.icmpId ?? 0;
    batch.vlan[row] = told.vlan ?? 0;
    batch.link[row] = told.link ?? 0;
    batch.flags[row] = told.flags ?? 0;
    batch.quoted[row] = told.quotes ? quote(batch, told.quotes) : -1;
    batch.mark[row] = 0;
  }
}

function quote(batch: PacketBatch, told: Told): number {
  const { quotes } = batch;
  const row = quotes.rows++;
  const [src, dst] = [endpoint(told.src), endpoint(told.dst)];
  quotes.family[row] = src.family;
  quotes.protocol[row] = told.protocol ?? (told.icmp ? 1 : told.tcp === undefined ? 17 : 6);
  quotes.src.set(src.words, row * 4);
  quotes.dst.set(dst.words, row * 4);
  quotes.ports[row] = ((src.port << 16) | dst.port) >>> 0;
  quotes.portsKnown[row] = 1;
  quotes.icmp[row] = told.icmp ? (told.icmp[0] << 8) | told.icmp[1] : NO_ICMP;
  quotes.icmpId[row] = told.icmpId ?? 0;
  return row;
}

/** A source without devices and MACs. */
export const BARE_SOURCE: SourceInfo = { name: 'test', snapLength: 96, devices: [], linkPairs: [{ src: '', dst: '' }] };

/** A model as JSON, compiled. */
export function snapshotOf(json: object, options: Partial<CompileOptions> = {}): VpcSnapshot {
  return compileSnapshot(readModel([{ name: 'model.json', json }]), { version: 1, atMicros: 0, ...options });
}

/** A judge that can be asked packet by packet. */
export type Scene = {
  readonly judge: Judge;
  /** A line for each observation of the packets. */
  see(...packets: readonly Told[]): string[];
  change(json: object): void;
};

/** A judge over a model. */
export function createScene(
  json: object,
  options: Partial<JudgeOptions & CompileOptions> = {},
  source: SourceInfo = BARE_SOURCE,
): Scene {
  let snapshot = snapshotOf(json, options);
  const decisions = createDecisionTable();
  const judge = createJudge(snapshot, decisions, { named: new Map(), vlans: new Map(), live: false, ...options });
  const batch = createPacketBatch(4096);
  const out = createObservationBatch(4096);
  return {
    judge,
    see(...packets) {
      fill(batch, packets);
      judge.judge(batch, source, out);
      return Array.from(out.decision.subarray(0, out.rows), (number) => {
        const decision = decisions.list[number];
        if (!decision) return 'no decision';
        const interfaceId = snapshot.interfaces[decision.interface]?.id;
        const rule = decision.rule === 0 ? '-' : snapshot.rules[decision.rule]?.id;
        const reason = decision.rejectReason === null ? '' : ` ${decision.rejectReason}`;
        return `${interfaceId} ${decision.direction} ${decision.action} ${decision.stage} ${rule}${reason}`;
      });
    },
    change(next) {
      snapshot = snapshotOf(next, { version: snapshot.version + 1, before: snapshot });
      judge.update(snapshot);
    },
  };
}
