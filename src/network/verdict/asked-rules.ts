/**
 * The rules of a snapshot, asked about a row of a batch (rule V1).
 *
 * In:    a row of a batch, loaded first; an interface, a direction, a port and an ICMP type. Out: what groups, ACLs and
 *        controls say of it.
 */
import type { PacketBatch } from '../../model/batch.ts';
import { NO_ICMP } from '../../model/batch.ts';
import type { Paths } from '../vpc/path.ts';
import type { VpcSnapshot } from '../vpc/snapshot.ts';
import { AclRules, reverseOf } from './acl-rules.ts';
import { Controls } from './controls.ts';
import { GroupRules, INGRESS } from './group-rules.ts';
import { ICMP, ICMP6 } from './keys.ts';
import { requestOf } from './pick-up.ts';
import { NOT_KNOWN } from './rule-index.ts';
import { Summaries } from './summaries.ts';

/** Destination port of a row. */
export function portOf(packets: PacketBatch, row: number): number {
  return (packets.ports[row] as number) & 0xffff;
}

/** Source port of a row. */
export function sourcePortOf(packets: PacketBatch, row: number): number {
  return (packets.ports[row] as number) >>> 16;
}

/** ICMP type and code of a row as rules are asked for them. */
export function icmpOf(packets: PacketBatch, row: number): number {
  const icmp = packets.icmp[row] as number;
  return icmp === NO_ICMP ? NOT_KNOWN : icmp;
}

/** What a snapshot says; made anew for each. */
export class AskedRules {
  readonly groups: GroupRules;
  readonly controls: Controls;
  readonly acls: AclRules;
  readonly summaries: Summaries = new Summaries();
  /** Of the row loaded last: the source, then the destination; IPv4 in the first of four. */
  readonly words: Uint32Array = new Uint32Array(8);

  constructor(snapshot: VpcSnapshot, paths: Paths) {
    this.groups = new GroupRules(snapshot, this.summaries);
    this.acls = new AclRules(snapshot, this.summaries);
    this.controls = new Controls(snapshot, paths);
  }

  /** To be called before a row is asked about. */
  load(packets: PacketBatch, row: number): void {
    const { words } = this;
    if (packets.family[row] === 4) {
      words[0] = packets.src4[row] as number;
      words[4] = packets.dst4[row] as number;
      words[1] = words[2] = words[3] = words[5] = words[6] = words[7] = 0;
      return;
    }
    for (let i = 0; i < 4; i++) {
      words[i] = packets.src6[row * 4 + i] as number;
      words[4 + i] = packets.dst6[row * 4 + i] as number;
    }
  }

  /** What the groups say of the packet; the rule, 0 or `NONE`. */
  admit(packets: PacketBatch, row: number, at: number, direction: number, port: number, icmp: number): number {
    return this.#admit(packets, row, at, direction, direction === INGRESS ? 0 : 4, port, icmp);
  }

  /** What the groups say of the packet that would go the other way; of an ICMP reply its request. */
  admitReverse(packets: PacketBatch, row: number, at: number, direction: number, icmp: number): number {
    const protocol = packets.protocol[row] as number;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    const request = isIcmp ? requestOf(protocol, icmp >> 8) << 8 : icmp;
    const port = isIcmp ? 0 : sourcePortOf(packets, row);
    // The remote end is the same whichever way the packet goes.
    return this.#admit(packets, row, at, reverseOf(direction), direction === INGRESS ? 0 : 4, port, request);
  }

  #admit(
    packets: PacketBatch,
    row: number,
    at: number,
    direction: number,
    remote: number,
    port: number,
    icmp: number,
  ): number {
    const family = packets.family[row] as number;
    const protocol = packets.protocol[row] as number;
    return this.groups.admit(at, direction, family, this.words, remote, protocol, port, icmp);
  }

  /** What the ACL says: the entry that passed, 0 where none was asked, minus the entry that denied. */
  acl(packets: PacketBatch, row: number, at: number, direction: number, port: number, icmp: number): number {
    const family = packets.family[row] as number;
    return this.acls.judge(at, direction, family, this.words, packets.protocol[row] as number, port, icmp);
  }

  /** What the controls say: the outcome that denies, or 0. */
  stopped(packets: PacketBatch, row: number, at: number, direction: number): number {
    const w = this.words;
    const o = direction === INGRESS ? 0 : 4;
    const family = packets.family[row] as number;
    return this.controls.stop(at, family, w[o] as number, w[o + 1] as number, w[o + 2] as number, w[o + 3] as number);
  }
}
