/**
 * The lines of a text of records.
 *
 * In:    whole records. Out: each without its newline.
 */

/** The lines of a text, each without its newline. */
export function* linesIn(text: Uint8Array): Generator<string> {
  const whole = Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString();
  for (let from = 0; from < whole.length;) {
    const end = whole.indexOf('\n', from);
    yield whole.slice(from, end);
    from = end + 1;
  }
}
