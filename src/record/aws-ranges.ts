/**
 * AWS's list of address ranges as AWS publishes it.
 *
 * In:    the published JSON. Out: rows of block and service.
 * Holds: each block is kept once, with the name that is printed for it: one other than AMAZON and EC2, then EC2, then
 *        AMAZON, ties by name.
 * Fails: `FG_RANGES_UNREADABLE` for a file that is no such list; nothing of it is used then.
 */
import { failure } from '../model/errors.ts';
import { parseAddress } from '../network/vpc/addresses.ts';

/** A block of the list. `words` has one u32 or four. */
export type RangeRow = {
  readonly family: 4 | 6;
  readonly words: readonly number[];
  readonly bits: number;
  readonly service: string;
};

/** AMAZON and EC2 name nearly everything, so any other name says more. */
function rank(service: string): number {
  return service === 'AMAZON' ? 2 : service === 'EC2' ? 1 : 0;
}

/** Whether one of two names for the same block is the one to print. */
export function isPreferred(service: string, to: string): boolean {
  return rank(service) < rank(to) || (rank(service) === rank(to) && service < to);
}

/**
 * The rows of AWS's own file, each block once with the name that is printed for it.
 *
 * @param json  what `https://ip-ranges.amazonaws.com/ip-ranges.json` answers, parsed
 * @param name  of the file, for the error
 */
export function rowsOfAwsRanges(json: unknown, name: string): { createDate: string; rows: RangeRow[] } {
  const list = json as { createDate?: unknown; prefixes?: unknown; ipv6_prefixes?: unknown } | null;
  if (typeof list !== 'object' || list === null) throw failure('FG_RANGES_UNREADABLE', name, 'it is no JSON object');
  if (typeof list.createDate !== 'string') throw failure('FG_RANGES_UNREADABLE', name, 'it has no createDate');
  const kept = new Map<string, RangeRow>();
  for (const [part, key] of [
    ['prefixes', 'ip_prefix'],
    ['ipv6_prefixes', 'ipv6_prefix'],
  ] as const) {
    const entries: unknown = list[part];
    if (!Array.isArray(entries)) throw failure('FG_RANGES_UNREADABLE', name, `it has no list ${part}`);
    for (const [position, entry] of (entries as (Record<string, unknown> | null)[]).entries()) {
      const prefix = entry?.[key];
      const service = entry?.['service'];
      const row = typeof prefix === 'string' && typeof service === 'string' ? rowOf(prefix, service) : null;
      if (row === null || row.family !== (part === 'prefixes' ? 4 : 6)) {
        throw failure('FG_RANGES_UNREADABLE', name, `${part}[${position}] is no block with a service`);
      }
      const block = `${row.words.join(' ')}/${row.bits}`;
      const before = kept.get(block);
      if (before === undefined || isPreferred(row.service, before.service)) kept.set(block, row);
    }
  }
  const rows = [...kept.values()];
  if (rows.length === 0) throw failure('FG_RANGES_UNREADABLE', name, 'it has no block at all');
  if (new Set(rows.map((row) => row.service)).size > 127) {
    throw failure('FG_RANGES_UNREADABLE', name, 'it names more than 127 services');
  }
  return { createDate: list.createDate, rows };
}

/** `10.0.0.0/8` with its service; null where it is no block of the list. */
function rowOf(prefix: string, service: string): RangeRow | null {
  const match = /^([0-9A-Fa-f.:]+)\/(\d{1,3})$/.exec(prefix);
  const address = match === null ? null : parseAddress(match[1]!);
  const bits = Number(match?.[2]);
  if (address === null || !/^[A-Z0-9_]+$/.test(service)) return null;
  if (bits > (address.family === 4 ? 32 : 128)) return null;
  const row: RangeRow = { ...address, bits, service };
  const isBlock = address.words.every((word, i) => {
    const hostBits = Math.max(0, Math.min(32, (i + 1) * 32 - bits));
    return hostBits === 0 || word % 2 ** hostBits === 0;
  });
  return isBlock ? row : null;
}
