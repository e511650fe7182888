/**
 * What `suggest` and `replay` say, against what a lab does: the change is made, the traffic sent again.
 *
 * `FLOWGAUGE_REPLAY_ROUNDS=12` makes more random changes than CI does, `FLOWGAUGE_REPLAY_SEED` others.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { ChangeStep } from '../../src/api/change.ts';
import type { Proof } from '../../src/api/proof.ts';
import type { ReplayAnswer } from '../../src/api/replay.ts';
import type { CallEc2 } from '../../src/app/lab/call-ec2.ts';
import { callsOf } from '../../src/app/lab/call-ec2.ts';
import { inLab, labThatRuns } from '../../src/app/lab/sandbox.ts';
import { readStanding } from '../../src/app/lab/standing.ts';
import { openState, statePath } from '../../src/storage/state/state-file.ts';
import { namespacesMissing } from './namespaces.ts';
import { applyStep, randomStep, randomOf } from './random-changes.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'flowgauge');
const skip = namespacesMissing(['nft', 'tcpdump', 'unshare', 'nsenter', 'curl', 'ping', 'python3']) ?? false;
const ROUNDS = Number(process.env['FLOWGAUGE_REPLAY_ROUNDS'] ?? 1);
const SEED = Number(process.env['FLOWGAUGE_REPLAY_SEED'] ?? 11);
const PATIENCE_MILLIS = 60_000;
/** So often the rules are seen to be the same before they are taken to be those that were asked for. */
const AT_REST = 6;
const GROUPS = ['web', 'jump', 'db'];
/** Those that legitimate traffic has to do with; the other one is there to be attacked. */
const LEGITIMATE = ['web', 'db'];
const SERVICES = [22, 80, 5432, 8080];
/** Of the first round; each has a thousand ports more. */
const FIRST_PORT = 33_000;

const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-replay-'));
// The lab is another user's, as when it is started through sudo.
chmodSync(scratch, 0o755);
const data = join(scratch, 'lab');
const OTHER = { SUDO_UID: '65534', SUDO_GID: '65534' };

function program(...words: string[]): { readonly code: number | null; readonly out: string; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(PROGRAM, words, {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 1 << 26,
    env: { ...process.env, ...OTHER },
  });
  return { code: status, out: stdout, said: stdout + stderr };
}

after(() => {
  program('lab', 'down', '--data', data);
  rmSync(scratch, { recursive: true, force: true });
});

/** Connects from given ports, and sends datagrams; prints who answered, with a refusal too. */
const SENDER = `
import errno, json, select, socket, sys, time
tries, answered, open_ = json.loads(sys.argv[1]), [False] * 0, {}
answered = [False] * len(tries)
for n, (protocol, to, port, own) in enumerate(tries):
    s = socket.socket(socket.AF_INET6 if ":" in to else socket.AF_INET, socket.SOCK_STREAM if protocol == 6 else socket.SOCK_DGRAM)
    s.setblocking(False)
    s.bind(("", own))
    if protocol == 17:
        s.sendto(b"x", (to, port))
        continue
    if s.connect_ex((to, port)) in (0, errno.EINPROGRESS):
        open_[s] = n
until = time.monotonic() + 0.8
while open_ and time.monotonic() < until:
    for s in select.select([], list(open_), [], 0.1)[1]:
        answered[open_.pop(s)] = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) in (0, errno.ECONNREFUSED)
        s.close()
print(json.dumps(answered))
`;

type Try = { readonly from: string; readonly protocol: 6 | 17; readonly address: string; readonly port: number };
/** By interface, way of the request there, protocol, port and the other end's address. */
type Verdicts = ReadonlyMap<string, 'ACCEPT' | 'REJECT'>;

async function send(tries: readonly Try[], firstPort: number): Promise<void> {
  const lab = labThatRuns(data);
  const from = Map.groupBy(tries, (one) => one.from);
  await Promise.all(
    [...from].map(async ([host, own]) => {
      const list = own.map(({ protocol, address, port }, i) => [protocol, address, port, firstPort + i]);
      const [command = '', ...words] = inLab(lab, [
        'ip',
        'netns',
        'exec',
        host,
        'python3',
        '-c',
        SENDER,
        JSON.stringify(list),
      ]);
      const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'inherit'] });
      assert.equal(await new Promise((resolve) => child.on('exit', resolve)), 0, host);
    }),
  );
}

