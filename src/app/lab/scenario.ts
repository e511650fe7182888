/**
 * What a scenario is: the contract of every file in `scenarios/`.
 *
 * In:    calls that make a network. Out: the network in the state file; who is outside of it; what traffic to expect.
 * Holds: names of instances are at most 11 letters, digits and hyphens: a device is called `eni-` and that.
 * Fails: as the calls do.
 */
import type { NetworkMaker } from './make-network.ts';

/** A host on the internet: no interface of a VPC, no record. */
export type OutsideHost = {
  readonly name: string;
  readonly address4: string;
  readonly address6: string;
  /** As `SERVES_TAG` of an instance. */
  readonly serves: string;
};

/** What a client does; `serve.ts` and `send.ts` have one case each. */
export type TrafficKind =
  | 'http'
  | 'dns'
  | 'ssh'
  | 'ping'
  | 'bulk'
  | 'tcp'
  | 'udp'
  | 'syn-scan'
  | 'fin-scan'
  | 'null-scan'
  | 'xmas-scan'
  | 'ssh-guess'
  | 'sweep'
  | 'udp-flood'
  | 'upload';

/** Traffic of one kind from one host to another. */
export type Exchange = {
  readonly kind: TrafficKind;
  /** Name of an instance, or of a host outside. */
  readonly from: string;
  readonly to: string;
  readonly family: 4 | 6;
  /** Scans: the first of `ports`. */
  readonly port: number;
  /** Scans try so many ports from `port` on. */
  readonly ports?: number;
  /** So many attempts in one use; those of a sweep go to one address after the other, from that of `to` on. */
  readonly times?: number;
  readonly hostile: boolean;
  /** How often it comes up beside the others. */
  readonly weight: number;
  /** What the rules say: `answered`, or which stage of which host rejects; `no-route` where no way leads on. */
  readonly expect: Expectation;
};

export type Expectation =
  | 'answered'
  | { readonly rejectedAt: string; readonly stage: 'sg-egress' | 'nacl-egress' | 'nacl-ingress' | 'sg-ingress' }
  | 'no-route';

export type Scenario = {
  readonly name: string;
  /** One line for people. */
  readonly meaning: string;
  readonly outside: readonly OutsideHost[];
  readonly build: (network: NetworkMaker) => Promise<void>;
  readonly traffic: readonly Exchange[];
};

/** Tag of an instance that says which servers run on it: `http/80 tcp/5432 dns/53`. */
export const SERVES_TAG = 'flowgauge:serves';

/** What runs on a host. */
export type Served = { readonly kind: 'http' | 'dns' | 'ssh' | 'tcp' | 'udp' | 'iperf'; readonly port: number };

const LAST_PORT = 65_535;

/** Reads the tag; words that are none, or of a port that there is not, are left out: the others are served all the same. */
export function servedOf(tag: string): Served[] {
  return tag.split(/\s+/u).flatMap((word) => {
    const [, kind, port] = /^(http|dns|ssh|tcp|udp|iperf)\/(\d{1,5})$/u.exec(word) ?? [];
    const isPort = Number(port) > 0 && Number(port) <= LAST_PORT;
    return kind === undefined || !isPort ? [] : [{ kind: kind as Served['kind'], port: Number(port) }];
  });
}
