/**
 * Whether a round lost or doubled anything.
 *
 * In:    what agents told, and every record of the destination. Out: what is wrong, in words; empty where all is right.
 * Holds: a record of a closed window is there once, or its interface and window have a SKIPDATA record. A window in which
 *        its agent was killed may be there in part, no record twice.
 */
import type { Told } from './agent.ts';
import { INTERFACES, packetsOf } from './agent.ts';

export type AgentStory = {
  readonly agent: number;
  /** Windows that it said were closed. */
  readonly closed: ReadonlySet<number>;
  /** Windows in which it was killed. */
  readonly inFlight: ReadonlySet<number>;
  readonly ends: readonly Extract<Told, { ended: true }>[];
};

/** `windows`: of interfaces, in the ledger; `cut`: those in which an agent was killed. */
export type Figures = {
  records: number;
  skipData: number;
  lostRecords: number;
  lostPackets: number;
  windows: number;
  cut: number;
};

/** Compares; adds to the figures. `missing` are packets that are in no record, by interface and window. */
export function verify(
  stories: readonly AgentStory[],
  lines: readonly string[],
  round: { readonly flows: number; readonly firstSeconds: number; readonly mayLose: boolean },
  figures: Figures,
): { readonly wrong: string[]; readonly missing: ReadonlyMap<string, number> } {
  const { flows, firstSeconds } = round;
  const wrong: string[] = [];
  const seen = new Map<string, number>();
  const skipped = new Set<string>();
  for (const line of lines) {
    const [eni, address, packets, start, , status] = line.split(' ');
    const window = (Number(start) - firstSeconds) / 60;
    if (status === 'SKIPDATA') {
      figures.skipData++;
      skipped.add(`${eni} ${window}`);
      continue;
    }
    const number = address!.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    const key = `${(number >>> 20) & 15} ${(number >>> 12) & 255} ${number & 4095}`;
    const n = number & 4095;
    if (((number >>> 12) & 255) !== window || Number(packets) !== packetsOf(n) || eni !== INTERFACES[1 + (n % 2)])
      wrong.push(`a record is not what was sent: ${line}`);
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  figures.records += seen.size;
  for (const [key, times] of seen) if (times > 1) wrong.push(`record ${key} is there ${times} times`);
  let [missing, missingPackets] = [0, 0];
  const mayMiss = new Map<string, number>();
  for (const { agent, closed, inFlight } of stories) {
    for (const window of closed)
      for (let n = 0; n < flows; n++) {
        if (seen.has(`${agent} ${window} ${n}`)) continue;
        missing++;
        missingPackets += packetsOf(n);
        const where = `${INTERFACES[1 + (n % 2)]} ${window}`;
        mayMiss.set(where, (mayMiss.get(where) ?? 0) + packetsOf(n));
        if (!skipped.has(where)) wrong.push(`record ${agent} ${window} ${n} is nowhere, and no SKIPDATA tells of it`);
      }
    for (const key of seen.keys()) {
      const [of, window] = key.split(' ').map(Number);
      if (of === agent && !closed.has(window!) && !inFlight.has(window!)) wrong.push(`record ${key} was never sent`);
    }
  }
  for (const where of skipped) if (!mayMiss.has(where)) wrong.push(`SKIPDATA of ${where}, where nothing is lost`);
  if (!round.mayLose && skipped.size > 0) wrong.push('SKIPDATA in a round that may lose nothing');
  const ends = stories.flatMap((story) => story.ends);
  const told = ends.reduce((sum, { lostPackets }) => sum + lostPackets, 0);
  const dropped = ends.reduce((sum, { lost }) => sum + (lost['spool-full'] ?? 0), 0);
  if (told !== missingPackets) wrong.push(`${missingPackets} packets are lost, SKIPDATA tells of ${told}`);
  if (dropped !== missing) wrong.push(`${missing} records are lost, ${dropped} are counted`);
  for (const { lost } of ends)
    for (const cause of Object.keys(lost)) if (cause !== 'spool-full') wrong.push(`lost as ${cause}`);
  figures.lostRecords += missing;
  figures.lostPackets += missingPackets;
  return { wrong, missing: mayMiss };
}
