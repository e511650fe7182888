/**
 * What the processes of `up` take of this machine, as Linux tells it.
 *
 * In:    a process. Out: its processor time and memory.
 * Holds: null for one that has gone, or where there is no `/proc`: then nothing is said of it.
 */
import { readFileSync } from 'node:fs';

export type ProcessUse = { readonly cpuSeconds: number; readonly residentBytes: number };

/** Ticks of `/proc` in a second, on every Linux that Node runs on. */
const TICKS = 100;

/** Of one process. */
export function processUse(pid: number): ProcessUse | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])];
    const resident = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return { cpuSeconds: (userTicks + systemTicks) / TICKS, residentBytes: Number(resident?.[1] ?? 0) * 1024 };
  } catch {
    return null;
  }
}

/** Pids of the children of a process. */
export function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
