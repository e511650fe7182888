/**
 * Formats that lines without header may have, told by what stands at each position.
 *
 * In:    the first lines of a text. Out: the one format that they can only have, or why there is none.
 * Holds: only orders that AWS itself writes are looked for: the default format, all fields up to a version in the order of
 *        AWS's table or of its console, and the fields of transit gateways. A version stands where the format has one and is
 *        the format's. Any format but the default needs a line of traffic: dashes fit everywhere.
 * Fails: never. Where several formats fit, or none does, nothing is guessed.
 */
import { isIP } from 'node:net';
import { DEFAULT_FORMAT, allFields, formatText, parseLogFormat, transitGatewayFields } from '../../../record/format.ts';
import type { LogFormat } from '../../../record/format.ts';

export type Recognised =
  | { readonly format: LogFormat }
  /** `fields`: of most lines. `isRecord`: they look like records of some format. */
  | { readonly format: null; readonly fields: number; readonly fitting: number; readonly isRecord: boolean };

/** By count of fields. */
let known: ReadonlyMap<number, readonly LogFormat[]> | null = null;

function knownFormats(): ReadonlyMap<number, readonly LogFormat[]> {
  if (known !== null) return known;
  const formats = [parseLogFormat(DEFAULT_FORMAT)];
  for (const version of [3, 4, 5, 7, 8, 9, 10, 11]) {
    formats.push(allFields(version, 'aws'), allFields(version, 'alphabetical'));
  }
  const gateway = transitGatewayFields();
  formats.push(gateway, parseLogFormat(formatText(gateway.fields.map(({ name }) => name).sort())));
  const byCount = new Map<number, LogFormat[]>();
  for (const format of new Map(formats.map((each) => [each.text, each])).values()) {
    const { length } = format.fields;
    byCount.set(length, [...(byCount.get(length) ?? []), format]);
  }
  known = byCount;
  return byCount;
}

/** The format of lines without header, of which the last may not be cut. */
export function recogniseFormat(lines: readonly string[]): Recognised {
  const records = lines.filter((line) => line.trim() !== '').map((line) => line.split(' '));
  const formats = [...new Set(records.map(({ length }) => length))].flatMap((count) => knownFormats().get(count) ?? []);
  const fitting = formats.filter((format) => isFormatOf(format, records));
  if (fitting.length === 1) return { format: fitting[0]! };
  const isRecord = records.filter(looksLikeRecord).length * 2 > records.length;
  return { format: null, fields: mostOften(records.map(({ length }) => length)), fitting: fitting.length, isRecord };
}

/** Whether most of the lines can be records of a format, and, but for the default, one tells of traffic. */
function isFormatOf(format: LogFormat, records: readonly (readonly string[])[]): boolean {
  const fits = records.filter((values) => fit(format, values));
  if (fits.length * 2 <= records.length) return false;
  const at = format.fields.findIndex(({ name }) => name === 'srcaddr');
  return format.text === DEFAULT_FORMAT || fits.some((values) => values[at] !== '-');
}

function fit(format: LogFormat, values: readonly string[]): boolean {
  const { fields } = format;
  if (values.length !== fields.length) return false;
  const numbers = new Map<string, number>();
  for (const [at, { name, column }] of fields.entries()) {
    const value = values[at]!;
    if (name === 'version' ? value !== String(format.version) : !mayStand(name, column, value)) return false;
    if (column === 'BIGINT' && value !== '-') numbers.set(name, Number(value));
  }
  if (format.text === DEFAULT_FORMAT) return true;
  const [packets = 0, bytes = packets, start = 0, end = start] = ['packets', 'bytes', 'start', 'end'].map((name) =>
    numbers.get(name),
  );
  return bytes >= packets && end >= start;
}

const ALWAYS: readonly string[] = ['account-id', 'start', 'end', 'log-status'];
const SHAPES: readonly (readonly [RegExp, RegExp])[] = [
  [/account-id$/, /^(?:\d{10,12}|unknown)$/],
  [/^(?:next-hop-)?interface-id$|-eni$/, /^eni-[0-9a-f]+$/],
  [/vpc-id$/, /^vpc-[0-9a-f]+$/],
  [/subnet-id$/, /^subnet-[0-9a-f]+$/],
  [/^instance-id$/, /^i-[0-9a-f]+$/],
  [/^tgw-id$/, /^tgw-[0-9a-f]+$/],
  [/attachment-id$/, /^tgw-attach-[0-9a-f]+$/],
  [/az-id$/, /^[a-z]+\d+-[a-z]+\d+(?:-[a-z]+\d+)?$/],
  [/^region$/, /^[a-z]+(?:-[a-z]+)+-\d+$/],
  [/^action$/, /^(?:ACCEPT|REJECT)$/],
  [/^log-status$/, /^(?:OK|NODATA|SKIPDATA)$/],
  [/^type$/, /^(?:IPv4|IPv6|EFA)$/],
  [/^flow-direction$/, /^(?:ingress|egress)$/],
  [/^sublocation-type$/, /^(?:wavelength|outpost|localzone)$/],
  [/^(?:start|end)$/, /^\d{9,13}$/],
  [/arn$/, /^arn:/],
  [/^resource-type$/, /^TransitGateway(?:Attachment)?$/],
  [/aws-service$/, /^[A-Z][A-Z0-9_]+$/],
];
const HIGHEST: Readonly<Record<string, number>> = {
  srcport: 65_535,
  dstport: 65_535,
  protocol: 255,
  'tcp-flags': 255,
  'traffic-path': 8,
  'encryption-status': 3,
};

function mayStand(name: string, column: string, value: string): boolean {
  if (value === '-') return !ALWAYS.includes(name);
  if (name.endsWith('addr')) return isIP(value) !== 0;
  if (column !== 'VARCHAR' && !/^\d{1,19}$/.test(value)) return false;
  const highest = HIGHEST[name];
  if (highest !== undefined) return Number(value) <= highest;
  const shape = SHAPES.find(([names]) => names.test(name));
  return shape === undefined || shape[1].test(value);
}

/** Whether a line of whatever format has what records are made of. */
function looksLikeRecord(values: readonly string[]): boolean {
  if (values.length < 2) return false;
  const telling = values.filter(
    (value) =>
      /^(?:(?:eni|vpc|subnet|tgw-attach)-[0-9a-f]+|ACCEPT|REJECT|NODATA|SKIPDATA)$/.test(value) || isIP(value) !== 0,
  );
  return telling.length >= 2;
}

function mostOften(counts: readonly number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  return [...times].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
}
