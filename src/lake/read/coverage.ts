/**
 * Which fields the files of a source hold.
 *
 * In:    columns, file group by file group. Out: how many files hold a column.
 * Holds: every file that could be read counts, also one without records: its header says what it would hold.
 * Fails: never.
 */

/** Files that have the same columns. */
export type CoverageGroup = { readonly files: number; readonly columns: readonly { readonly name: string }[] };

export type Coverage = {
  /** Files that could be read. */
  readonly files: number;
  /** How many of them hold a column, small letters with underscores. */
  holding(column: string): number;
};

/** Counts the files that hold each column. */
export function coverageOf(groups: readonly CoverageGroup[]): Coverage {
  const counts = new Map<string, number>();
  let all = 0;
  for (const { files, columns } of groups) {
    all += files;
    for (const { name } of columns) counts.set(name, (counts.get(name) ?? 0) + files);
  }
  return { files: all, holding: (column) => counts.get(column) ?? 0 };
}
