/**
 * When two descriptions of a thing say the same.
 *
 * In:    an item of an answer. Out: its text, and a key that is equal where the content is.
 * Holds: neither the order of members nor that of lists makes a difference, for AWS gives lists in any order. The
 *        containers of an ECS task are the exception: records name the first and the second.
 */
import { createHash } from 'node:crypto';

const IN_ORDER = new Set(['containers']);

function canonical(value: unknown, key: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item, ''));
    if (IN_ORDER.has(key)) return items;
    return items
      .map((item) => [JSON.stringify(item), item] as const)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, item]) => item);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined && member !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, canonical(member, name)]),
  );
}

/** 32 bytes. */
export function contentHash(item: unknown): Uint8Array {
  return createHash('sha256')
    .update(JSON.stringify(canonical(item, '')))
    .digest();
}
