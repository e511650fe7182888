/**
 * One packet asked about at one interface, with every step (rules V1, V2, V4; V8).
 *
 * In:    a packet that would open a conversation, or a reply to it; an interface, a direction. Out: what controls, groups
 *        and ACL say, each for itself, also behind one that denies.
 * Holds: it asks the tables that packets ask (`AskedRules`), so it cannot disagree with a record. Nothing is remembered:
 *        what tracking makes of a reply is the caller's.
 */
import type { PacketBatch } from '../../model/batch.ts';
import { createPacketBatch, NO_ICMP } from '../../model/batch.ts';
import type { Paths } from '../vpc/path.ts';
import type { Address, VpcSnapshot } from '../vpc/snapshot.ts';
import { AskedRules } from './asked-rules.ts';
import { DENY_BPA } from './decision-numbers.ts';
import { KINDS, NeverLogged } from './never-logged.ts';

/** A packet as rules see it. */
export type AskedPacket = {
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  /** 0 where the protocol has none. */
  readonly sourcePort: number;
  readonly port: number;
  /** Type << 8 | code; null for what is no ICMP. */
  readonly icmp: number | null;
};

/** Asks about packets in one snapshot; made once for many questions. */
export class Inquiry {
  readonly #rules: AskedRules;
  readonly #neverLogged: NeverLogged;
  readonly #batch: PacketBatch = createPacketBatch(1);
  #icmp = 0;

  constructor(snapshot: VpcSnapshot, paths: Paths) {
    this.#rules = new AskedRules(snapshot, paths);
    this.#neverLogged = new NeverLogged(snapshot);
    this.#batch.rows = 1;
  }

  /** The packet that the following questions are about. */
  take(packet: AskedPacket): this {
    const batch = this.#batch;
    const { family, words } = packet.source;
    batch.family[0] = family;
    batch.protocol[0] = packet.protocol;
    if (family === 4) {
      batch.src4[0] = words[0] ?? 0;
      batch.dst4[0] = packet.destination.words[0] ?? 0;
    } else {
      batch.src6.set(words);
      batch.dst6.set(packet.destination.words);
    }
    batch.ports[0] = ((packet.sourcePort << 16) | packet.port) >>> 0;
    batch.icmp[0] = packet.icmp ?? NO_ICMP;
    this.#icmp = packet.icmp ?? 0;
    this.#rules.load(batch, 0);
    return this;
  }

  /** The kind that AWS never logs, such as `dns`; null where it is logged (rule P6). */
  neverLogged(at: number): string | null {
    return KINDS[this.#neverLogged.kind(this.#batch, 0, at)] || null;
  }

  /** The same of all packets between two interfaces: of an endpoint and a load balancer. */
  neverLoggedBetween(one: number, other: number): string | null {
    return KINDS[this.#neverLogged.kindBetween(one, other)] || null;
  }

  /** Null: no control applies here. */
  control(at: number, direction: number): 'passes' | 'BPA' | 'EC' | null {
    if (!this.#rules.controls.apply(at)) return null;
    const stopped = this.#rules.stopped(this.#batch, 0, at, direction);
    return stopped === 0 ? 'passes' : stopped === DENY_BPA ? 'BPA' : 'EC';
  }

  /** Null: judged by ACLs alone. Else the rule that admits, 0 a group that is not known, `NONE` nothing. */
  groups(at: number, direction: number): number | null {
    if (!this.#rules.groups.judges(at)) return null;
    return this.#rules.admit(this.#batch, 0, at, direction, this.#port, this.#icmp);
  }

  /** The entry that passed, 0 where none was asked, minus the entry that denied. */
  acl(at: number, direction: number): number {
    return this.#rules.acl(this.#batch, 0, at, direction, this.#port, this.#icmp);
  }

  /** Whether a connection that a rule admitted is judged packet by packet. */
  isUntracked(at: number, rule: number, direction: number): boolean {
    const { family, protocol } = this.#batch;
    return this.#rules.groups.isUntracked(at, rule, direction, family[0] as number, protocol[0] as number);
  }

  get #port(): number {
    return (this.#batch.ports[0] as number) & 0xffff;
  }
}
