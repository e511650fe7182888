/**
 * Sends the traffic of a scenario: a process in the router of the lab.
 *
 * In:    data directory, seed, seconds and uses per second as words. Out: a line of JSON a second, and one at the end, on stdout.
 * Holds: what is sent when is the seed's alone. Ctrl-C ends it with the sum of what was sent; it ends by itself when its time
 *        is over and each client has ended, which on a busy machine may be minutes later. What did not end is told.
 * Fails: exit 1 with the reason on stderr.
 */
import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import { openState, statePath } from '../../storage/state/state-file.ts';
import { labSnapshot } from './lab-snapshot.ts';
import type { Plan } from './plan.ts';
import { planLab } from './plan.ts';
import type { Exchange } from './scenario.ts';
import { SCENARIOS } from './scenarios/list.ts';
import { scheduleOf } from './schedule.ts';
import { Senders } from './senders.ts';
import { readLabFile } from './make-scenario.ts';

/** What was sent of one exchange. */
export type Tally = Pick<Exchange, 'kind' | 'from' | 'to' | 'family' | 'port' | 'hostile' | 'expect'> & {
  sent: number;
  answered: number;
  /** Of those sent: nobody knows what became of them, and whether they were sent. */
  unfinished: number;
};

/** A line of its output. */
export type TrafficEvent =
  | { readonly is: 'going'; readonly second: number; readonly sent: number; readonly answered: number }
  | { readonly is: 'done'; readonly stopped: boolean; readonly tallies: readonly Tally[] };

const SEND = fileURLToPath(new URL('send.ts', import.meta.url));
/** Every client ends by itself within seconds of processor time; who takes so long is stuck. */
const LAST_ANSWER_MILLIS = 600_000;

const say = (event: TrafficEvent): void => console.log(JSON.stringify(event));

/** The host that a scenario calls by a name, and where others reach it. */
function placesOf({ hosts, translations }: Plan) {
  const named = (name: string) => hosts.find((host) => host.name === name || host.name === `i-${name}`);
  const publics = new Map(translations.map(({ private4, public4 }) => [private4, public4]));
  return {
    host: (name: string): string | null => named(name)?.name ?? null,
    /** From outside an instance is its public address. */
    address(from: string, to: string, family: 4 | 6): string | null {
      const own = named(to)?.ports[0]?.addresses.find((one) => one.includes(':') === (family === 6)) ?? null;
      if (own === null || family === 6 || named(from)?.kind !== 'outside') return own;
      return publics.get(own) ?? own;
    },
  };
}

/** So many addresses after an IPv4 one, in its network of 24 bits. */
function addressAfter(address: string | null, step: number): string | null {
  return address?.replace(/\d+$/u, (last) => String((Number(last) + step) % 256)) ?? null;
}

async function main([directory = '', seed = '1', seconds = '10', perSecond = '10']: readonly string[]): Promise<void> {
  const state = openState(statePath(directory), false);
  const plan = ((): { readonly traffic: readonly Exchange[]; readonly plan: Plan } => {
    const scenario = SCENARIOS.find(({ name }) => name === readLabFile(directory)?.scenario);
    if (scenario === undefined) throw new Error(`no scenario in ${directory}`);
    const facts = openCurrentFacts(state);
    const snapshot = labSnapshot(facts, undefined, Math.max(Date.now() * 1000, facts.lastMicros));
    return { traffic: scenario.traffic, plan: planLab(snapshot, scenario.outside) };
  })();
  state.close();
  const places = placesOf(plan.plan);
  const { traffic } = plan;
  const attempts = scheduleOf(traffic, Number(seed), Number(seconds), Number(perSecond));
  const tallies: Tally[] = traffic.map(({ kind, from, to, family, port, hostile, expect }) => ({
    kind,
    from,
    to,
    family,
    port,
    hostile,
    expect,
    sent: 0,
    answered: 0,
    unfinished: 0,
  }));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  process.stdout.on('error', () => stop.abort());
  const senders = new Senders(
    (host) =>
      spawn('ip', ['netns', 'exec', host, process.execPath, SEND], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    ({ id, answered }) => {
      if (answered) tallies[attempts[id]!.exchange]!.answered++;
    },
  );
  const began = performance.now();
  let second = 0;
  const progress = setInterval(() => {
    const sum = (of: 'sent' | 'answered'): number => tallies.reduce((total, one) => total + one[of], 0);
    say({ is: 'going', second: ++second, sent: sum('sent'), answered: sum('answered') });
  }, 1000);
  try {
    for (const [id, { atMillis, exchange, port, step }] of attempts.entries()) {
      const { from, to, family, kind } = traffic[exchange]!;
      const left = atMillis - (performance.now() - began);
      if (left > 0) await wait(left, undefined, { signal: stop.signal });
      stop.signal.throwIfAborted();
      const first = places.address(from, to, family);
      const [host, address] = [places.host(from), kind === 'sweep' ? addressAfter(first, step) : first];
      // Whoever was taken away through the API neither sends nor is sent to.
      if (host === null || address === null) continue;
      tallies[exchange]!.sent++;
      senders.send(host, { id, kind, address, port });
    }
    const patience = AbortSignal.timeout(LAST_ANSWER_MILLIS);
    await senders.settled(AbortSignal.any([stop.signal, patience])).catch((error: unknown) => {
      if (!patience.aborted) throw error;
    });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    clearInterval(progress);
    for (const id of senders.unfinished) tallies[attempts[id]!.exchange]!.unfinished++;
    senders.end();
  }
  say({ is: 'done', stopped: stop.signal.aborted, tallies });
}

if (import.meta.main) await main(process.argv.slice(2));
