/**
 * The answer of `GET /api/rejects/live?after=N`: packets that the kernel rejected just now.
 *
 * In:    nothing. Out: the types of its JSON.
 * Holds: a look for people, never what records are made of: 50 a second are told at most, and a server keeps the newest.
 *        What is missing is counted. Where the kernel judges by our rules each packet comes by itself, within a second; where the
 *        host's own firewall is observed, the packets of a flow come together when their generation has ended. Who asks has a session of the
 *        console, or signs for the service `flowgauge` with a key that is no agent's.
 */

export const LIVE_REJECTS_PATH = '/api/rejects/live';

/** One packet, or those of one flow in one generation. */
export type LiveReject = {
  /** From 1, in the order in which they came; of one `startedMillis`. */
  readonly number: number;
  /** When the kernel saw it, the last of several; microseconds since 1970 UTC. */
  readonly atMicros: number;
  readonly interfaceId: string;
  /** As the interface sees it. */
  readonly direction: 'ingress' | 'egress';
  readonly srcaddr: string;
  readonly dstaddr: string;
  /** 0 for protocols without ports. */
  readonly srcport: number;
  readonly dstport: number;
  /** IANA number. */
  readonly protocol: number;
  /** The header's flag byte; of several packets all that one of them had. */
  readonly tcpFlags: number;
  readonly packets: number;
  /** IP length of all of them. */
  readonly bytes: number;
  readonly stage: 'sg-egress' | 'nacl-egress' | 'nacl-ingress' | 'sg-ingress' | 'host-firewall';
  /** `acl-…/in/100`; `default-deny` of groups; null: somebody else's firewall does not say by which of its rules. */
  readonly ruleId: string | null;
};

export type LiveRejects = {
  /** Whether rejected packets are told; `why` says why not. */
  readonly isFed: boolean;
  readonly why: string | null;
  /** How they come; null where they do not. */
  readonly each: 'packet' | 'flow' | null;
  /** When the numbers began, milliseconds since 1970 UTC. */
  readonly startedMillis: number;
  /** The number of the last one that came; 0: none. To be asked with next. */
  readonly newest: number;
  /** Of those after N, how many are not kept any more. */
  readonly passed: number;
  /** Rejected packets so far that came in no answer, for more were rejected than are told; as of the last generation. */
  readonly leftOut: number;
  /** Those after N that are kept, oldest first. */
  readonly rejects: readonly LiveReject[];
};
