/**
 * The question of the screen *Diagnose*: as it stands in the address, as it is typed, as the server takes it.
 *
 * In:    texts. Out: a request, or what is wrong with which field.
 * Holds: what is asked stands in the address whole, so that a link shows the same answer. Times are UTC.
 */
import type { EndsRequest } from '../../../../src/api/explain-routes.ts';
import { timeText } from '../../format.ts';

/** What is typed. */
export type EndsForm = {
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly port: string;
  /** Ports that replies go to: `40000`, `1024-65535`; empty: those that Linux takes. */
  readonly sport: string;
  /** `2026-11-30 12:04:05`, or seconds since 1970; empty: now. */
  readonly at: string;
};

export type FormFaults = Partial<Record<keyof EndsForm, string>>;

export const PROTOCOLS = ['tcp', 'udp', 'icmp', 'icmpv6'] as const;

const PORT = /^\d{1,5}$/u;
const hasPorts = (protocol: string): boolean =>
  protocol === 'tcp' || protocol === 'udp' || protocol === '6' || protocol === '17';

/** The port that is written behind an address: `10.0.1.10:443`, `[2001:db8::1]:443`. */
const portBehind = (end: string): boolean => /^(?:\[[^\]]+\]|[^:]+):\d{1,5}$/u.test(end);

/** Seconds since 1970 of a time; null: it is none. */
export function secondsOf(text: string): number | null {
  const given = text.trim();
  if (/^\d{9,11}(?:\.\d{1,6})?$/u.test(given)) return Number(given);
  const [, date, time = '00:00:00'] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?))?(?:Z| UTC)?$/u.exec(given) ?? [];
  const millis = date === undefined ? Number.NaN : Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`);
  // The 31st of a month with 30 days is read as the 1st of the next.
  return Number.isNaN(millis) || !new Date(millis).toISOString().startsWith(date!) ? null : millis / 1000;
}

/** A time of an address as people read it. */
export const atShown = (at: string): string => (/^\d{9,11}$/u.test(at) ? timeText(Number(at)) : at);

/** What is wrong, by field; empty where it can be asked. */
export function faultsOf({ source, destination, protocol, port, sport, at }: EndsForm): FormFaults {
  const faults: { -readonly [field in keyof EndsForm]?: string } = {};
  if (source.trim() === '')
    faults.source = 'Say who begins: an address, an interface, an instance, a subnet, a block or internet.';
  if (destination.trim() === '') faults.destination = 'Say who is talked to.';
  if (!/^(?:tcp|udp|icmp|icmpv6|\d{1,3})$/u.test(protocol) || Number(protocol) > 255)
    faults.protocol = 'Give tcp, udp, icmp, icmpv6 or a number up to 255.';
  if (hasPorts(protocol)) {
    const given = port.trim();
    if (given === '' && !portBehind(destination.trim())) faults.port = `${protocol} needs the port that is talked to.`;
    if (given !== '' && !(PORT.test(given) && Number(given) <= 65_535)) faults.port = 'A port is a number up to 65535.';
    if (sport.trim() !== '' && rangeOf(sport) === null) faults.sport = 'Give a port, or two as 1024-65535.';
  } else if (port.trim() !== '') faults.port = `${protocol} has no ports; leave it empty.`;
  if (at.trim() !== '' && secondsOf(at) === null) faults.at = 'Give a time such as 2026-11-30 12:04:05 (UTC).';
  return faults;
}

function rangeOf(text: string): readonly [number, number] | null {
  const [, from = '', to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/u.exec(text.trim()) ?? [];
  const range = [Number(from), Number(to)] as const;
  return from !== '' && range[0] <= range[1] && range[1] <= 65_535 ? range : null;
}

/** The request; null where it cannot be asked. */
export function requestOf(form: EndsForm): EndsRequest | null {
  if (Object.keys(faultsOf(form)).length > 0) return null;
  const { source, destination, protocol, port, sport, at } = form;
  return {
    from: source.trim(),
    to: destination.trim(),
    protocol,
    port: hasPorts(protocol) && port.trim() !== '' ? Number(port) : null,
    sourcePorts: hasPorts(protocol) && sport.trim() !== '' ? rangeOf(sport) : null,
    at: at.trim() === '' ? null : secondsOf(at),
    evidence: true,
  };
}
