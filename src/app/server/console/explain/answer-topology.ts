/**
 * The network with the traffic in it, from what the data directory knows and holds.
 *
 * In:    a range of time, a filter, what is to be opened. Out: the answer.
 * Holds: addresses are those of the network as of the window in which they were recorded, of at most `MOST_NETWORKS` times;
 *        names and places are the newest. A place without facts has what records tell.
 * Fails: FG_STATE_*, FG_FILTER_*; as asking does, but for a range without records, which is an answer.
 */
import type { TopologyAnswer } from '../../../../api/topology.ts';
import { BOX_LIMITS } from '../../../../explain/topology/boxes.ts';
import type { KnownNetwork } from '../../../../explain/topology/known-network.ts';
import { blocksOf, knownNetwork, publicAddressesOf } from '../../../../explain/topology/known-network.ts';
import type { TrafficRead } from '../../../../explain/topology/read-traffic.ts';
import { readTraffic } from '../../../../explain/topology/read-traffic.ts';
import { topologyOf } from '../../../../explain/topology/topology.ts';
import { emptyTraffic } from '../../../../explain/topology/traffic.ts';
import { FlowgaugeError } from '../../../../model/errors.ts';
import { compileSnapshot, readModel } from '../../../../network/vpc/model.ts';
import { spansOf, stepFor } from '../../../../query/explore/spans.ts';
import { filterFrom } from '../../../../query/explore/where.ts';
import { memoryBudget } from '../../../../storage/duck/memory.ts';
import { openDescribed } from '../../../../storage/state/open-model.ts';
import type { ExplainQuestion } from './question.ts';
import type { Working } from './working.ts';
import { readingOf } from './working.ts';

/** Windows of the slider. */
const MOST_WINDOWS = 60;
/** Times whose network is compiled for one answer. */
const MOST_NETWORKS = 12;
const MEMORY_BYTES = 1e9;

/** The answer. */
export async function answerTopology(
  question: Extract<ExplainQuestion, { kind: 'topology' }>,
  working: Working,
): Promise<TopologyAnswer> {
  const { data } = working;
  const { from, to } = question.range;
  const range = { startSeconds: from, endSeconds: to };
  const stepSeconds = stepFor(range, MOST_WINDOWS);
  const windows = spansOf(range, stepSeconds);
  const networks = networksOf(data, to, windows);
  const asked = {
    fromSeconds: windows[0] ?? from,
    stepSeconds,
    windows: windows.length,
    filter: filterFrom(question.filter),
    blocks: [...new Set(networks.all.flatMap(blocksOf))],
    publicAddresses: [...new Set(networks.all.flatMap(publicAddressesOf))],
  };
  const isKnown = (id: string): boolean => networks.all.every(({ interfaces }) => interfaces.has(id));
  const read = await readTraffic(data, asked, isKnown, {
    ...readingOf(question.range, working),
    memoryBytes: Math.min(MEMORY_BYTES, memoryBudget() / 2),
  }).catch((error: unknown): TrafficRead | null => {
    // The network is there, whether it has traffic or not.
    if (!(error instanceof FlowgaugeError) || !/^FG_(?:SOURCE_EMPTY|SOURCE_NO_RECORDS|TIME_EMPTY)$/u.test(error.code))
      throw error;
    return null;
  });
  const { scope, grouping, focus, measure } = question;
  const topology = topologyOf(read?.traffic ?? emptyTraffic(0, [], []), networks.at, networks.newest, {
    scope,
    grouping,
    focus,
    measure,
    limits: BOX_LIMITS,
  });
  return {
    range: { fromSeconds: from, toSeconds: to },
    scope,
    grouping,
    focus,
    stepSeconds,
    windows,
    ...topology,
    sql: read?.sql ?? null,
    notes: read?.notes ?? [],
  };
}

type Networks = {
  readonly newest: KnownNetwork;
  /** As of a window. */
  readonly at: (window: number) => KnownNetwork;
  readonly all: readonly KnownNetwork[];
};

function networksOf(data: string, toSeconds: number, windows: readonly number[]): Networks {
  const newest = networkAt(data, toSeconds * 1e6);
  if (newest === null) {
    const nothing = knownNetwork(
      compileSnapshot(readModel([{ name: data, json: {} }]), { version: 1, atMicros: 0 }),
      {},
    );
    return { newest: nothing, at: () => nothing, all: [nothing] };
  }
  const changes = newest.changedMicros;
  /** The last change before the end of a window, by window. */
  const versionOf = windows.map((_, i) => {
    const end = (windows[i + 1] ?? toSeconds) * 1e6;
    return changes.findLast((change) => change < end) ?? 0;
  });
  const versions = [...new Set(versionOf)];
  // Where there are more, several windows have the network as of the last of them.
  const every = Math.ceil(versions.length / MOST_NETWORKS);
  const kept = versions.filter((_, i) => (versions.length - 1 - i) % every === 0);
  const known = new Map(
    kept.map((version): [number, KnownNetwork] => [
      version,
      version === versions.at(-1) ? newest.network : networkAt(data, version)!.network,
    ]),
  );
  const at = (window: number): KnownNetwork => {
    const version = versionOf[window] ?? versions.at(-1)!;
    return known.get(kept.find((one) => one >= version)!)!;
  };
  return { newest: newest.network, at, all: [...known.values()] };
}

function networkAt(
  data: string,
  micros: number,
): { readonly network: KnownNetwork; readonly changedMicros: readonly number[] } | null {
  try {
    const { snapshot, described, changedMicros } = openDescribed(data, micros);
    // What is told of an interface last is what counts: so versions have their times.
    return { network: knownNetwork({ ...snapshot, validFromMicros: micros }, described), changedMicros };
  } catch (error) {
    if (error instanceof FlowgaugeError && /^FG_STATE_(?:MISSING|EMPTY)$/u.test(error.code)) return null;
    throw error;
  }
}
