/**
 * How wide text is on a terminal.
 *
 * In:    text of any origin. Out: its width in cells; the text cut to a width, with an ellipsis.
 * Holds: letters of East Asian scripts and emoji take two cells, combining marks none. What would move the cursor, ring
 *        or turn the writing direction is shown as `·`: values of records come from elsewhere.
 * Fails: never.
 */

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
