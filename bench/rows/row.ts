/** What every row of the benchmarks takes and gives. */

export type RowOptions = {
  /** A, B or C. */
  readonly input: string;
  readonly rounds: number;
  readonly bursty: boolean;
  /** The whole size, where a row has a smaller one for every day. */
  readonly long: boolean;
  /** The command line that makes the row again, for its heading. */
  readonly command: string;
};

/** Measures, and gives Markdown. */
export type Row = (options: RowOptions) => Promise<string>;
