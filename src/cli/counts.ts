/**
 * Numbers of things in words.
 *
 * In:    a number and a word. Out: `1 record`, `2 records`, `0 records`.
 */

/** @param word  in the singular; an s makes it the plural */
export function countText(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
