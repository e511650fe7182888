/**
 * Judges conversations whole: would the packet that opens one pass at an interface, and would the reply (rules V1, V2).
 *
 * In:    an interface, both ends, a protocol, which end opens. Out: for the request and for the reply what denies it, or the rule that
 *        admits it.
 * Holds: the same rules that packets are asked about, without what is remembered of packets before: groups are asked for the
 *        request alone, ACLs for both directions, with the port that each has for its destination. ICMP without a known
 *        type passes if a rule fits but for the type (rule V6). Nothing is made for a conversation.
 */
import { createPaths } from '../vpc/path.ts';
import type { Paths } from '../vpc/path.ts';
import type { Decision, VpcSnapshot } from '../vpc/snapshot.ts';
import { AclRules, reverseOf } from './acl-rules.ts';
import { Controls } from './controls.ts';
import { DENY_ACL, DENY_BPA, DENY_DEFAULT, DENY_EC } from './decision-numbers.ts';
import { GroupRules, INGRESS } from './group-rules.ts';
import { ICMP, ICMP6 } from './keys.ts';
import { NONE, NOT_KNOWN } from './rule-index.ts';

/** What is said of one leg: it passes, or what denies it. */
export const LEG_PASSES = 0;

/** Names of what denies or admits a leg. */
export type Leg = Pick<Decision, 'stage' | 'rejectReason'> & { readonly action: 'ACCEPT' | 'REJECT' };

/**
 * What an outcome is called.
 *
 * @param denied  `LEG_PASSES` or what denied the leg
 * @param rule    0: none
 */
export function legOf(denied: number, rule: number, direction: number): Leg {
  const side = direction === INGRESS ? 'ingress' : 'egress';
  if (denied === DENY_BPA) return { action: 'REJECT', stage: 'not-judged', rejectReason: 'BPA' };
  if (denied === DENY_EC) return { action: 'REJECT', stage: 'not-judged', rejectReason: 'EC' };
  if (denied === DENY_ACL) return { action: 'REJECT', stage: `nacl-${side}`, rejectReason: null };
  if (denied === DENY_DEFAULT) return { action: 'REJECT', stage: `sg-${side}`, rejectReason: null };
  return { action: 'ACCEPT', stage: rule === 0 ? 'not-judged' : `sg-${side}`, rejectReason: null };
}

/** Both ends of the conversation at hand: loaded once, asked about under the rules of several snapshots. */
export class Ends {
  /** The remote end, then the own one; and the other way: four words each, IPv4 in the first. */
  inward: Uint32Array = new Uint32Array(8);
  outward: Uint32Array = new Uint32Array(8);
  family = 4;
  protocol = 0;
  localPort = 0;
  remotePort = 0;

  /**
   * To be called before a conversation is judged.
   *
   * @param l  where the own address begins in `local`, four words
   * @param r  where the other one begins in `remote`
   */
  load(
    family: number,
    protocol: number,
    local: Uint32Array,
    l: number,
    localPort: number,
    remote: Uint32Array,
    r: number,
    remotePort: number,
  ): void {
    const { inward, outward } = this;
    inward[0] = outward[4] = remote[r] as number;
    inward[4] = outward[0] = local[l] as number;
    for (let i = 1; i < 4; i++) {
      inward[i] = outward[4 + i] = family === 4 ? 0 : (remote[r + i] as number);
      inward[4 + i] = outward[i] = family === 4 ? 0 : (local[l + i] as number);
    }
    this.family = family;
    this.protocol = protocol;
    this.localPort = localPort;
    this.remotePort = remotePort;
  }

  /** The conversation as its far end sees it. */
  turn(): void {
    const { inward, localPort } = this;
    this.inward = this.outward;
    this.outward = inward;
    this.localPort = this.remotePort;
    this.remotePort = localPort;
  }
}

/** The rules of one snapshot. Its answers are the fields, valid until it is asked again. */
export class ConversationRules {
  readonly snapshot: VpcSnapshot;
  readonly paths: Paths;
  /** Of the packet that opens: `LEG_PASSES` or what denies it; the rule that admits it, or the ACL entry that denies. */
  requestDenied = 0;
  requestRule = 0;
  /** Of the reply: `LEG_PASSES` or what denies it; the ACL entry that denies. */
  replyDenied = 0;
  replyRule = 0;
  /** For `judgeGroups`: whether a control stopped it, and what the ACL said of request and reply. */
  isStopped = false;
  requestAcl = 0;
  replyAcl = 0;
  readonly #groups: GroupRules;
  readonly #acls: AclRules;
  readonly #controls: Controls;
  /** What is loaded into it is what is asked about. */
  readonly ends: Ends;

