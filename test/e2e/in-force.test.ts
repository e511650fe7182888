/**
 * When a change through the API is in force, in a lab: as soon as it is said to be, and said of every one.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { callsOf } from '../../src/app/lab/call-ec2.ts';
import { waitInForce } from '../../src/app/lab/in-force.ts';
import { hostsOf, inLab, labThatRuns, onHost } from '../../src/app/lab/sandbox.ts';
import { openState, statePath } from '../../src/storage/state/state-file.ts';
import { namespacesMissing } from './namespaces.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'flowgauge');
const skip = namespacesMissing(['nft', 'tcpdump', 'unshare', 'nsenter', 'ping']) ?? false;
const PATIENCE_MILLIS = 60_000;
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-in-force-'));
const data = join(scratch, 'lab');

function program(...words: string[]): { readonly code: number | null; readonly out: string; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(PROGRAM, words, { encoding: 'utf8', timeout: 90_000 });
  return { code: status, out: stdout, said: stdout + stderr };
}

after(() => {
  program('lab', 'down', '--data', data);
  rmSync(scratch, { recursive: true, force: true });
});

const PINGS = { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, CidrIp: '0.0.0.0/0' };

test(
  'a packet sent after a change is said to be in force meets it; a host made while another one is built comes too',
  { skip },
  async () => {
    const up = program('lab', 'up', 'attack', '--data', data, '--port', '0');
    assert.equal(up.code, 0, up.said);
    const status = program('status', '--data', data, '--wait', '60');
    assert.equal(status.code, 0, status.said);
    assert.match(
      status.out,
      /^Process \d+ publishes from .*\nEnforced by the kernel: 3 interfaces;.*\nIn force: the network as it was changed last, at /mu,
    );
    const state = openState(statePath(data), false);
    const call = callsOf(state, 'test');
    const lab = labThatRuns(data);
    const { SecurityGroups } = await call<{ SecurityGroups: { GroupId: string }[] }>('DescribeSecurityGroups', {
      Filters: [{ Name: 'tag:Name', Values: ['jump'] }],
    });
    const [{ GroupId } = { GroupId: '' }] = SecurityGroups;
    /** One echo request of its own, without a second one. */
    const isAnswered = (): boolean => {
      const [command = '', ...words] = onHost(lab, 'i-web', ['ping', '-c', '1', '-W', '1', '10.0.1.20']);
      return spawnSync(command, words).status === 0;
    };
    assert.equal(isAnswered(), false);
    for (let round = 0; round < 6; round++) {
      const isOpen = round % 2 === 0;
      await call(isOpen ? 'AuthorizeSecurityGroupIngress' : 'RevokeSecurityGroupIngress', { GroupId, ...PINGS });
      const found = await waitInForce(data, PATIENCE_MILLIS);
      assert.ok(found !== null && found.inForceMicros >= found.changedMicros);
      assert.equal(isAnswered(), isOpen, `round ${round}`);
    }

    const { Reservations } = await call<{
      Reservations: { Instances: { ImageId: string; SubnetId: string; InstanceType: string }[] }[];
    }>('DescribeInstances', { Filters: [{ Name: 'tag:Name', Values: ['jump'] }] });
    const { ImageId, SubnetId, InstanceType } = Reservations[0]!.Instances[0]!;
    const make = (name: string): Promise<unknown> =>
      call('RunInstances', {
        ImageId,
        InstanceType,
        SubnetId,
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }] }],
      });
    const isThere = async (name: string): Promise<void> => {
      for (const end = performance.now() + PATIENCE_MILLIS; !hostsOf(lab).includes(name); await wait(20))
        assert.ok(performance.now() < end, `${name} was not made`);
    };
    await make('first');
    await isThere('i-first');
    // The first one is there and waits for its rules.
    await make('second');
    await isThere('i-second');
    const found = await waitInForce(data, PATIENCE_MILLIS);
    assert.ok(found !== null && found.inForceMicros >= found.changedMicros);
    const [command = '', ...words] = inLab(lab, ['nft', 'list', 'chain', 'inet', 'flowgauge', 'h_judge']);
    assert.match(spawnSync(command, words, { encoding: 'utf8' }).stdout, /"eni-second"/u, 'in force, so it is judged');

    // What cannot be built is said, and built as soon as it can be.
    const inRouter = (...asked: string[]): void => {
      const [ip = '', ...rest] = inLab(lab, ['ip', 'netns', ...asked]);
      assert.equal(spawnSync(ip, rest).status, 0);
    };
    inRouter('add', 'i-third');
    await make('third');
    const isSaid = (): boolean => /NOT BUILT .*File exists/u.test(program('lab', 'status', '--data', data).said);
    for (const end = performance.now() + PATIENCE_MILLIS; !isSaid(); await wait(100))
      assert.ok(performance.now() < end);
    assert.equal(program('status', '--data', data, '--wait', '0').code, 3);
    inRouter('delete', 'i-third');
    const built = program('status', '--data', data, '--wait', '60');
    assert.equal(built.code, 0, built.said);
    assert.equal(isSaid(), false);
    state.close();
  },
);
