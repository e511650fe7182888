/**
 * The model over time, as records are judged by it.
 *
 * In:    versions of the model, each with the time from which it holds. Out: which of them holds at a time, and what
 *        judges by it.
 * Holds: a version holds until the next one begins. Few versions are compiled at one time: those asked for last.
 */
import { createPaths } from '../../network/vpc/path.ts';
import type { Paths } from '../../network/vpc/path.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { ModelHistory } from '../../storage/state/open-model.ts';
import { AskedRules } from '../../network/verdict/asked-rules.ts';

/** A version of the model. */
export type ModelVersion = {
  /** From when it holds, microseconds; -Infinity of a model without times. */
  readonly fromMicros: number;
  /** The snapshot; asked for again where it was let go. */
  snapshot(): VpcSnapshot;
};

/** What judges by one version. */
export type AskedVersion = {
  readonly snapshot: VpcSnapshot;
  readonly rules: AskedRules;
  readonly paths: Paths;
  /** Numbers of the interfaces that are there, by id. */
  readonly interfaces: ReadonlyMap<string, number>;
};

/** Rules of all versions that are kept compiled: few of a large network, many of a small one. */
const COMPILED_RULES = 150_000;
/** So many are kept whatever their size: a record may reach over two, and changes are between two. */
const LEAST_COMPILED = 2;

/** All versions of a model, one at least. */
export class ModelTimes {
  /** From when each holds, seconds, ascending. */
  readonly fromSeconds: Float64Array;
  readonly #versions: readonly ModelVersion[];
  /** The one asked for last is the last. */
  readonly #compiled = new Map<number, AskedVersion>();
  #rules = 0;
  #last = -1;
  #lastAsked: AskedVersion | null = null;

  constructor(versions: readonly ModelVersion[]) {
    this.#versions = versions.toSorted((a, b) => (a.fromMicros < b.fromMicros ? -1 : 1));
    this.fromSeconds = Float64Array.from(this.#versions, ({ fromMicros }) => fromMicros / 1e6);
  }

  get count(): number {
    return this.#versions.length;
  }

  /** The number of the version that holds at a time; -1 before the first. */
  at(seconds: number): number {
    const { fromSeconds } = this;
    let low = 0;
    let high = fromSeconds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((fromSeconds[middle] as number) <= seconds) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** One version alone, as if it held always. */
  alone(number: number): ModelTimes {
    const { snapshot } = this.asked(number);
    return timeless(snapshot);
  }

  /** What judges by a version. */
  asked(number: number): AskedVersion {
    if (number === this.#last && this.#lastAsked !== null) return this.#lastAsked;
    const known = this.#compiled.get(number);
    this.#compiled.delete(number);
    const asked = known ?? compile(this.#versions[number]!.snapshot());
    this.#compiled.set(number, asked);
    if (known === undefined) this.#letGo(asked.snapshot.rules.length);
    this.#last = number;
    this.#lastAsked = asked;
    return asked;
  }

  /** Lets go of those that were not asked for the longest, where all have too many rules. */
  #letGo(added: number): void {
    this.#rules += added;
    for (const [number, { snapshot }] of this.#compiled) {
      if (this.#rules <= COMPILED_RULES || this.#compiled.size <= LEAST_COMPILED) return;
      this.#compiled.delete(number);
      this.#rules -= snapshot.rules.length;
    }
  }
}

function compile(snapshot: VpcSnapshot): AskedVersion {
  const paths = createPaths(snapshot);
  // One that is gone keeps its entry, without addresses.
  const present = snapshot.interfaces.filter(
    ({ number, addresses, prefixes, mac }) =>
      number > 0 && (addresses.length > 0 || prefixes.length > 0 || mac !== null),
  );
  return {
    snapshot,
    paths,
    rules: new AskedRules(snapshot, paths),
    interfaces: new Map(present.map((one) => [one.id, one.number])),
  };
}

/** The versions of a network that was imported or read; without times where it has none. */
export function timesOf(history: ModelHistory): ModelTimes {
  const changes = history.versions(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  if (changes.length === 0) return timeless(history.at(0));
  return new ModelTimes(changes.map((fromMicros) => ({ fromMicros, snapshot: () => history.at(fromMicros) })));
}

/** A model without times: it is taken to hold always. */
export function timeless(snapshot: VpcSnapshot): ModelTimes {
  return new ModelTimes([{ fromMicros: Number.NEGATIVE_INFINITY, snapshot: () => snapshot }]);
}
