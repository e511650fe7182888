/**
 * The flow log that the options of `capture` describe, where the model brings none.
 *
 * In:    options. Out: a flow log whose id is derived from them, so that the same options give the same names anywhere.
 * Fails: never; the format is parsed by whoever prints it.
 */
import type { FileFormat, FlowLog, VpcSnapshot } from '../../network/vpc/snapshot.ts';

export type FlowLogOptions = {
  readonly format: string;
  readonly intervalSeconds: 60 | 600;
  readonly traffic: FlowLog['traffic'];
  readonly fileFormat: FileFormat;
  readonly hive: boolean;
  readonly hourly: boolean;
};

/** An id of AWS's shape: prefix and 17 hex digits, derived from words. */
export function derivedId(prefix: string, ...words: readonly string[]): string {
  // Loaded here: it takes 5 ms, and who prints to stdout needs no id.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return `${prefix}-${createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 17)}`;
}

/** The id of a flow log whose name nobody sees. */
const NAMELESS = 'fl-00000000000000000';

/**
 * One flow log over all interfaces of a snapshot.
 *
 * @param isNamed  false where its id stands in no name
 */
export function optionFlowLog(options: FlowLogOptions, snapshot: VpcSnapshot, isNamed: boolean = true): FlowLog {
  const interfaces = snapshot.interfaces.slice(1);
  const [first] = interfaces;
  const { format, intervalSeconds, traffic, fileFormat, hive, hourly } = options;
  return {
    id: isNamed
      ? derivedId('fl', format, String(intervalSeconds), traffic, fileFormat, String(hive), String(hourly))
      : NAMELESS,
    accountId: first?.accountId ?? '000000000000',
    region: first?.region ?? 'us-east-1',
    resourceId: first?.vpcId ?? first?.id ?? '',
    interfaces: interfaces.map(({ number }) => number),
    tagKeys: [],
    traffic,
    intervalSeconds,
    format,
    destination: { type: 's3', bucket: 'local', prefix: '', fileFormat, hive, hourly },
    tags: {},
    createdSeconds: null,
  };
}
