/**
 * How the agents of other hosts stand: what each told last.
 *
 * In:    reports. Out: a list for metrics and `status`, kept as a file that other processes may read.
 * Holds: it is a look: `heardMillis` says of when. The file is replaced whole, at most once a second, and read at the next start. Only
 *        hosts that have a key are kept.
 * Fails: never: where the disk is full the older file stays.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentReport } from '../../api/agents.ts';
import { SILENT_SECONDS } from '../../api/agents.ts';
import { readReport } from './read-report.ts';

/** Of one host. */
export type AgentStanding = {
  readonly host: string;
  readonly heardMillis: number;
  /** Whether it follows the newest assignment, as far as that was told by then. */
  readonly isCurrent: boolean;
  readonly report: AgentReport;
};

export type AgentStandings = {
  /** By name of the host. */
  list(): readonly AgentStanding[];
  told(standing: AgentStanding): void;
  /** Forgets hosts that are not among these. */
  keepOnly(hosts: ReadonlySet<string>): void;
  /** Writes what is not written yet. */
  end(): void;
};

const FILE = 'agents.json';
const APART_MILLIS = 1000;

/** Opens those of a directory. */
export function openAgentStandings(directory: string): AgentStandings {
  const known = new Map(readAgentStandings(directory).map((one) => [one.host, one]));
  let timer: NodeJS.Timeout | null = null;
  const list = (): AgentStanding[] => [...known.values()].toSorted((a, b) => (a.host < b.host ? -1 : 1));
  const write = (): void => {
    timer = null;
    const path = join(directory, FILE);
    try {
      writeFileSync(`${path}.new`, JSON.stringify({ format: 1, agents: list() }), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch {
      // The next report tries again.
    }
  };
  const changed = (): void => {
    timer ??= setTimeout(write, APART_MILLIS).unref();
  };
  return {
    list,
    told(standing) {
      known.set(standing.host, standing);
      changed();
    },
    keepOnly(hosts) {
      for (const host of known.keys())
        if (!hosts.has(host)) {
          known.delete(host);
          changed();
        }
    },
    end() {
      if (timer === null) return;
      clearTimeout(timer);
      write();
    },
  };
}

/** What is in the file of a directory; nothing where there is none that can be read. */
export function readAgentStandings(directory: string): readonly AgentStanding[] {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(join(directory, FILE), 'utf8'));
  } catch {
    return [];
  }
  const { format, agents } = json as { format?: unknown; agents?: unknown };
  if (format !== 1 || !Array.isArray(agents)) return [];
  return agents.flatMap((one: Partial<AgentStanding>): AgentStanding[] => {
    const report = readReport(one.report);
    if (report === null || typeof one.host !== 'string' || typeof one.heardMillis !== 'number') return [];
    return [{ host: one.host, heardMillis: one.heardMillis, isCurrent: one.isCurrent === true, report }];
  });
}

/** What is wrong with an agent: reasons of its own health, `silent`, `not-followed` and devices that are missing; empty: nothing. */
export function wrongWith({ heardMillis, isCurrent, report }: AgentStanding, nowMillis: number): readonly string[] {
  if (nowMillis - heardMillis > SILENT_SECONDS * 1000) return ['silent'];
  const { status, reasons } = report.health;
  return [
    ...(status === 'starting' ? ['starting'] : []),
    ...reasons.map(({ reason, about, code }) => [reason, about, code].filter(Boolean).join(' ')),
    ...(isCurrent ? [] : ['not-followed']),
    ...report.devices.filter(({ present }) => !present).map(({ device }) => `no device ${device}`),
  ];
}
