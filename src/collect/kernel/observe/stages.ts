/**
 * Where on a packet's way through this host it is counted, and what the difference of two counts says.
 *
 * In:    in which hooks somebody else's firewall has chains. Out: the points that count, and the stages between them.
 * Holds: early points come before every chain of their hook, late ones behind it (before the connection is confirmed, at
 *        2147483647). What an early one counts and its late one does not was dropped between them. Packets that are delivered
 *        or forwarded are accepted where they came in, and what leaves the host where it goes out. A pair stands in a hook with
 *        chains of somebody else alone: who has none has the late ones only.
 * Fails: never.
 * @see linux/include/uapi/linux/netfilter_ipv4.h: priorities; fragments are put together at -400
 */

export type Hook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';

/** What is needed on a host. */
export type Needs = {
  /** Hooks with chains of somebody else. */
  readonly pairs: ReadonlySet<Hook>;
  /** Addresses are translated, and so connections tracked: only then may a rule look at a connection. */
  readonly nat: boolean;
};

/**
 * Which addresses a point counts by. `header`: as the packet has them. `sent`: as it had them when it came in or was sent, whatever
 * was translated since. `routed`: as they are between the translations of destination and source.
 */
export type Addresses = 'header' | 'sent' | 'routed';

export type Point = {
  readonly name: string;
  readonly hook: Hook;
  readonly priority: number;
  readonly device: 'iif' | 'oif';
  /** Whether times of last packets are kept: where there is a pair its early point has them. */
  readonly times: boolean;
  readonly addresses: Addresses;
};

/** What lies between two points, or before one. */
export type Stage = {
  readonly hook: Hook;
  readonly direction: 'ingress' | 'egress';
  /** Null: nothing of somebody else's is before `late`. */
  readonly early: Point | null;
  readonly late: Point;
  /** What passed is accepted here; otherwise a later stage tells. */
  readonly accepts: boolean;
  /** The device is chosen anew where marks change in between: one packet may have two. */
  readonly reroutes: boolean;
};

const EARLY = -2_147_483_647;
const LATE = 2_147_483_646;
/** Behind the assembly of fragments, before `raw`. */
const EARLY_PREROUTING = -399;

const point = (name: string, hook: Hook, priority: number, times: boolean, addresses: Addresses): Point => ({
  name,
  hook,
  priority,
  device: hook === 'output' || hook === 'postrouting' ? 'oif' : 'iif',
  times,
  addresses,
});

/** The stages of a host, in the order in which packets meet them. */
export function stagesOf({ pairs }: Needs): Stage[] {
  const stages: Stage[] = [];
  if (pairs.has('prerouting'))
    stages.push({
      hook: 'prerouting',
      direction: 'ingress',
      early: point('pe', 'prerouting', EARLY_PREROUTING, true, 'header'),
      late: point('pl', 'prerouting', LATE, false, 'sent'),
      accepts: false,
      reroutes: false,
    });
  for (const hook of ['input', 'forward'] as const) {
    const isPair = pairs.has(hook);
    stages.push({
      hook,
      direction: 'ingress',
      early: isPair ? point(`${hook[0]}e`, hook, EARLY, true, 'sent') : null,
      late: point(`${hook[0]}l`, hook, LATE, !isPair, 'sent'),
      accepts: true,
      reroutes: false,
    });
  }
  if (pairs.has('output'))
    stages.push({
      hook: 'output',
      direction: 'egress',
      early: point('oe', 'output', EARLY, true, 'header'),
      late: point('ol', 'output', LATE, false, 'sent'),
      accepts: false,
      reroutes: true,
    });
  if (pairs.has('postrouting'))
    stages.push({
      hook: 'postrouting',
      direction: 'egress',
      early: point('xe', 'postrouting', EARLY, true, 'header'),
      late: point('xp', 'postrouting', LATE, false, 'routed'),
      accepts: false,
      reroutes: false,
    });
  stages.push({
    hook: 'postrouting',
    direction: 'egress',
    early: null,
    late: point('xl', 'postrouting', LATE, true, 'header'),
    accepts: true,
    reroutes: false,
  });
  return stages;
}

/** All points of stages. */
export function pointsOf(stages: readonly Stage[]): Point[] {
  return stages.flatMap(({ early, late }) => (early === null ? [late] : [early, late]));
}
