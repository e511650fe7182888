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
import { waitInForce } from '../../src/app/lab/in-force.ts';
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
const GROUPS = ['web', 'jump', 'db'];
/** Those that legitimate traffic has to do with; the other one is there to be attacked. */
const LEGITIMATE = ['web', 'db'];
const SERVICES = [22, 80, 5432, 8080];
/**
 * Of the first round; each of twenty has a thousand ports more. Clients of the scenario's traffic get theirs from the kernel, above all of
 * these: records of one that had a port of a round were taken for that round's, now and then.
 */
const FIRST_PORT = 10_000;
const PORTS_OF_ROUND = 1000;
const ROUNDS_OF_PORTS = 20;

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

/**
 * Connects from given ports, and sends datagrams. A connection is ended as its server ends it: who closes while a greeting is on its way
 * resets it, and what comes after a reset belongs to no connection and is rejected, on a machine that has much to do now and then.
 */
const SENDER = `
import errno, json, select, socket, sys, time
open_, ending = set(), []
for protocol, to, port, own in json.loads(sys.argv[1]):
    s = socket.socket(socket.AF_INET6 if ":" in to else socket.AF_INET, socket.SOCK_STREAM if protocol == 6 else socket.SOCK_DGRAM)
    s.setblocking(False)
    s.bind(("", own))
    if protocol == 17:
        s.sendto(b"x", (to, port))
        continue
    if s.connect_ex((to, port)) in (0, errno.EINPROGRESS):
        open_.add(s)
until = time.monotonic() + 0.8
while open_ and time.monotonic() < until:
    for s in select.select([], list(open_), [], 0.1)[1]:
        open_.remove(s)
        if s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
            s.shutdown(socket.SHUT_WR)
            ending.append(s)
        else:
            s.close()
for s in ending:
    s.settimeout(30)
    try:
        while s.recv(4096):
            pass
    except ConnectionError:
        pass
    s.close()
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
  const own = (column: string): string => `${column} BETWEEN ${firstPort} AND ${firstPort + PORTS_OF_ROUND - 1}`;
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

/** Calls that settle when what they changed is in force. */
function followed(call: CallEc2): CallEc2 {
  return async (operation, request) => {
    const answer = await call<never>(operation, request);
    if (operation.startsWith('Describe')) return answer;
    const found = await waitInForce(data, PATIENCE_MILLIS);
    assert.ok(found !== null && found.inForceMicros >= found.changedMicros, `${operation} is not in force`);
    return answer;
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
  const given = program('lab', 'exec', 'i-web', '--data', data, '--', 'cat', '/proc/sys/net/ipv4/ip_local_port_range');
  assert.ok(
    Number.parseInt(given.out) >= FIRST_PORT + PORTS_OF_ROUND * ROUNDS_OF_PORTS,
    `${given.out}: not ours alone`,
  );
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
      const firstPort = FIRST_PORT + PORTS_OF_ROUND * (round % ROUNDS_OF_PORTS);
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
