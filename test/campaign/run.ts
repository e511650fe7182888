/**
 * The fault campaign: agents publish, everything goes wrong, and afterwards every record is looked for.
 *
 *   bin/node test/campaign/run.ts --rounds 20            as CI does, under a minute
 *   bin/node test/campaign/run.ts --rounds 200           by hand
 *   bin/node test/campaign/run.ts --rounds 1 --seed 77   one that failed
 *
 * In:    how many rounds, from which seed. Out: a line for each, figures, `N passed, N failed`; exit 1 when one failed.
 * Holds: rounds take turns through all faults. Those that need a disk of their own need root, and fail without it in CI.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { verifyLedger } from '../../src/lake/keep/verify-ledger.ts';
import { directoryStore } from '../../src/storage/object/stores/directory.ts';
import { s3Store } from '../../src/storage/object/stores/s3.ts';
import { fakeS3 } from '../conformance/destinations/fake-s3.ts';
import { recordsIn } from '../conformance/destinations/subjects.ts';
import { startProxy } from '../servers/proxy.ts';
import type { Plan, Told } from './agent.ts';
import { NO_ROOM } from './agent.ts';
import type { FaultName } from './faults.ts';
import { chance, FAULTS, fillAgain, HALVES, REFUSALS, smallDisk, troubleWrites } from './faults.ts';
import type { AgentStory, Figures } from './verify.ts';
import { verify } from './verify.ts';
import { accountsIn, verifyAccounts } from './verify-accounts.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } });
const rounds = Number(values.rounds ?? 20);
const firstSeed = Number(values.seed ?? 1);
Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });

const FIRST_SECONDS = 1_795_435_500;
const WINDOWS = 30;
const FLOWS = 120;
const SMALL_DISK_MB = 6;
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-campaign-'));
const server = await fakeS3();
const proxy = await startProxy(server.endpoint);

type Kills = { readonly most: number; readonly random: () => number };

/** Runs an agent to its end, killing it now and then. */
async function runAgent(plan: Plan, kills: Kills): Promise<AgentStory> {
  const closed = new Set<number>();
  const inFlight = new Set<number>();
  const ends: Extract<Told, { ended: true }>[] = [];
  let firstWindow = plan.firstWindow;
  for (let killed = 0; ;) {
    const args = [join(import.meta.dirname, 'agent.ts'), JSON.stringify({ ...plan, firstWindow })];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let spoke = false;
    createInterface({ input: child.stdout }).on('line', (line) => {
      spoke = true;
      const told = JSON.parse(line) as Told;
      if ('window' in told) closed.add(told.window);
      else ends.push(told);
    });
    const gone = once(child, 'close');
    if (killed < kills.most) {
      killed++;
      await Promise.race([gone, wait(250 + kills.random() * 500)]);
      child.kill('SIGKILL');
    }
    await gone;
    if (child.exitCode === NO_ROOM && !spoke) {
      await wait(50);
      continue;
    }
    if (child.signalCode === null && child.exitCode !== 0) throw new Error(`agent ended with ${child.exitCode}`);
    // It may have died in its first window, before it told of any.
    const next = Math.max(firstWindow, Math.max(-1, ...closed) + 1);
    if (child.signalCode === null && ends.at(-1)?.left === 0) return { agent: plan.agent, closed, inFlight, ends };
    if (child.signalCode !== null && next < plan.windows) inFlight.add(next);
    // What it was at when it was killed is lost with it, as an open window is: it is not sent again.
    firstWindow = child.signalCode === null ? next : next + 1;
  }
}

