/**
 * An answer as a table for people.
 *
 * In:    an answer. Out: aligned columns under a header line.
 * Holds: numbers stand right and are never grouped or cut; text is cut with an ellipsis where the terminal is narrower;
 *        NULL is `-`. Rows are printed as they come: the first ones settle how wide a column is.
 * Fails: as the answer does.
 */
import { once } from 'node:events';
import type { Answer, Cell } from '../query/engine.ts';
import { cutTo, shown, widthOf } from './text-width.ts';

/** Rows that settle the widths. */
const MEASURED_ROWS = 500;
/** Text columns are not cut below this. */
const NARROWEST = 8;
const GAP = '  ';

/** Where text goes: standard output, a file, a test's list. */
export type TextOutput = { write(text: string): boolean; readonly columns?: number } & Pick<
  NodeJS.WritableStream,
  'once'
>;

/** The width of a terminal; null where it is none, or does not know it, as one of `script` or of a serial line. */
export function widthOfOutput({ columns = 0 }: Pick<TextOutput, 'columns'>): number | null {
  return columns > 0 ? columns : null;
}

type Shape = { readonly widths: number[]; readonly right: readonly boolean[]; readonly cells: number | null };

/**
 * Prints an answer.
 *
 * @param output  its `columns` are the width of a terminal; where that is not known nothing is cut
 */
export async function printTable(answer: Pick<Answer, 'columns' | 'rows'>, output: TextOutput): Promise<void> {
  let held: string[][] = [];
  let shape: Shape | null = null;
  let rows = 0;
  for await (const batch of answer.rows) {
    rows += batch.length;
    const texts = batch.map((row) => row.map(textOf));
    held = held.length === 0 ? texts : [...held, ...texts];
    if (shape === null && held.length < MEASURED_ROWS) continue;
    shape ??= await begin(answer, held, output);
    await print(held, shape, output);
    held = [];
  }
  shape ??= await begin(answer, held, output);
  await print(held, shape, output);
  if (rows === 0) await write(output, '(no rows)\n');
}

/** A value as people read it. */
function textOf(value: Cell): string {
  return value === null ? '-' : shown(String(value));
}

async function begin(answer: Pick<Answer, 'columns'>, rows: readonly string[][], output: TextOutput): Promise<Shape> {
  const names = answer.columns.map(({ name }) => shown(name));
  const right = answer.columns.map(({ type }) => isNumber(type));
  const widths = names.map((name, at) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[at] ?? '')), widthOf(name)),
  );
  const cells = widthOfOutput(output);
  const shape = { widths: cells === null ? widths : fit(widths, right, cells), right, cells };
  await print([names, shape.widths.map((width) => '-'.repeat(width))], shape, output);
  return shape;
}

/** Takes from the widest text column until the line fits, or no column may give more. */
function fit(widths: readonly number[], right: readonly boolean[], cells: number): number[] {
  const fitted = [...widths];
  let over = fitted.reduce((sum, width) => sum + width, GAP.length * (fitted.length - 1)) - cells;
  while (over > 0) {
    const text = fitted.map((width, at) => (right[at] === true ? 0 : width));
    const widest = Math.max(...text);
    if (widest <= NARROWEST) break;
    const at = text.indexOf(widest);
    fitted[at] = widest - 1;
    over--;
  }
  return fitted;
}

async function print(rows: readonly string[][], { widths, right, cells }: Shape, output: TextOutput): Promise<void> {
  if (rows.length === 0) return;
  const last = widths.length - 1;
  const lines = rows.map((row) => {
    const parts = row.map((text, at) => {
      const width = widths[at]!;
      // A wide number later than the measured rows pushes its line aside rather than lie.
      const cut = right[at] === true ? text : cutTo(text, Math.max(width, cells === null ? Infinity : 0));
      const blanks = ' '.repeat(Math.max(0, width - widthOf(cut)));
      if (right[at] === true) return blanks + cut;
      return at === last ? cut : cut + blanks;
    });
    const line = parts.join(GAP);
    return cells === null ? line : cutTo(line, cells);
  });
  await write(output, `${lines.join('\n')}\n`);
}

function isNumber(type: string): boolean {
  return /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|UINTEGER|DOUBLE|FLOAT|DECIMAL.*)$/.test(type);
}

/** Writes, and waits while the reader is slower. */
export async function write(output: TextOutput, text: string): Promise<void> {
  if (!output.write(text)) await once(output as NodeJS.WritableStream, 'drain');
}
