/** The lab of a user who is not root: a range of other users is all that it takes, where the kernel lets users make namespaces. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { namespacesMissing } from './namespaces.ts';

/** Of Debian's `nobody`, which has a name, a group `nogroup` and no range of its own. */
const NOBODY = 65_534;
const programs = ['nft', 'tcpdump', 'unshare', 'nsenter', 'setpriv', 'newuidmap', 'newgidmap'];
const missing = namespacesMissing(programs) ?? (mayUnshare() ? null : 'users may not make namespaces here');
const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'flowgauge');
const TIMEOUT_MILLIS = 120_000;
/** The files of ranges are others in a mount namespace of the test alone. */
const AS_NOBODY = `mount --bind "$1/ranges" /etc/subuid && mount --bind "$1/ranges" /etc/subgid && cd "$1/home" && shift &&
  exec setpriv --reuid ${NOBODY} --regid ${NOBODY} --clear-groups --inh-caps=-all -- "$@"`;

/** Some systems forbid it (Ubuntu's AppArmor, containers). */
function mayUnshare(): boolean {
  const words = ['--reuid', String(NOBODY), '--clear-groups', '--', 'unshare', '--user', '--net', 'true'];
  return spawnSync('setpriv', words).status === 0;
}

let scratch = '';
before(() => {
  if (missing !== null) return;
  scratch = mkdtempSync(join(tmpdir(), 'flowgauge-rootless-'));
  chmodSync(scratch, 0o755);
  writeFileSync(join(scratch, 'ranges'), 'nobody:200000:65536\n', { mode: 0o644 });
  mkdirSync(join(scratch, 'home'));
  chownSync(join(scratch, 'home'), NOBODY, NOBODY);
});
after(() => {
  if (missing !== null) return;
  asNobody(PROGRAM, 'lab', 'down');
  rmSync(scratch, { recursive: true, force: true });
});

function asNobody(...words: string[]): { readonly code: number | null; readonly out: string; readonly said: string } {
  const { status, stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', AS_NOBODY, 'sh', scratch, ...words], {
    encoding: 'utf8',
    timeout: TIMEOUT_MILLIS,
    env: { PATH: process.env['PATH'], HOME: join(scratch, 'home') },
  });
  return { code: status, out: stdout, said: stdout + stderr };
}

test("a user who is not root has an enforced lab, whose records are the kernel's", { skip: missing ?? false }, () => {
  const up = asNobody(PROGRAM, 'lab', 'up', 'attack', '--port', '0');
  assert.equal(up.code, 0, up.said);
  const ran = asNobody(PROGRAM, 'lab', 'exec', 'attacker', '--', 'sh', '-c', 'id -u; ping -q -c 1 -W 1 10.0.1.10');
  assert.match(ran.said, /^0\n/, 'root of the lab and of nothing else');
  const sent = asNobody(PROGRAM, 'lab', 'traffic', '--seconds', '2');
  assert.equal(sent.code, 0, sent.said);
  const sql = `SELECT DISTINCT x_verdict_source AS source FROM flow_logs WHERE action = 'REJECT' AND x_rule_id IS NOT NULL`;
  const asked = asNobody(PROGRAM, 'query', '--from', './flowgauge-lab', '-o', 'json', sql);
  assert.deepEqual([asked.code, asked.out.trim()], [0, '{"source":"kernel"}'], asked.said);
  const down = asNobody(PROGRAM, 'lab', 'down');
  assert.match(down.said, /ended/);
  assert.equal(spawnSync('find', [scratch, '-user', '0', '-path', '*flowgauge-lab*'], { encoding: 'utf8' }).stdout, '');
});
