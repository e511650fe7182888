/**
 * A lab with its `up`, for the tests that need real traffic: packets of programs between network namespaces, judged by the kernel.
 *
 * In:    a scenario. Out: links that log in; traffic; what a question to its flow logs answers.
 * Holds: port and directory are its own. What was started ends with the file, which starts it outside of tests and hooks.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { namespacesMissing } from '../e2e/namespaces.ts';
import { NO_BROWSER } from './browser.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'flowgauge');

/** Why there is no lab with a browser, for `skip`. */
export const NO_LAB: string | false =
  NO_BROWSER || (namespacesMissing(['nft', 'tcpdump', 'unshare', 'nsenter', 'curl', 'dig', 'ssh']) ?? false);

export type TestLab = {
  readonly data: string;
  /** A link to a screen that logs in. */
  readonly link: (path: string) => string;
  /** Sends the traffic of the scenario for some seconds. */
  readonly traffic: (seconds: number) => void;
};

/** Starts it. */
export function startLab(scenario = 'three-tier'): TestLab {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-web-'));
  const data = join(directory, 'lab');
  const run = (...words: string[]): string => {
    const { status, stdout, stderr } = spawnSync(PROGRAM, words, { encoding: 'utf8', timeout: 90_000 });
    assert.equal(status, 0, `flowgauge ${words.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  };
  after(() => {
    run('lab', 'down', '--data', data);
    rmSync(directory, { recursive: true, force: true });
  });
  run('lab', 'up', scenario, '--data', data, '--port', '0');
  return {
    data,
    link(path) {
      const [url = '', token = ''] = run('console', '--data', data).trim().split('#');
      return `${url.replace(/\/$/, '')}${path}#${token}`;
    },
    traffic: (seconds) => void run('lab', 'traffic', '--data', data, '--seconds', String(seconds), '--rate', '5'),
  };
}