type Recorded = { readonly [column: string]: string | number };

const isSame = (a: Verdicts, b: Verdicts): boolean =>
  a.size === b.size && [...a].every(([key, action]) => b.get(key) === action);

/** So long nothing more comes, where not each try that left an interface was met at another. */
const QUIET_MILLIS = 6000;

/**
 * Records of packets that were just sent come a generation later: those of a round, when each try that was accepted on leaving has a record on
 * entering too, or no more come.
 */
async function settled(firstPort: number, tries: number): Promise<Verdicts> {
  let last: Verdicts = new Map();
  let lastAt = performance.now();
  for (const end = performance.now() + PATIENCE_MILLIS; performance.now() < end; await wait(50)) {
    const now = verdicts(firstPort);
    const began = performance.now();
    if (!isSame(now, last)) lastAt = began;
    else if (now.size >= tries && (areMet(now, tries) || began - lastAt > QUIET_MILLIS)) return now;
    last = now;
  }
  assert.fail(`${last.size} verdicts of ${tries} tries`);
}

/** Whether each try was seen on leaving or came from outside, and each that may have come was seen on entering. */
function areMet(found: Verdicts, tries: number): boolean {
  const leaving = [...found].filter(([key]) => key.includes(' egress '));
  const passed = leaving.filter(([, action]) => action === 'ACCEPT').length;
  return found.size - leaving.length >= passed + tries - leaving.length;
}

/** The records of a round, told by its ports. */
function verdicts(firstPort: number): Verdicts {
  const own = (column: string): string => `${column} BETWEEN ${firstPort} AND ${firstPort + 999}`;
  const sql = `SELECT interface_id AS at, flow_direction AS way, pkt_srcaddr AS src, pkt_dstaddr AS dst, srcport, dstport, protocol, action
    FROM flow_logs WHERE flow_direction IS NOT NULL AND protocol IN (6, 17) AND (${own('srcport')} OR ${own('dstport')})`;
  const { code, out, said } = program('query', '--from', data, '-o', 'json', sql);
  assert.equal(code, 0, said);
  const found = new Map<string, 'ACCEPT' | 'REJECT'>();
  for (const line of out.split('\n').filter(Boolean)) {
    const { at, way, src, dst, srcport, dstport, protocol, action } = JSON.parse(line) as Recorded;
    const isRequest = Number(srcport) >= firstPort;
    const isEgress = (way === 'egress') === isRequest;
    const peer = way === 'egress' ? dst : src;
    const key = `${at} ${isEgress ? 'egress' : 'ingress'} ${protocol} ${isRequest ? dstport : srcport} ${peer}`;
    if (action === 'REJECT' || !found.has(key)) found.set(key, action as 'ACCEPT' | 'REJECT');
  }
  return found;
}

/** The table of the router without what it counts, one text for one set of rules. */
function rulesNow(): string {
  const [command = '', ...words] = inLab(labThatRuns(data), ['nft', '-s', '-t', 'list', 'table', 'inet', 'flowgauge']);
  return spawnSync(command, words, { encoding: 'utf8', maxBuffer: 1 << 26 }).stdout;
}

/** Calls that settle when the kernel has what they changed. */
function followed(call: CallEc2): CallEc2 {
  return async (operation, request) => {
    if (operation.startsWith('Describe')) return call(operation, request);
    const before = rulesNow();
    const answer = await call<never>(operation, request);
    let [last, looks] = [before, 0];
    for (const end = performance.now() + PATIENCE_MILLIS; performance.now() < end; await wait(60)) {
      const now = rulesNow();
      looks = now === last ? looks + 1 : 0;
      last = now;
      if (now !== before && looks >= AT_REST) return answer;
    }
    throw new Error(`${operation} ${JSON.stringify(request)}: the kernel has the rules of before`);
  };
}

type Tallies = {
  readonly tallies: readonly {
    kind: string;
    from: string;
    expect: unknown;
    hostile: boolean;
    sent: number;
    answered: number;
  }[];
};

