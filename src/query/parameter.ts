/**
 * What a parameter of a saved query takes.
 *
 * In:    a text, as from `--param port=22`. Out: the value that is bound.
 * Holds: a value is a text without quotes or a whole number, so that an engine without bound values may write it down.
 * Fails: FG_PARAMETER_VALUE, saying what would do.
 */

import { isIP } from 'node:net';

import { failure } from '../model/errors.ts';

/**
 * `ports` is numbers and ranges with commas between, bound as numbers with commas. `network` and `port` may be `any`
 * where that is their default. `duration` and `instant` are bound as seconds.
 */
export type ParameterType = 'address' | 'network' | 'count' | 'port' | 'ports' | 'duration' | 'instant' | 'hour';

export type Parameter = {
  readonly type: ParameterType;
  readonly meaning: string;
  /** Text of the value when none is given; null: it must be given. */
  readonly default: string | null;
};

/** Bound for `any` port. */
export const ANY_PORT = -1n;

const WANTED: Readonly<Record<ParameterType, string>> = {
  address: 'an IPv4 or IPv6 address, such as 10.0.1.5',
  network: 'a network, such as 10.0.0.0/8 or 2001:db8::/32',
  count: 'a number, such as 50',
  port: 'a port, such as 22',
  ports: 'ports with commas between, such as 22,3389,8000-8003',
  duration: 'a number with s, m, h or d, such as 5m',
  instant: 'a time in UTC, such as 2026-11-23T12:00:00Z or 2026-11-23',
  hour: 'an hour from 0 to 24',
};

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Reads the value of a parameter. */
export function readParameter(name: string, parameter: Parameter, given: string): string | bigint {
  const text = given.trim();
  const anyAllowed = parameter.default === 'any';
  if (anyAllowed && text.toLowerCase() === 'any') return parameter.type === 'port' ? ANY_PORT : 'any';
  const value = READERS[parameter.type](text);
  if (value !== null) return value;
  throw failure('FG_PARAMETER_VALUE', name, given, `${WANTED[parameter.type]}${anyAllowed ? ', or any' : ''}`);
}

/** Null where the text is no such value. */
const READERS: Readonly<Record<ParameterType, (text: string) => string | bigint | null>> = {
  address,
  network,
  count: (text) => (/^\d{1,15}$/.test(text) ? BigInt(text) : null),
  port: (text) => (isPort(text) ? BigInt(text) : null),
  ports,
  duration(text) {
    const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
    const seconds = Number(number) * (UNITS[unit] ?? 0);
    return seconds > 0 ? BigInt(seconds) : null;
  },
  instant(text) {
    if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(text)) return null;
    const at = Date.parse(text);
    // A 31st of a month with 30 days is the 1st to Date.
    return Number.isNaN(at) || !new Date(at).toISOString().startsWith(text.slice(0, 10)) ? null : BigInt(at / 1000);
  },
  hour: (text) => (/^\d{1,2}$/.test(text) && Number(text) <= 24 ? BigInt(text) : null),
};

/** IPv6 in the spelling of records, which is the short one. */
function address(text: string): string | null {
  const family = isIP(text);
  if (family === 0 || text.includes('%')) return null;
  return family === 4 || text.includes('.') ? text.toLowerCase() : new URL(`http://[${text}]`).hostname.slice(1, -1);
}

function network(text: string): string | null {
  const [address = '', bits, more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || more !== undefined) return null;
  const most = family === 4 ? 32 : 128;
  if (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > most)) return null;
  return `${address.toLowerCase()}/${Number(bits ?? most)}`;
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

/** Ranges are written out: engines differ in how they would be compared. */
function ports(text: string): string | null {
  const all: number[] = [];
  for (const part of text.split(',')) {
    const [low = '', high = low, more] = part.split('-').map((port) => port.trim());
    if (!isPort(low) || !isPort(high) || more !== undefined || Number(low) > Number(high)) return null;
    for (let port = Number(low); port <= Number(high); port++) all.push(port);
  }
  return all.join(',');
}
