/**
 * What the kernel counted, as the records that are made of it.
 *
 * In:    generations, the network and the numbers of its decisions. Out: packets and bytes in records, by interface, direction, action,
 *        stage, rule, family and five-tuple, as text.
 * Holds: the way is that of a collector: windows of 60 s, the printer, text.
 */
import assert from 'node:assert/strict';
import { createPrintSide } from '../../src/app/collector/print-side.ts';
import { flowLogParts } from '../../src/app/collector/assignment.ts';
import { optionFlowLog } from '../../src/app/collector/option-flow-log.ts';
import { Aggregator } from '../../src/collect/aggregate/aggregator.ts';
import { windowStart } from '../../src/collect/aggregate/window.ts';
import type { Ended } from '../../src/collect/kernel/kernel-source.ts';
import { flowBatchBytes } from '../../src/model/batch.ts';
import type { DecisionTable } from '../../src/network/verdict/decisions.ts';
import type { VpcSnapshot } from '../../src/network/vpc/snapshot.ts';
import { builtInRanges } from '../../src/record/service-names.ts';
import { createTextBlock } from '../../src/record/text-block.ts';

const FIELDS = [
  'interface-id flow-direction action x-verdict-stage x-rule-id protocol pkt-srcaddr pkt-dstaddr srcport dstport packets bytes',
  'log-status x-verdict-source',
]
  .join(' ')
  .split(' ');

export type RecordSums = {
  readonly sums: Map<string, [number, number]>;
  /** Interfaces with a SKIPDATA record. */
  readonly skipped: ReadonlySet<string>;
  /** Interfaces of flows that went on for a second and more behind their window, for a generation was late with its end. */
  readonly late: ReadonlySet<string>;
};

/** Sums of all records that are made of generations. */
export function sumRecords(
  ended: readonly Ended[],
  network: VpcSnapshot,
  decisions: DecisionTable,
  fromMicros: number,
): RecordSums {
  const format = FIELDS.map((field) => `\${${field}}`).join(' ');
  const options = {
    format,
    intervalSeconds: 60,
    traffic: 'ALL',
    fileFormat: 'plain-text',
    hive: false,
    hourly: false,
  } as const;
  const snapshot = { ...network, flowLogs: [optionFlowLog(options, network)] };
  const block = createTextBlock();
  const side = createPrintSide(snapshot, flowLogParts(snapshot, true), builtInRanges(), {
    block: () => block,
    printed: () => {},
    closed: () => {},
    end: () => {},
  });
  const interfaces = snapshot.interfaces.slice(1).map(({ number }) => number);
  const aggregator = new Aggregator({
    intervalSeconds: 60,
    interfaces,
    decisions,
    live: true,
    maxFlows: 1_000_000,
    startedMicros: fromMicros,
  });
  const late = new Set<string>();
  let spanFrom = fromMicros;
  for (const { rows, lost, endMicros, untilMicros, errorMicros } of ended) {
    const span = { fromMicros: spanFrom, toMicros: endMicros };
    aggregator.addFlows({ rows, lost, span, untilMicros, errorMicros, incomplete: [] });
    spanFrom = endMicros;
    for (let row = 0; row < rows.rows; row++)
      if (windowStart(rows.lastMicros[row]! - 1e6, 60) > windowStart(rows.firstMicros[row]!, 60))
        late.add(network.interfaces[decisions.list[rows.decision[row]!]!.interface]!.id);
  }
  aggregator.end(spanFrom);
  let told = 1;
  while (aggregator.waiting) {
    const batch = aggregator.take(new ArrayBuffer(flowBatchBytes()), 1)!;
    void side.flows(batch, told, decisions.list.slice(told));
    told = decisions.list.length;
  }
  const sums = new Map<string, [number, number]>();
  const skipped = new Set<string>();
  for (const line of new TextDecoder().decode(block.bytes.subarray(0, block.length)).trimEnd().split('\n')) {
    const values = line.split(' ');
    const [
      at,
      direction,
      action,
      stage,
      rule,
      protocol,
      source = '',
      destination,
      from,
      to,
      packets,
      bytes,
      status,
      by,
    ] = values;
    if (status === 'SKIPDATA') skipped.add(at!);
    if (status !== 'OK') continue;
    assert.equal(by, 'kernel', line);
    const family = source.includes(':') ? 6 : 4;
    // Groups are not asked there, and a record says no stage.
    const judged = stage === '-' ? 'not-judged' : stage;
    const key = [at, direction, action, judged, rule, family, protocol, source, destination, from, to].join(' ');
    const [n, size] = sums.get(key) ?? [0, 0];
    sums.set(key, [n + Number(packets), size + Number(bytes)]);
  }
  return { sums, skipped, late };
}
