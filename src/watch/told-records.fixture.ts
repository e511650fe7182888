/**
 * Test records of detections as a file of records, and what detections find in it.
 *
 * In:    records by column. Out: names of the detections that tell something, with their findings.
 * Holds: the same records can be had with IPv6 addresses in place of their IPv4 ones, and with the fields of the default format alone.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DetectReport, Finding } from '../api/findings.ts';
import { openFlowTable } from '../lake/read/flow-table.ts';
import { compileSnapshot, readModel } from '../network/vpc/model.ts';
import { openPlace } from '../query/ask.ts';
import type { ModelHistory } from '../storage/state/open-model.ts';
import { askTable } from './ask-table.ts';
import { valuesOf } from './choose.ts';
import { detect } from './detect.ts';
import type { DetectOptions } from './detect.ts';
import type { Detection, RuleDetection, TestRecord } from './detection.ts';

/** Noon of a Monday: second 0 of test records. */
export const NOON = Date.UTC(2026, 10, 23, 12) / 1000;

const FIELDS =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags flow-direction'.split(
    ' ',
  );
const DEFAULT_FIELDS = FIELDS.slice(0, 14);
const USUAL: TestRecord = { version: 5, account_id: '123456789012', log_status: 'OK' };

export type Told = 'four' | 'six' | 'default format';

/** Records as lines of text, the header first. */
export function recordLines(records: readonly TestRecord[], told: Told): readonly string[] {
  const own = told === 'default format' ? DEFAULT_FIELDS : FIELDS;
  const fields = records.some((record) => 'x_case' in record) ? [...own, 'x-case'] : own;
  const lines = records.map((record) => {
    const whole = {
      ...USUAL,
      ...record,
      start: NOON + Math.floor(Number(record['start'])),
      end: NOON + Math.floor(Number(record['end'])),
    };
    return fields.map((field) => valueOf(whole, field.replaceAll('-', '_'), told)).join(' ');
  });
  return [fields.join(' '), ...lines];
}

/** Writes records into a file, which is given back. */
export function writeRecords(directory: string, records: readonly TestRecord[], told: Told): string {
  const path = join(directory, 'records.log');
  writeFileSync(path, `${recordLines(records, told).join('\n')}\n`);
  return path;
}

function valueOf(record: TestRecord, column: string, told: Told): string {
  const value = String(record[column] ?? '-');
  if (told !== 'six') return value;
  if (column === 'srcaddr' || column === 'dstaddr') return asSix(value);
  // ICMP is another protocol there.
  return column === 'protocol' && value === '1' ? '58' : value;
}

/** An IPv6 address for an IPv4 one: private ones in one VPC's block, that of eni-a as its network has it. */
export function asSix(address: string): string {
  if (!address.includes('.')) return address;
  if (address === '10.0.1.5') return '2001:db8:1::5';
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const low = (c * 256 + d).toString(16);
  return a === 10
    ? `2600:1f18:4a:7${b.toString(16).padStart(2, '0')}::${low}`
    : `2a0e:${(a * 256 + b).toString(16)}:${c.toString(16)}::${d.toString(16)}`;
}

/** A network over time, by the second from which each of its states holds. */
export function historyOf(network: RuleDetection['network']): ModelHistory {
  const snapshots = network.map(([from, json], at) => {
    const micros = (NOON + from) * 1e6;
    return {
      micros,
      snapshot: compileSnapshot(readModel([{ name: 'model', json }]), { version: at + 1, atMicros: micros }),
    };
  });
  return {
    at: (micros) => (snapshots.findLast((one) => one.micros <= micros) ?? snapshots[0]!).snapshot,
    versions: (from, to) => snapshots.map(({ micros }) => micros).filter((micros) => micros >= from && micros < to),
    learnedLate: () => [],
    lives: () => [],
    close() {},
  };
}

/** Detects in records. */
export async function detectIn(
  directory: string,
  records: readonly TestRecord[],
  told: Told,
  options: DetectOptions,
): Promise<DetectReport> {
  return (await detect(writeRecords(directory, records, told), options)).report;
}

/** Many cases of records, loaded at once: a table for each costs more than all questions. */
export type Cases = {
  /** What a detection finds in a case. */
  found(name: string, detection: Detection): Promise<readonly Finding[]>;
  close(): Promise<void>;
};

/** Loads cases, by name. */
export async function loadCases(
  directory: string,
  cases: ReadonlyMap<string, readonly TestRecord[]>,
  told: Told,
): Promise<Cases> {
  const all = [...cases].flatMap(([name, records]) => records.map((record) => ({ ...record, x_case: name })));
  const from = writeRecords(directory, all, told);
  const { signal } = new AbortController();
  const { source, reading } = await openPlace(from, {});
  const table = await openFlowTable(source, signal, [], reading);
  await table.define(null);
  await table.load(signal, () => {});
  return {
    async found(name, detection) {
      // Of two tables of one name the temporary one is meant.
      await table.duck.run(
        `CREATE OR REPLACE TEMP VIEW flow_logs AS SELECT * EXCLUDE (x_case) FROM memory.main.flow_logs WHERE x_case = '${name}'`,
      );
      const wanted = new Map([[detection, valuesOf(detection, {})]]);
      const question = { wanted, from, options: {}, network: null, stored: null, also: [], signal };
      const { findings } = await askTable(table, question);
      return findings;
    },
    close: () => table.close(),
  };
}
