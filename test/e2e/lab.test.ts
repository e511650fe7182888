/**
 * The lab as its user has it: up, traffic, exec, killed, down.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { namespacesMissing } from './namespaces.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'flowgauge');
const directory = mkdtempSync(join(tmpdir(), 'flowgauge-lab-'));
const data = join(directory, 'lab');
const missing = namespacesMissing(['nft', 'tcpdump', 'unshare', 'nsenter', 'curl', 'dig', 'ssh']) ?? false;

function run(...words: string[]): { readonly code: number | null; readonly out: string; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(PROGRAM, words, { encoding: 'utf8', timeout: 60_000 });
  return { code: status, out: stdout, said: stdout + stderr };
}
const lab = (verb: string, ...words: string[]): ReturnType<typeof run> => run('lab', verb, '--data', data, ...words);

/** What records there are of packets that a question names, open windows too. */
function rows(where: string): Record<string, string>[] {
  const sql = `SELECT DISTINCT action, x_verdict_stage AS stage, x_rule_id AS rule FROM flow_logs WHERE ${where}`;
  const { code, said, out } = run('query', '--from', data, '-o', 'json', sql);
  assert.equal(code, 0, said);
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, string>);
}

/** Processes of the host whose network is not this one and that have this lab among their words. */
const left = (): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data);
    } catch {
      return false;
    }
  });

/** Names of the lab's hosts and devices that the host's own network has. */
const onHost = (): string[] =>
  [...spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout.matchAll(/^(?:i-|internet|office|scanner).*$/gm)]
    .map(([line]) => line)
    .concat(spawnSync('ip', ['-brief', 'link'], { encoding: 'utf8' }).stdout.match(/^(?:eni|out)-.*$/gm) ?? []);

after(() => {
  lab('down');
  rmSync(directory, { recursive: true, force: true });
});

test('three tiers: traffic is recorded as the rules say, and a kill leaves nothing', { skip: missing }, () => {
  const up = run('lab', 'up', 'three-tier', '--data', data, '--port', '0', '--json');
  assert.equal(up.code, 0, up.said);
  const { url } = JSON.parse(up.out) as { url: string };
  assert.match(lab('up').said, /runs already.*FG_LAB_RUNS/);
  assert.deepEqual(onHost(), []);
  assert.match(run('up', '--data', data, '--port', '0').said, /FG_DATA_DIRECTORY_LOCKED/, 'its `up` has the directory');
  assert.match(spawnSync('curl', ['-s', `${url}/health`], { encoding: 'utf8' }).stdout, /"status"/);

  const ran = lab('exec', 'web', '--', 'sh', '-c', 'ip -brief address show eth0; exit 7');
  assert.deepEqual([ran.code, /10\.0\.1\.10/.test(ran.out)], [7, true], ran.said);
  assert.match(lab('exec', 'nobody', '--', 'true').said, /no host "nobody".*i-web.*FG_LAB_HOST/);

  const sent = lab('traffic', '--seconds', '2', '--rate', '5', '--json');
  assert.equal(sent.code, 0, sent.said);
  const { tallies } = JSON.parse(sent.out) as {
    tallies: { kind: string; expect: unknown; sent: number; answered: number }[];
  };
  for (const one of tallies) {
    assert.ok(one.sent > 0, JSON.stringify(one));
    assert.equal(one.answered, one.expect === 'answered' ? one.sent : 0, JSON.stringify(one));
  }

  const of = (where: string): string[] => rows(where).map(({ action, stage }) => `${action} ${stage}`);
  /** What comes in to an address has such a verdict; records of packets that were just sent come a moment later. */
  const holds = (address: string, where: string, verdict: string): void => {
    const asked = `flow_direction = 'ingress' AND dstaddr LIKE '${address}' AND ${where}`;
    for (let tries = 0; tries < 40; tries++) if (of(asked).includes(verdict)) return;
    assert.deepEqual(of(asked), [verdict], asked);
  };
  holds('10.0.1.10', 'dstport = 80', 'ACCEPT sg-ingress');
  holds('fd%', `dstport = 80 AND srcaddr = '2001:db8:100::7'`, 'ACCEPT sg-ingress');
  holds('10.0.1.20', `dstport = 22 AND srcaddr = '203.0.113.10'`, 'ACCEPT sg-ingress');
  holds('10.0.1.20', `dstport = 22 AND srcaddr = '198.51.100.7'`, 'REJECT sg-ingress');
  holds('10.0.3.10', 'dstport = 22', 'REJECT nacl-ingress');
  assert.match(
    rows(`dstaddr = '10.0.3.10' AND dstport = 22 AND action = 'REJECT'`)[0]!['rule']!,
    /^acl-[\da-f]+\/in\/\*$/,
  );

  const { pid, enforced } = JSON.parse(lab('status', '--json').out) as { pid: number; enforced: boolean };
  assert.equal(enforced, true);
  process.kill(pid, 'SIGKILL');
  assert.equal(lab('down').code, 0);
  assert.deepEqual(left(), []);
  assert.equal(lab('status').code, 3);
  assert.deepEqual(onHost(), []);
});