  constructor(snapshot: VpcSnapshot, ends: Ends = new Ends()) {
    this.ends = ends;
    this.snapshot = snapshot;
    this.paths = createPaths(snapshot);
    this.#groups = new GroupRules(snapshot);
    this.#acls = new AclRules(snapshot);
    this.#controls = new Controls(snapshot, this.paths);
  }

  /** The interface that holds the remote address as `at` sees it, in its VPC or behind a peering connection; 0 none. */
  farEnd(at: number): number {
    const w = this.ends.inward;
    return this.paths.sender(at, this.ends.family, w[0] as number, w[1] as number, w[2] as number, w[3] as number);
  }

  /** Whether the subnet of an interface has a route to the remote address that leads somewhere. */
  hasRoute(at: number): boolean {
    const w = this.ends.inward;
    const target = this.paths.target(
      at,
      this.ends.family,
      w[0] as number,
      w[1] as number,
      w[2] as number,
      w[3] as number,
    );
    return target !== null && target.kind !== 'blackhole';
  }

  /**
   * Judges at an interface; true where request and reply pass.
   *
   * @param request  `INGRESS` where the remote end opens, `EGRESS` where the own one does
   */
  judge(at: number, request: number): boolean {
    const isIngress = request === INGRESS;
    const protocol = this.ends.protocol;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    const port = isIcmp ? 0 : isIngress ? this.ends.localPort : this.ends.remotePort;
    const back = isIcmp ? 0 : isIngress ? this.ends.remotePort : this.ends.localPort;
    this.requestDenied = this.replyDenied = LEG_PASSES;
    this.requestRule = this.replyRule = 0;
    this.isStopped = false;
    if (this.#controls.apply(at)) {
      const w = this.ends.inward;
      const denied = this.#controls.stop(
        at,
        this.ends.family,
        w[0] as number,
        w[1] as number,
        w[2] as number,
        w[3] as number,
      );
      if (denied !== 0) {
        this.requestDenied = this.replyDenied = denied;
        this.isStopped = true;
        return false;
      }
    }
    return this.#settle(at, request, port, this.#acl(at, request, port), this.#acl(at, reverseOf(request), back));
  }

  /**
   * As `judge`, where ACLs and controls say what they said to other rules that judged the same just now.
   *
   * @param other  what it says differs by the rules of groups alone
   */
  judgeGroups(at: number, request: number, other: ConversationRules): boolean {
    if (other.isStopped) {
      this.requestDenied = this.replyDenied = other.requestDenied;
      this.requestRule = this.replyRule = 0;
      this.isStopped = true;
      return false;
    }
    this.requestDenied = this.replyDenied = LEG_PASSES;
    this.requestRule = this.replyRule = 0;
    this.isStopped = false;
    const { protocol, localPort, remotePort } = this.ends;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    const port = isIcmp ? 0 : request === INGRESS ? localPort : remotePort;
    return this.#settle(at, request, port, other.requestAcl, other.replyAcl);
  }

  /** @param acl, reply  what the ACL said of request and reply */
  #settle(at: number, request: number, port: number, acl: number, reply: number): boolean {
    this.requestAcl = acl;
    this.replyAcl = reply;
    const rule = this.#groups.judges(at) ? this.#admit(at, request, port) : 0;
    // What is met first names the outcome: groups on the way out, ACLs on the way in.
    if (rule === NONE && (request !== INGRESS || acl >= 0)) this.requestDenied = DENY_DEFAULT;
    else if (acl < 0) {
      this.requestDenied = DENY_ACL;
      this.requestRule = -acl;
    } else this.requestRule = rule;
    if (reply < 0) {
      this.replyDenied = DENY_ACL;
      this.replyRule = -reply;
    }
    return this.requestDenied === LEG_PASSES && reply >= 0;
  }

  #acl(at: number, direction: number, port: number): number {
    const words = direction === INGRESS ? this.ends.inward : this.ends.outward;
    return this.#acls.judge(at, direction, this.ends.family, words, this.ends.protocol, port, NOT_KNOWN);
  }

  #admit(at: number, direction: number, port: number): number {
    return this.#groups.admit(
      at,
      direction,
      this.ends.family,
      this.ends.inward,
      0,
      this.ends.protocol,
      port,
      NOT_KNOWN,
    );
  }
}
