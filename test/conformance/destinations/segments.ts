/**
 * Sealed segments for the suite: records of several interfaces, in a spool that stays.
 *
 * In:    a flow log, and how many records. Out: its segments as destinations take them, and the lines in them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure } from '../../../src/model/errors.ts';
import type { DestinationSpec, FlowLog } from '../../../src/network/vpc/snapshot.ts';
import type { Publisher } from '../../../src/publish/publisher.ts';
import { openPublisher } from '../../../src/publish/publisher.ts';
import type { SealedSegment } from '../../../src/publish/destination.ts';
import { DEFAULT_FORMAT } from '../../../src/record/format.ts';
import { reserve } from '../../../src/record/text-block.ts';

/** A flow log to somewhere. */
export function flowLogTo(destination: DestinationSpec, format: string = DEFAULT_FORMAT): FlowLog {
  return {
    id: 'fl-0123456789abcdef0',
    accountId: '123456789012',
    region: 'us-east-1',
    resourceId: 'vpc-1',
    interfaces: [1],
    tagKeys: [],
    traffic: 'ALL',
    intervalSeconds: 60,
    format,
    destination,
    tags: {},
    createdSeconds: null,
  };
}

export const INTERFACES = ['eni-0123456789abcdef0', 'eni-0123456789abcdef1', 'eni-0123456789abcdef2'];

/** Record `n` of a slot: no two are the same. Times go back and forth. */
export function recordOf(n: number, slotSeconds: number): string {
  const end = slotSeconds + ((n * 37) % 300);
  const address = `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
  return `2 123456789012 ${INTERFACES[n % 3]} ${address} 192.0.2.9 ${1024 + (n % 50_000)} 443 6 ${n + 1} ${(n + 1) * 60} ${end - 5} ${end} ACCEPT OK`;
}

/** Prints records `[from, to)` of a slot, by interface where a flow log has streams. */
export function printRecords(publisher: Publisher, flowLog: FlowLog, slot: number, from: number, to: number): string[] {
  const lines: string[] = [];
  for (let n = from; n < to; n++) {
    const line = recordOf(n, slot);
    const stream = flowLog.destination.type === 'cloud-watch-logs' ? INTERFACES[n % 3]! : '';
    const block = publisher.block(0, slot, stream);
    const bytes = Buffer.from(`${line}\n`);
    reserve(block, bytes.length).set(bytes, block.length);
    block.length += bytes.length;
    block.records++;
    block.packets += 2;
    lines.push(line);
  }
  return lines;
}

export type Sealed = {
  readonly segments: SealedSegment[];
  readonly lines: readonly string[];
  readonly remove: () => void;
};

/** Segments of one slot with `count` records. */
export async function sealed(flowLog: FlowLog, slot: number, count: number, from = 0): Promise<Sealed> {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-sealed-'));
  const segments: SealedSegment[] = [];
  const publisher = await openPublisher({
    flowLogs: [flowLog],
    hostId: `host-${from}`,
    spoolDir: directory,
    threads: 1,
    destinationOf: () => ({
      name: 'nowhere',
      check: () => Promise.resolve(null),
      deliver(segment) {
        segments.push(segment);
        return Promise.reject(failure('FG_AWS_UNREACHABLE', 'nowhere', 'nowhere', 'not yet'));
      },
    }),
  });
  const lines = printRecords(publisher, flowLog, slot, from, from + count);
  await publisher.close().catch(() => {});
  const once = [...new Map(segments.map((segment) => [segment.id, segment])).values()];
  return { segments: once, lines, remove: () => rmSync(directory, { recursive: true }) };
}
