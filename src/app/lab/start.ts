/**
 * Starts a lab, in the background.
 *
 * In:    a data directory, a scenario, a port of the host. Out: what runs.
 * Holds: settles when the network stands and the API answers. What fails leaves nothing that runs.
 * Fails: FG_LAB_*, FG_PORT_IN_USE; those of a disk.
 */
import { spawn } from 'node:child_process';
import { chownSync, closeSync, existsSync, lchownSync, openSync, readdirSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { dirname, join } from 'node:path';
import { failure, failureFrom } from '../../model/errors.ts';
import { codeOf } from '../../storage/object/file-errors.ts';
import type { FromKeeper } from './keeper.ts';
import { makeScenario, readLabFile } from './make-scenario.ts';
import { giveToOwner } from './standing.ts';
import { findLab, keeperCommand, labPath, pathOfLab, sandboxMissing } from './sandbox.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios/list.ts';

export const LAB_LOG = 'lab.log';

/** A lab that was started. `directory` is absolute. */
export type StartedLab = {
  readonly directory: string;
  readonly scenario: Scenario;
  readonly url: string;
  readonly made: boolean;
};

/** The scenario of a name; without one that of the directory, else the first. */
export function scenarioFor(name: string | undefined, directory: string): Scenario {
  const held = readLabFile(directory)?.scenario;
  if (held !== undefined && name !== undefined && held !== name) throw failure('FG_LAB_OTHER', directory, held, name);
  const wanted = name ?? held ?? SCENARIOS[0]!.name;
  const found = SCENARIOS.find((one) => one.name === wanted);
  if (found === undefined)
    throw failure(
      'FG_LAB_SCENARIO',
      wanted,
      SCENARIOS.map((one) => one.name),
    );
  return found;
}

/** Starts it. */
export async function startLab(given: string, name: string | undefined, port: number): Promise<StartedLab> {
  const directory = labPath(given);
  if (/^\/(?:var\/)?run(?:\/|$)/u.test(directory)) throw failure('FG_LAB_PLACE', given);
  const running = findLab(directory);
  if (running !== null)
    throw failure('FG_LAB_RUNS', given, running.pid, readLabFile(directory)?.scenario ?? 'not known');
  const isThere = existsSync(directory) && readdirSync(directory).length > 0;
  if (isThere && readLabFile(directory) === null) throw failure('FG_LAB_FOREIGN', given);
  const scenario = scenarioFor(name, directory);
  const missing = sandboxMissing();
  if (missing !== null) throw failure('FG_LAB_FORBIDDEN', missing.why, missing.get);
  const server = await listen(port);
  const { port: got } = server.address() as AddressInfo;
  try {
    if (!isThere) {
      await makeScenario(directory, scenario);
      giveToUser(directory);
    }
    await startKeeper(labPath(directory), server);
  } finally {
    server.close();
  }
  return { directory, scenario, url: `http://127.0.0.1:${got}`, made: !isThere };
}

/** On the host's network: the lab gets the socket, whoever starts it keeps nothing. */
async function listen(port: number): Promise<Server> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.on('error', reject).listen(port, '127.0.0.1', resolve);
  try {
    await promise;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EADDRINUSE') throw failureFrom(error, 'FG_PORT_IN_USE', '127.0.0.1', port);
    throw failureFrom(error, 'FG_LISTEN', '127.0.0.1', port, code);
  }
  return server;
}

/** Through sudo all is the calling user's, as with `up`. */
function giveToUser(directory: string): void {
  const [uid, gid] = [Number(process.env['SUDO_UID'] ?? 0), Number(process.env['SUDO_GID'] ?? 0)];
  if (process.getuid?.() !== 0 || !Number.isInteger(uid) || uid <= 0 || !Number.isInteger(gid)) return;
  chownSync(directory, uid, gid);
  const entries: Dirent[] = readdirSync(directory, { withFileTypes: true, recursive: true });
  for (const { parentPath, name } of entries) lchownSync(join(parentPath, name), uid, gid);
}

async function startKeeper(directory: string, server: Server): Promise<void> {
  const path = join(directory, LAB_LOG);
  const log = openSync(path, 'a', 0o644);
  giveToOwner(path);
  const [program = '', ...words] = keeperCommand(directory);
  const keeper = spawn(program, words, {
    detached: true,
    cwd: dirname(directory),
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, PATH: pathOfLab() },
  });
  closeSync(log);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  keeper.on('message', (told: FromKeeper) => {
    if (told.kind === 'ready') resolve();
    else reject(failure('FG_LAB_START', told.message, path));
  });
  keeper.on('error', (error) => reject(failureFrom(error, 'FG_LAB_START', error.message, path)));
  keeper.on('exit', (code, signal) => reject(failure('FG_LAB_START', `it ended with ${signal ?? code}`, path)));
  // Whoever is stopped while it starts leaves no half of a lab.
  const give = (): void => {
    keeper.kill('SIGKILL');
    process.exit(130);
  };
  process.on('SIGINT', give).on('SIGTERM', give);
  keeper.send({ kind: 'listen' }, server);
  try {
    await promise;
  } finally {
    process.off('SIGINT', give).off('SIGTERM', give);
    keeper.removeAllListeners('exit');
    if (keeper.connected) keeper.disconnect();
    keeper.unref();
  }
}
