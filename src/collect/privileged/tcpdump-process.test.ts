import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cannotChangeUser,
  dropsIn,
  isListening,
  lacksDevice,
  reasonIn,
  tcpdumpArguments,
  tcpdumpPath,
} from './tcpdump-process.ts';

// Lines of tcpdump 4.99.3.
const LISTENING = 'tcpdump: listening on any, link-type LINUX_SLL2 (Linux cooked v2), snapshot length 256 bytes';
const SIGUSR1 = 'tcpdump: 18 packets captured, 36 packets received by filter, 3 packets dropped by kernel';

void test('asks for cooked frames of all devices, each handed over and written at once', () => {
  const all = tcpdumpArguments({ devices: 'any', snapLength: 256 }, false);
  assert.equal(all.join(' '), '-i any -y LINUX_SLL2 -n -U --immediate-mode -w - -s 256 -B 65536');
  assert.ok(!tcpdumpArguments({ devices: 'eth0', snapLength: 96 }, true).includes('-y'));
  const some = tcpdumpArguments({ devices: 'any', snapLength: 256, only: [3, 17] }, false);
  assert.equal(some.slice(-2).join(' '), '16384 ifindex 3 or ifindex 17');
});

void test('reads what tcpdump lost, on request and at the end', () => {
  assert.equal(dropsIn(SIGUSR1), 3);
  assert.equal(dropsIn('7 packets dropped by kernel'), 7);
  assert.equal(dropsIn('1 packet dropped by kernel'), 1);
  assert.equal(dropsIn(`${SIGUSR1}, 4 packets dropped by interface`), 7);
  assert.equal(dropsIn('18 packets captured'), null);
});

void test('tells the reason from the rest of what tcpdump says', () => {
  assert.equal(isListening(LISTENING), true);
  const refused = `tcpdump: data link type LINUX_SLL2\ntcpdump: any: You don't have permission to capture on that device\n(socket: Operation not permitted)\n`;
  assert.equal(
    reasonIn(refused),
    "any: You don't have permission to capture on that device (socket: Operation not permitted)",
  );
  const missing = 'tcpdump: nope0: No such device exists\n(No such device exists)\n';
  assert.equal(reasonIn(missing), 'nope0: No such device exists');
  assert.deepEqual([lacksDevice(missing), lacksDevice(refused)], [true, false]);
  assert.equal(reasonIn(`${LISTENING}\n${SIGUSR1}\n2 packets captured\n`), 'it said nothing');
  assert.equal(
    cannotChangeUser("tcpdump: Couldn't change to 'tcpdump' uid=100 gid=102: Operation not permitted"),
    true,
  );
});

void test('finds tcpdump nowhere where it is not', () => {
  const path = tcpdumpPath('');
  assert.ok(path === null || path.endsWith('/tcpdump'));
});
