/**
 * What the console's routes know of the program that serves them.
 *
 * In:    nothing. Out: the type.
 * Holds: one for each control plane that is opened; a route keeps none.
 */
import type { Control } from '../control.ts';
import type { Standing } from '../standing.ts';
import type { Explainers } from './explain/explainers.ts';
import type { Prover } from './prover.ts';
import type { SqlRunner } from './sql/sql-runner.ts';

export type ConsoleContext = {
  /** Where `flowgauge query` reads. */
  readonly dataDirectory: string;
  /** What is kept in its `cache` of the records that were read, bytes; 0: nothing. */
  readonly cacheBytes: number;
  readonly control: Control;
  readonly standing: Standing;
  /** What takes the processor for a while is asked there. */
  readonly explainers: Explainers;
  /** Null: this program has none. */
  readonly prover: Prover | null;
  /** Queries of people, each in a process of its own. */
  readonly sql: SqlRunner;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
};
