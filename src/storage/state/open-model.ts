/**
 * The network as it was at a time: from the file or folder of a model, or from what was imported into a data directory.
 *
 * In:    a model's path or a data directory; the time asked about; what was known by when. Out: snapshots.
 * Holds: each snapshot has numbers of its own; ids tell what is the same in two of them. What belongs to a time before
 *        the first import is taken from that, and `notUnderstood` says so. A model of files says nothing of time: it
 *        holds always.
 * Fails: FG_STATE_MISSING, FG_STATE_EMPTY and FG_STATE_NOT_YET where nothing was imported; FG_STATE_*, FG_MODEL_*.
 */
import type { LearnedLate } from '../../api/rejects.ts';
import { failure } from '../../model/errors.ts';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import type { Model } from '../../network/vpc/model.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { changesBetween, factsAt, interfaceLives, learnedLate } from './facts-at.ts';
import type { FactsAt, FirstTold, InterfaceLife, Moment } from './facts-at.ts';
import { FOREVER } from './migrations.ts';
import { readModelAt } from './model-files.ts';
import { readState, statePath } from './state-file.ts';
import type { StateFile } from './state-file.ts';

/** Which network, and as known when. Times are microseconds since 1970 UTC. */
export type ModelSource = {
  /** A JSON file of describe answers or a folder of them. It goes before `data`. */
  readonly vpc?: string | undefined;
  /** A data directory with imports; not given `./flowgauge-data`. */
  readonly data?: string | undefined;
  /** Only what was recorded by then counts; not given: all. */
  readonly knownAt?: number | undefined;
  /** That nothing was known by then is an answer too, and no error. */
  readonly orNothing?: boolean;
};

/** The network over time. Close it. */
export type ModelHistory = {
  /** The network as of a time; the last one asked for is kept, so that records in the order of time are cheap. */
  at(micros: number): VpcSnapshot;
  /** The times in [from, to) at which facts changed: `at` gives the same for all times between two of them. */
  versions(from: number, to: number): readonly number[];
  /** Things that were believed to be otherwise at that time until an import told of the past. */
  learnedLate(micros: number): readonly LearnedLate[];
  /** When interfaces of this id, address or instance were there; empty for a model of files, which says nothing of time. */
  lives(text: string): readonly InterfaceLife[];
  close(): void;
};

/** Opens the network over time. */
export async function openModelHistory(source: ModelSource): Promise<ModelHistory> {
  if (source.vpc === undefined) {
    const state = openImported(source);
    try {
      return historyOf(state, source.knownAt);
    } catch (error) {
      state.close();
      throw error;
    }
  }
  const model = await readModelAt(source.vpc);
  let made: VpcSnapshot | null = null;
  return {
    at: (micros) => (made ??= compileSnapshot(model, { version: 1, atMicros: micros })),
    versions: () => [],
    learnedLate: () => [],
    lives: () => [],
    close() {},
  };
}

/**
 * The network as of one time.
 *
 * @param source  with `at`, the time asked about; not given: the newest facts
 */
export async function openModel(source: ModelSource & { readonly at?: number | undefined }): Promise<VpcSnapshot> {
  const history = await openModelHistory(source);
  try {
    return history.at(source.at ?? (source.vpc === undefined ? FOREVER : 0));
  } finally {
    history.close();
  }
}

/**
 * The facts of the network as of one time, from which a changed one can be made.
 *
 * @param source  with `at`, the time asked about; not given: the newest facts
 */
export async function openFacts(source: ModelSource & { readonly at?: number | undefined }): Promise<Model> {
  if (source.vpc !== undefined) return readModelAt(source.vpc);
  const state = openImported(source);
  try {
    return factsOf(state, { atMicros: source.at ?? FOREVER, knownAtMicros: source.knownAt ?? FOREVER });
  } finally {
    state.close();
  }
}

/** The network as it was described. Times are microseconds since 1970 UTC. */
export type DescribedNetwork = {
  /** Descriptions by kind, as AWS spells them: names and tags are there. */
  readonly described: FactsAt['model'];
  readonly snapshot: VpcSnapshot;
  /** When facts changed, ascending. */
  readonly changedMicros: readonly number[];
};

/**
 * The network as of one time with its descriptions, for whoever shows it.
 *
 * @param data      a data directory
 * @param atMicros  the time asked about; null: the newest facts
 */
export function openDescribed(data: string, atMicros: number | null): DescribedNetwork {
  const state = openImported({ data });
  try {
    const moment = { atMicros: atMicros ?? FOREVER, knownAtMicros: FOREVER };
    return state.reading(() => {
      const { model: described, unknownBefore } = factsAt(state, moment);
      const facts = withUnknown(readModel([{ name: state.path, json: described }]), unknownBefore);
      return {
        described,
        snapshot: compileSnapshot(facts, { version: 1, atMicros: 0 }),
        changedMicros: changesBetween(state, 0, FOREVER, FOREVER),
      };
    });
  } finally {
    state.close();
  }
}

/** What is known, with what is not known of that time among what is not understood. */
function factsOf(state: StateFile, moment: Moment): Model {
  const { model, unknownBefore } = state.reading(() => factsAt(state, moment));
  return withUnknown(readModel([{ name: state.path, json: model }]), unknownBefore);
}

function withUnknown(facts: Model, unknownBefore: readonly FirstTold[]): Model {
  return { ...facts, notUnderstood: [...facts.notUnderstood, ...unknownBefore.map(firstToldText)] };
}

function openImported({ data = './flowgauge-data', knownAt = FOREVER, orNothing = false }: ModelSource): StateFile {
  const state = readState(statePath(data));
  try {
    const first = state.reading(() => state.database.prepare('SELECT min(recorded) AS recorded FROM imports').get());
    const recorded = first?.['recorded'];
    if (typeof recorded !== 'number') throw failure('FG_STATE_EMPTY', state.path);
    if (recorded > knownAt && !orNothing)
      throw failure('FG_STATE_NOT_YET', state.path, isoText(knownAt), isoText(recorded));
    return state;
  } catch (error) {
    state.close();
    throw error;
  }
}

const isoText = (micros: number): string => new Date(micros / 1000).toISOString();

function historyOf(state: StateFile, knownAt = FOREVER): ModelHistory {
  let last: { readonly from: number; readonly to: number; readonly snapshot: VpcSnapshot } | null = null;
  const momentOf = (atMicros: number): Moment => ({ atMicros, knownAtMicros: knownAt });
  const changes = state.reading(() => changesBetween(state, 0, FOREVER, knownAt));
  return {
    at(micros) {
      if (last !== null && micros >= last.from && micros < last.to) return last.snapshot;
      const noted = factsOf(state, momentOf(micros));
      const from = changes.findLast((change) => change <= micros) ?? 0;
      const snapshot = compileSnapshot(noted, {
        version: (last?.snapshot.version ?? 0) + 1,
        atMicros: from,
      });
      last = { from, to: changes.find((change) => change > micros) ?? Infinity, snapshot };
      return snapshot;
    },
    versions: (from, to) => changes.filter((change) => change >= from && change < to),
    learnedLate: (micros) => state.reading(() => learnedLate(state, momentOf(micros))),
    lives: (text) => state.reading(() => interfaceLives(state, text, knownAt)),
    close: () => state.close(),
  };
}

function firstToldText({ account, region, atMicros }: FirstTold): string {
  return `${account} ${region}: first imported as of ${isoText(atMicros)}; before that it is taken as it was then`;
}
