/**
 * Servers that tests start: as whoever calls, on free ports of this machine, with all they write in a directory of their own.
 *
 * In:    a program, its arguments, the port it opens. Out: it runs and answers.
 * Holds: ended by its process id. What it printed is shown where it did not come up.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A server that is not to be had here, with the reason. */
export class NotHere extends Error {}

/** An S3 server for a test. */
export type S3Server = {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  stop(): Promise<void>;
};

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A new directory for a server. */
export function directoryOf(name: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `flowgauge-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Processes that belong together. */
export class Processes {
  readonly #children: ChildProcess[] = [];
  readonly #directory: string;

  /** @param directory  where their output goes */
  constructor(directory: string) {
    this.#directory = directory;
    // A test that is ended early leaves nobody behind.
    process.once('exit', () => this.#kill());
    process.once('SIGTERM', () => process.exit(143));
  }

  /** Starts a program, and waits until it takes connections. Its process id. */
  async start(
    program: string,
    args: readonly string[],
    port: number,
    env: NodeJS.ProcessEnv = {},
    seconds = 30,
  ): Promise<number> {
    const path = join(this.#directory, `output-${this.#children.length}`);
    const log = openSync(path, 'w');
    const child = spawn(program, args, {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...env },
      detached: true,
    });
    this.#children.push(child);
    let failed: Error | null = null;
    child.on('error', (error) => (failed = error));
    for (const until = performance.now() + seconds * 1000; !(await answers(port));) {
      if (failed !== null || child.exitCode !== null || performance.now() > until)
        throw new Error(`${program} did not come up: ${failed ?? readFileSync(path, 'utf8').slice(-2000)}`);
      await pause(50);
    }
    return child.pid!;
  }

  /** Ends all, each with its own children, and waits for them. */
  async stop(): Promise<void> {
    const gone = this.#running().map((child) => once(child, 'exit'));
    this.#kill();
    await Promise.all(gone);
  }

  #running(): ChildProcess[] {
    return this.#children.filter(
      ({ pid, exitCode, signalCode }) => pid !== undefined && (exitCode ?? signalCode) === null,
    );
  }

  /** Each with its group: some servers have workers. */
  #kill(): void {
    for (const { pid } of this.#running()) process.kill(-pid!, 'SIGKILL');
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
