/**
 * A diagnosis that was tried out in a lab: what the model says, what the kernel did and what the records tell, as JSON.
 *
 * In:    nothing; `explain/diagnose/` and `app/lab/` fill it. Out: plain data, the same for `--json` and for a console.
 * Holds: `agree` is true exactly where `differences` is empty.
 */
import type { EndsRequest } from './explain-routes.ts';
import type { Explanation } from './explanation.ts';

/** Body of `POST /api/prove`: two hosts of a lab, as `flowgauge diagnose --prove` takes them. */
export type ProveRequest = Pick<EndsRequest, 'from' | 'to' | 'protocol' | 'port' | 'sourcePorts'>;

/** A host that can send and receive in a proof. */
export type ProvableHost = {
  readonly name: string;
  readonly interfaceIds: readonly string[];
  readonly addresses: readonly string[];
};
/** Answer of `GET /api/provable`; null: no lab runs here. */
export type ProvableAnswer = { readonly hosts: readonly ProvableHost[] | null };

/** A verdict of one packet at an interface. */
export type ProofVerdict = {
  readonly action: 'ACCEPT' | 'REJECT';
  /** `sgr-…`, `acl-…/in/100`, `default-deny`; null where no rule was asked. */
  readonly ruleId: string | null;
};

/** Where a packet of the proof comes by. */
export type ProofPlace = {
  readonly leg: 'request' | 'reply';
  readonly interfaceId: string;
  readonly direction: 'ingress' | 'egress';
};

/** What records tell of packets of the proof. `leg` is null where the model knows of no such packet there. */
export type ProofRecord = Omit<ProofPlace, 'leg'> &
  ProofVerdict & {
    readonly leg: ProofPlace['leg'] | null;
    readonly source: string;
    readonly destination: string;
    readonly stage: string | null;
    /** `kernel` where the kernel judged and counted, `model` where a captured packet was judged. */
    readonly verdictSource: string | null;
    readonly packets: number;
  };

/** How two of the three differ. */
export type ProofDifference =
  /** Whether a packet comes through to the other end. */
  | { readonly kind: 'arrival'; readonly leg: ProofPlace['leg']; readonly model: boolean; readonly kernel: boolean }
  /**
   * What is decided of packets at an interface; null: the model says that none comes there, or no record tells of one. `leg` is
   * null where the model knows of no such packet.
   */
  | (Omit<ProofPlace, 'leg'> & {
      readonly kind: 'verdict';
      readonly leg: ProofPlace['leg'] | null;
      readonly model: ProofVerdict | null;
      readonly record: ProofVerdict | null;
    })
  /** How many packets there were, of any verdict or of those that passed. */
  | (ProofPlace & { readonly kind: 'packets'; readonly kernel: number; readonly record: number });

/** Packets of one leg as the kernels of both ends counted them. */
export type ProofCount = { readonly left: number; readonly came: number };

export type Proof = {
  readonly agree: boolean;
  readonly model: Explanation;
  readonly sent: {
    /** Hosts of the lab. */
    readonly fromHost: string;
    readonly toHost: string;
    /** Addresses of the packet when it left. */
    readonly source: string;
    readonly destination: string;
    /** Null where the protocol has none. */
    readonly sourcePort: number | null;
    readonly atMicros: number;
  };
  readonly kernel: {
    readonly request: ProofCount;
    /** All 0 where no request came: then nothing was answered, and the way back was not tried. */
    readonly reply: ProofCount;
  };
  /** Who answers there: a server of the lab, the proof itself, or the kernel (echo requests). */
  readonly answeredBy: 'server' | 'proof' | 'kernel';
  readonly records: readonly ProofRecord[];
  readonly differences: readonly ProofDifference[];
};