async function round(seed: number, fault: FaultName, figures: Figures): Promise<string[]> {
  const random = chance(seed);
  const directory = join(scratch, String(seed));
  const spool = join(directory, 'spool');
  mkdirSync(spool, { recursive: true });
  server.objects.clear();
  const isDisk = fault === 'disk full';
  const isSpool = fault === 'spool full';
  const isUpload = /uploads|spool full/u.test(fault);
  const isLocal = !isUpload && random() < 0.3;
  const undo: (() => void)[] = [];
  const over = new AbortController();
  if (/refused/u.test(fault)) undo.push(troubleWrites(proxy, REFUSALS, 0.4, random));
  if (/half-finished/u.test(fault)) undo.push(troubleWrites(proxy, HALVES, 0.4, random));
  if (isSpool) undo.push(troubleWrites(proxy, ['reset'], 1, random));
  if (isDisk) undo.push(smallDisk(spool, SMALL_DISK_MB));
  const limits = isSpool
    ? { maxBytes: 20_000 + Math.floor(random() * 80_000), reserveBytes: 0 }
    : { reserveBytes: isDisk ? 2_000_000 : 0 };
  const jumps: Record<number, number> = {};
  if (fault === 'clock jumps')
    for (let n = 0; n < 6; n++) jumps[Math.floor(random() * WINDOWS)] = Math.round((random() - 0.5) * 4 * 86_400_000);
  const plan: Omit<Plan, 'agent' | 'spool'> = {
    bucket: isLocal ? 'local' : 'flow-bucket',
    place: isLocal ? join(directory, 'bucket') : proxy.endpoint,
    limits,
    firstSeconds: FIRST_SECONDS,
    firstWindow: 0,
    windows: WINDOWS,
    flows: FLOWS,
    jumps,
  };
  const agents = /two agents/u.test(fault) ? [1, 2] : [1];
  const kills = { most: /killed/u.test(fault) ? 1 + Math.floor(random() * 3) : 0, random };
  // Now and then to the last byte, else so that the reserve is touched.
  const leave = (): number => (random() < 0.3 ? 0 : 1_000_000);
  const filling = isDisk ? fillAgain(spool, leave, random, over.signal) : Promise.resolve();
  // A destination that was away for good comes back, so that the last records arrive.
  const back = isSpool ? wait(900 + random() * 600).then(() => (proxy.fault = () => null)) : Promise.resolve();
  try {
    const running = agents.map((agent) => runAgent({ ...plan, agent, spool: join(spool, String(agent)) }, kills));
    const stories = await Promise.all(running);
    over.abort();
    await Promise.all([filling, back]);
    const store = isLocal
      ? directoryStore(join(directory, 'bucket'))
      : s3Store('flow-bucket', { endpoint: server.endpoint, region: 'us-east-1' });
    const lines = await recordsIn(store);
    const mayLose = isDisk || isSpool;
    const sent = { flows: FLOWS, firstSeconds: FIRST_SECONDS };
    const { wrong, missing } = verify(stories, lines, { ...sent, mayLose }, figures);
    if (server.uploads.size > 0) wrong.push('parts of uploads are left');
    const { faults, unlisted, windowFaults, windows } = await verifyLedger(store, '', new AbortController().signal);
    for (const { key, what, expected, found } of faults) wrong.push(`ledger: ${what}: ${key}: ${expected}, ${found}`);
    for (const { interfaceId, windowSeconds, what, expected, found } of windowFaults)
      wrong.push(`ledger: ${what}: ${interfaceId} ${windowSeconds}: ${expected}, ${found}`);
    if (windows.uncounted > 0) wrong.push(`${windows.uncounted} records are accounted for by nobody`);
    wrong.push(...verifyAccounts(stories, await accountsIn(store), missing, sent));
    figures.windows += windows.windows;
    figures.cut += windows.cut;
    if (unlisted > 0) wrong.push(`${unlisted} objects are not in the ledger`);
    return wrong;
  } finally {
    over.abort();
    await filling;
    for (const each of undo) each();
    rmSync(directory, { recursive: true, force: true });
  }
}

const isRoot = process.getuid?.() === 0;
const mustAll = process.env['CI'] === 'true';
const figures: Figures = { records: 0, skipData: 0, lostRecords: 0, lostPackets: 0, windows: 0, cut: 0 };
const byFault = new Map<FaultName, number>();
let [passed, failed] = [0, 0];
const began = performance.now();
for (let n = 0; n < rounds; n++) {
  const seed = firstSeed + n;
  const fault = FAULTS[seed % FAULTS.length]!;
  if (fault === 'disk full' && !isRoot && !mustAll) {
    console.log(`skip  seed ${seed}: ${fault}: needs root to mount a small disk`);
    continue;
  }
  const from = performance.now();
  const before = { ...figures };
  const wrong = await round(seed, fault, figures).catch((error: unknown) => [String(error)]);
  const seconds = ((performance.now() - from) / 1000).toFixed(1).padStart(5);
  const lost = figures.lostRecords - before.lostRecords;
  const what = `${figures.records - before.records} records once each${lost === 0 ? '' : `, ${lost} in SKIPDATA`}`;
  console.log(`${wrong.length === 0 ? 'ok  ' : 'FAIL'} ${seconds} s  seed ${seed}: ${fault}: ${what}`);
  for (const words of wrong.slice(0, 10)) console.log(`      ${words}`);
  if (wrong.length === 0) passed++;
  else failed++;
  byFault.set(fault, (byFault.get(fault) ?? 0) + 1);
}
await proxy.stop();
server.stop();
rmSync(scratch, { recursive: true, force: true });
console.log(`\n${[...byFault].map(([fault, times]) => `${times} x ${fault}`).join(', ')}`);
console.log(
  `${figures.records} records found once each; ${figures.lostRecords} with ${figures.lostPackets} packets not taken, ` +
    `told by ${figures.skipData} SKIPDATA records; the ledger holds for ${figures.windows} windows of interfaces, ` +
    `in ${figures.cut} of them an agent was killed; ${((performance.now() - began) / 1000).toFixed(0)} s`,
);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
