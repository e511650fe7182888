/**
 * For tests: Debian's aws-cli against the API.
 *
 * Holds: it gets keys by its environment and reads no file of whoever runs the tests.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { KEY_IDS, REGION, SECRET } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';

const PROGRAM = ['/usr/bin/aws', '/usr/local/bin/aws'].find((path) => existsSync(path));

/** Why tests of it are skipped; false where they are not. */
export const NO_AWS_CLI = PROGRAM === undefined ? 'aws-cli is not installed (Debian: awscli)' : false;

export type Ended = { readonly code: number; readonly json: unknown; readonly problem: string };

/** Runs `aws ec2 …`. */
export function awsEc2(
  ec2: Pretended,
  words: readonly string[],
  who: keyof typeof KEY_IDS = 'operate',
): Promise<Ended> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    AWS_ACCESS_KEY_ID: KEY_IDS[who],
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_DEFAULT_REGION: REGION,
  };
  const args = ['--endpoint-url', ec2.endpoint, '--output', 'json', '--no-cli-pager', 'ec2', ...words];
  return new Promise((resolve) => {
    execFile(PROGRAM ?? '', args, { env }, (error, out, problem) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ code, json: out === '' ? null : JSON.parse(out), problem: problem.trim() });
    });
  });
}
