/** A capture whose process with capabilities is killed: its tcpdump does not stay, on a host without a packet too. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

const skip = namespacesMissing(['tcpdump']) ?? false;
const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'flowgauge');
const TIMEOUT_MILLIS = 60_000;

/** Processes below one, at any depth. */
function below(pid: number): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map(Number)
    .flatMap((one) => [one, ...below(one)]);
}

/** Empty where it has gone. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

test('no tcpdump stays when the process that started it is killed', { skip, timeout: TIMEOUT_MILLIS }, async () => {
  const network = buildNetwork();
  try {
    // A device that nobody sends over: a write that fails is never made.
    network.run('b', ['ip', 'link', 'add', 'quiet', 'type', 'veth', 'peer', 'name', 'other']);
    network.run('b', ['sysctl', '-qw', 'net.ipv6.conf.quiet.disable_ipv6=1', 'net.ipv6.conf.other.disable_ipv6=1']);
    for (const device of ['quiet', 'other']) network.run('b', ['ip', 'link', 'set', device, 'up']);
    const capture = network.start('b', [PROGRAM, 'capture', '-i', 'quiet']);
    let words = '';
    capture.stderr!.on('data', (piece: Buffer) => (words += piece.toString()));
    const find = (file: string): number | undefined => below(capture.pid!).find((pid) => commandOf(pid).includes(file));
    let tcpdump: number | undefined;
    while ((tcpdump = find('tcpdump -i quiet')) === undefined) {
      assert.equal(capture.exitCode, null, words);
      await wait(50);
    }
    const child = find('privileged/child.ts')!;
    process.kill(child, 'SIGKILL');
    if (capture.exitCode === null) await once(capture, 'exit');
    while (existsSync(`/proc/${tcpdump}`) && commandOf(tcpdump) !== '') await wait(20);
    assert.match(words, /FG_CAPTURE_(?:ENDED|UNREADABLE)/);
  } finally {
    await network.remove();
  }
});