/** Sends the scenario's traffic; what of it is legitimate and was not answered. */
function unanswered(): string[] {
  const { code, out, said } = program('lab', 'traffic', '--data', data, '--seconds', '1', '--json');
  assert.equal(code, 0, said);
  const legitimate = (JSON.parse(out) as Tallies).tallies.filter(
    ({ hostile, expect }) => !hostile && expect === 'answered',
  );
  assert.ok(legitimate.length >= 3 && legitimate.every(({ sent }) => sent > 0));
  return legitimate.filter(({ sent, answered }) => answered < sent).map((one) => JSON.stringify(one));
}

test('suggested rules let all legitimate traffic pass; replay foretells what changes do', { skip }, async (t) => {
  const up = program('lab', 'up', 'attack', '--data', data, '--port', '0');
  assert.equal(up.code, 0, up.said);
  const foreign = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter(
    (name) => statSync(join(data, name)).uid !== Number(OTHER.SUDO_UID),
  );
  assert.deepEqual(foreign, [], 'all of it is the user who called sudo');
  const state = openState(statePath(data), false);
  const call = followed(callsOf(state, 'test'));
  const groups = new Map<string, string>();
  for (const name of GROUPS) {
    const { SecurityGroups } = await call<{ SecurityGroups: { GroupId: string }[] }>('DescribeSecurityGroups', {
      Filters: [{ Name: 'tag:Name', Values: [name] }],
    });
    groups.set(name, SecurityGroups[0]!.GroupId);
  }

  await t.test('suggest', async () => {
    assert.deepEqual(unanswered(), []);
    let superfluous = 0;
    for (const name of LEGITIMATE) {
      const { code, out, said } = program('suggest', groups.get(name)!, '--data', data, '--json');
      assert.equal(code, 0, said);
      const { change, superfluous: gone } = JSON.parse(out) as {
        change: { changes: ChangeStep[] };
        superfluous: string[];
      };
      superfluous += gone.length;
      for (const step of change.changes) await applyStep(call, step);
    }
    assert.ok(superfluous > 0, 'something was closed');
    assert.deepEqual(unanswered(), []);
  });

  const { hosts } = readStanding(data)!;
  const publics = (
    await call<{ NetworkInterfaces: { PrivateIpAddress: string; Association?: { PublicIp: string } }[] }>(
      'DescribeNetworkInterfaces',
      {},
    )
  ).NetworkInterfaces;
  const tries = hosts.flatMap(({ name: from, kind }) =>
    hosts
      .filter((to) => to.kind === 'instance' && to.name !== from && (kind === 'instance' || to.name !== 'i-db'))
      .flatMap(({ ports: [own] }) => own!.addresses)
      .map((address) =>
        kind === 'instance'
          ? address
          : (publics.find((one) => one.PrivateIpAddress === address)?.Association?.PublicIp ?? address),
      )
      .flatMap((address) => [
        ...SERVICES.map((port): Try => ({ from, protocol: 6, address, port })),
        ...[53, 5432].map((port): Try => ({ from, protocol: 17, address, port })),
      ]),
  );

  await t.test('replay', async () => {
    const random = randomOf(SEED);
    // What was suggested lets little out, and what does not leave is rejected nowhere else.
    for (const name of LEGITIMATE)
      await call('AuthorizeSecurityGroupEgress', {
        GroupId: groups.get(name),
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
      });
    let changed = 0;
    let seconds = Math.floor(Date.now() / 1000);
    await send(tries, FIRST_PORT);
    let before = await settled(FIRST_PORT, tries.length);
    for (let round = 1; round <= ROUNDS; round++) {
      const steps: ChangeStep[] = [];
      for (let n = 0; n <= round % 3; n++)
        steps.push(await randomStep(call, random, [...groups.values()], SERVICES, steps));
      const file = join(scratch, 'change.json');
      writeFileSync(file, JSON.stringify({ changes: steps }));
      const said = program(
        'replay',
        '--change',
        file,
        '--data',
        data,
        '--from-time',
        new Date(seconds * 1000).toISOString(),
        '--json',
      );
      const { causes, changeNotes } = JSON.parse(said.out) as ReplayAnswer;
      const about = `seed ${SEED}, round ${round}: ${JSON.stringify(steps)}`;
      assert.deepEqual(changeNotes, [], about);
      // Errors of ICMP belong to a connection that their record does not name.
      const ofOurs = causes.filter(({ protocol }) => protocol === 6 || protocol === 17);
      assert.deepEqual(
        ofOurs.filter(({ effect }) => effect.endsWith('unexplained')),
        [],
        about,
      );
      for (const step of steps) await applyStep(call, step);
      // Records tell whole seconds: the next round begins in one that this one has not.
      for (const next = Math.floor(Date.now() / 1000) + 1; Date.now() / 1000 < next;) await wait(20);
      seconds = Math.floor(Date.now() / 1000);
      const firstPort = FIRST_PORT + 1000 * (round % 20);
      await send(tries, firstPort);
      const now = await settled(firstPort, tries.length);
      for (const [effect, was] of [
        ['newly-blocked', 'ACCEPT'],
        ['newly-allowed', 'REJECT'],
      ] as const) {
        const predicted = ofOurs
          .filter((cause) => cause.effect === effect)
          .flatMap(({ interfaceId, direction, protocol, port, examples, peers }) => {
            assert.equal(peers, examples.length, 'all peers are named');
            return examples.map(({ address }) => `${interfaceId} ${direction} ${protocol} ${port} ${address}`);
          });
        // Who does not see the request any more, or for the first time, has nothing to compare.
        const observed = [...before]
          .filter(([key, action]) => action === was && (now.get(key) ?? was) !== was)
          .map(([key]) => key);
        assert.deepEqual(
          predicted.filter((key) => now.has(key)).toSorted(),
          observed.toSorted(),
          `${effect}, ${about}`,
        );
        changed += observed.length;
      }
      before = now;
    }
    assert.ok(changed > 0, 'the changes changed something');
    console.log(`${ROUNDS} rounds of ${tries.length} tries: ${changed} conversations changed as foretold`);
  });

  await t.test('diagnose --prove', () => {
    const proofOf = (...words: string[]): { readonly code: number | null; readonly proof: Proof } => {
      const { code, out, said } = program('diagnose', '--prove', '--data', data, '--json', ...words);
      assert.ok(out !== '', said);
      return { code, proof: JSON.parse(out) as Proof };
    };
    const six = hosts.find(({ name }) => name === 'i-web')!.ports[0]!.addresses.find((one) => one.includes(':'))!;
    const asked = [
      ['--from', 'i-web', '--to', 'i-db', '--port', '5432'],
      ['--from', 'blocked', '--to', 'i-web', '--port', '80'],
      ['--from', 'i-web', '--to', 'i-jump', '--protocol', 'icmp'],
      ['--from', '2001:db8:100::7', '--to', six, '--port', '80'],
      // No route: accepted, and lost.
      ['--from', 'i-db', '--to', 'internet', '--port', '80'],
    ];
    for (const words of asked) {
      const { code, proof } = proofOf(...words);
      assert.deepEqual([proof.agree, proof.differences], [true, []], `${words.join(' ')}: ${JSON.stringify(proof)}`);
      assert.equal(proof.model.certainty, 'kernel');
      assert.equal(code, proof.model.outcome === 'allowed' ? 0 : 3);
      assert.equal(proof.kernel.reply.came > 0, proof.model.outcome === 'allowed');
      assert.ok(proof.records.every(({ verdictSource }) => verdictSource === 'kernel'));
    }
    assert.match(
      program('diagnose', '--prove', '--data', data, '--from', '8.8.8.8', '--to', 'i-web', '--port', '80').said,
      /no host of the lab has 8\.8\.8\.8.*nothing was sent.*FG_PROVE_END/,
    );
    assert.match(
      program('diagnose', '--prove', '--data', scratch, '--from', 'i-web', '--to', 'i-db', '--port', '80').said,
      /no lab of .* runs.*FG_LAB_NONE/,
    );
  });
  state.close();
});

test('the program that sends refuses to do so outside of a lab', { skip }, () => {
  const probe = join(import.meta.dirname, '..', '..', 'src', 'app', 'lab', 'probe.ts');
  const { status, stderr } = spawnSync(process.execPath, [probe, '{}'], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /on a host of a lab only.*nothing was sent/);
});
