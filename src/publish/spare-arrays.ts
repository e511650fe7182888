/**
 * Arrays that text has left, for the next text: a fresh mebibyte for each run counts as garbage to V8, which then collects
 * every few runs.
 *
 * In:    arrays that nobody reads or writes any more. Out: the same arrays, with what was in them.
 * Holds: never more than so many, none longer than so many bytes.
 * Fails: never, but for memory.
 */
export type SpareArrays = {
  /** An array of at least so many bytes; what is in it is of no use. */
  take(bytes: number): Uint8Array<ArrayBuffer>;
  /** The whole array below a text, which is not looked at again. */
  give(text: Uint8Array<ArrayBuffer>): void;
};

/** Keeps up to `most` arrays of up to `longest` bytes. */
export function createSpareArrays(most: number, longest: number): SpareArrays {
  const spare: Uint8Array<ArrayBuffer>[] = [];
  return {
    take(bytes) {
      // Longest first: what grows gets the one that it need not leave soon.
      return (spare[0]?.length ?? 0) < bytes ? new Uint8Array(bytes) : spare.shift()!;
    },
    give({ buffer }) {
      if (buffer.byteLength > longest) return;
      spare.push(new Uint8Array(buffer));
      spare.sort((a, b) => b.length - a.length);
      if (spare.length > most) spare.pop();
    },
  };
}
