/**
 * aws-cli as one process for many calls: its own driver (`aws_cli.py`), for starting it anew takes most of a second.
 *
 * In:    an API; words after `aws ec2`. Out: what it printed and its exit code.
 * Holds: it gets keys by its environment and reads no file of whoever runs the tests. Calls are made one after the other.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { KEY_IDS, REGION, SECRET } from '../../src/control/ec2/ec2.fixture.ts';
import type { Pretended } from '../../src/control/ec2/ec2.fixture.ts';

export type Printed = { readonly code: number; readonly out: string; readonly err: string };

export type Driver = {
  /** Of aws-cli. */
  readonly version: string;
  /** `aws ec2 …`. */
  call(ec2: Pretended, words: readonly string[]): Promise<Printed>;
  /** A document without the members that this version does not know. */
  known(operation: string, document: object): Promise<unknown>;
  close(): Promise<void>;
};

/** The Pythons that have aws-cli: Debian's, and the one that the shell finds where its aws-cli is another. */
export function pythonsWithAwsCli(): readonly string[] {
  const places = new Map<string, string>();
  for (const python of ['/usr/bin/python3', 'python3']) {
    if (python.startsWith('/') && !existsSync(python)) continue;
    const said = spawnSync(python, ['-c', 'import awscli; print(awscli.__file__)'], { encoding: 'utf8' });
    const place = said.status === 0 ? said.stdout.trim() : '';
    if (place !== '' && !places.has(place)) places.set(place, python);
  }
  return [...places.values()];
}

/** Starts it. */
export async function startDriver(python: string): Promise<Driver> {
  const child = spawn(python, [join(import.meta.dirname, 'aws_cli.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      LC_ALL: 'C.UTF-8',
      AWS_ACCESS_KEY_ID: KEY_IDS.operate,
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_DEFAULT_REGION: REGION,
      AWS_PAGER: '',
    },
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const read = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`aws-cli's driver ended with ${child.exitCode}`);
    return JSON.parse(value) as unknown;
  };
  const ask = (what: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(what)}\n`);
    return read();
  };
  const { version } = (await read()) as { version: string };
  return {
    version,
    call: async (ec2, words) =>
      (await ask({ args: ['--endpoint-url', ec2.endpoint, '--output', 'json', 'ec2', ...words] })) as Printed,
    known: async (operation, document) => ((await ask({ operation, document })) as { document: unknown }).document,
    async close() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
