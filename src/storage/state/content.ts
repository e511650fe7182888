/**
 * When two descriptions of a thing say the same.
 *
 * In:    an item of an answer. Out: its text, and a key that is equal where the content is.
 * Holds: neither the order of members nor that of lists makes a difference, for AWS gives lists in any order. The
 *        containers of an ECS task are the exception: records name the first and the second. What is absent, null, empty
 *        text or an empty list is the same, and so is a time however it is written. How many addresses of a subnet are
 *        free is no fact about the network.
 */
import { createHash } from 'node:crypto';

const IN_ORDER = new Set(['containers']);
const NO_FACT = new Set(['AvailableIpAddressCount']);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function canonical(value: unknown, key: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item, ''));
    if (IN_ORDER.has(key)) return items;
    return items
      .map((item) => [JSON.stringify(item), item] as const)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, item]) => item);
  }
  if (typeof value === 'string' && TIME.test(value)) return Date.parse(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => !isNothing(member) && !NO_FACT.has(name))
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
