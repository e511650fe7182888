/**
 * What is wrong with a line, once it is known that something is.
 *
 * In:    bytes of a line and its fields. Out: the first thing that is not as it should be.
 * Holds: fields are looked at from the left; in each, that there is one, then its value where it is wanted, then that the
 *        right byte ends it.
 * Fails: never.
 */
import type { BadLine } from '../api/note.ts';
import { LONGEST_LINE } from './line-code.ts';

/** What becomes of a field. */
export type FieldKind = 'skip' | 'integer' | 'bigint' | 'word';

const LF = 10;
const CR = 13;
const SPACE = 32;
const DASH = 45;
const MOST = { integer: 2_147_483_647n, bigint: 9_223_372_036_854_775_807n } as const;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether these bytes are a text. */
export function isText(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Whether the line that begins at `at` is this one; `\n` or CRLF ends it. */
export function isLine(line: Uint8Array, bytes: Uint8Array, at: number): boolean {
  const { length } = line;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== line[i]) return false;
  return bytes[at + length] === LF || (bytes[at + length] === CR && bytes[at + length + 1] === LF);
}

function causeOfValue(bytes: Uint8Array, kind: FieldKind): BadLine['cause'] | null {
  if (kind === 'skip' || (bytes.length === 1 && bytes[0] === DASH)) return null;
  if (kind === 'word') return isText(bytes) ? null : 'not-text';
  let value = 0n;
  for (const byte of bytes) {
    if (byte < 48 || byte > 57) return 'not-a-number';
    // A line has room for 65,536 digits.
    if (value <= MOST.bigint) value = value * 10n + BigInt(byte - 48);
  }
  return value > MOST[kind] ? 'too-large' : null;
}

/**
 * Why the line in `bytes[from, end)` is none, with the field's number where there is one; null for a line that is well.
 *
 * @param end  where its newline is
 */
export function whyBroken(
  bytes: Uint8Array,
  from: number,
  end: number,
  kinds: readonly FieldKind[],
): { readonly cause: BadLine['cause']; readonly field: number | null } | null {
  if (end - from > LONGEST_LINE) return { cause: 'too-long', field: null };
  let at = from;
  for (const [field, kind] of kinds.entries()) {
    const begun = at;
    while (bytes[at]! > SPACE) at++;
    if (at === begun) return { cause: 'field-count', field: null };
    const cause = causeOfValue(bytes.subarray(begun, at), kind);
    if (cause !== null) return { cause, field };
    const isLast = field === kinds.length - 1;
    const isEnd = bytes[at] === LF || (bytes[at] === CR && at + 1 === end);
    if (isLast ? !isEnd : bytes[at] !== SPACE) return { cause: 'field-count', field: null };
    at++;
  }
  return null;
}
