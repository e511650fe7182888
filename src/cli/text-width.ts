/**
 * How wide text is on a terminal.
 *
 * In:    text of any origin. Out: its width in cells; the text cut to a width, with an ellipsis; its long lines broken.
 * Holds: letters of East Asian scripts and emoji take two cells, combining marks none. What would move the cursor, ring
 *        or turn the writing direction is shown as `·`: values of records come from elsewhere.
 * Fails: never.
 */

import { stripVTControlCharacters } from 'node:util';

const PLAIN = /^[\x20-\x7e]*$/;
const NOT_SHOWN = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const NO_WIDTH = /^[\p{M}\u200b-\u200d\ufeff]/u;
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;

/** Text without what a terminal would obey. */
export function shown(text: string): string {
  return PLAIN.test(text) ? text : text.replaceAll(NOT_SHOWN, '·');
}

/** Cells that text takes. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const letter of text) width += widthOfLetter(letter);
  return width;
}

function widthOfLetter(letter: string): number {
  if (NO_WIDTH.test(letter)) return 0;
  return WIDE.test(letter) ? 2 : 1;
}

/** Text of at most `cells`, its end replaced by an ellipsis where it is longer. */
export function cutTo(text: string, cells: number): string {
  if (widthOf(text) <= cells) return text;
  let kept = '';
  let width = 0;
  for (const letter of text) {
    width += widthOfLetter(letter);
    if (width > cells - 1) break;
    kept += letter;
  }
  return cells > 0 ? `${kept}…` : '';
}

/** What shows text: a terminal has columns, a pipe has not. */
export type Shows = { readonly isTTY?: boolean; readonly columns?: number };

/**
 * Text for people: on a terminal long lines are broken at blanks, and what goes on stands a little further in. In a pipe
 * every line is whole.
 *
 * @param command  lines that are meant to be copied, and stay whole there too
 */
export function fitted(text: string, { isTTY, columns }: Shows, command: RegExp | null = null): string {
  if (isTTY !== true || columns === undefined || columns < NARROWEST) return text;
  const lines = text.split('\n');
  return lines.flatMap((line) => (command?.test(line) === true ? [line] : broken(line, columns))).join('\n');
}

/** Below that nothing is gained by breaking. */
const NARROWEST = 40;

function broken(line: string, cells: number): string[] {
  if (widthOf(stripVTControlCharacters(line)) <= cells) return [line];
  const indent = /^ */.exec(line)![0];
  // Behind a label of the form `  nearest  ` what goes on stands under its text.
  const label = /^ {2}[a-z]+ {2,}(?=\S)/.exec(line)?.[0].length ?? indent.length + 2;
  const lines: string[] = [];
  let now = indent;
  for (const word of line.slice(indent.length).split(' ')) {
    const isFirst = now.trim() === '';
    const wider = isFirst ? `${now}${word}` : `${now} ${word}`;
    if (!isFirst && widthOf(stripVTControlCharacters(wider)) > cells) {
      lines.push(now.trimEnd());
      now = `${' '.repeat(label)}${word}`;
    } else now = wider;
  }
  return [...lines, now];
}
