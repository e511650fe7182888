/**
 * Makes the capture that `up` shows where it may not capture: real clients and servers between network namespaces.
 *
 * In:    root, and what `test/e2e/clients.ts` needs. Out: src/app/server/demo/capture.pcap.gz, about three minutes.
 * Holds: the kernel drops what the model beside it does not allow (TCP 3389, UDP 9999), so records and packets agree.
 */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { CLIENT_COMMANDS, runClients, startServers } from '../test/e2e/clients.ts';
import { buildNetwork, namespacesMissing } from '../test/e2e/namespaces.ts';

const ROUNDS = 4;
const ROUND_MILLIS = 50_000;
const SNAP_LENGTH = 96;

const missing = namespacesMissing([...CLIENT_COMMANDS, 'nft']);
if (missing !== null) throw new Error(missing);
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-demo-'));
const network = buildNetwork();
try {
  await startServers(network, scratch);
  network.run('b', ['nft', 'add table inet deny; add chain inet deny in { type filter hook input priority 0; };']);
  network.run('b', ['nft', 'add rule inet deny in tcp dport 3389 drop; add rule inet deny in udp dport 9999 drop']);
  const file = join(scratch, 'capture.pcap');
  const flags = ['-n', '-U', '-w', file, '-s', String(SNAP_LENGTH), '-Z', 'root'];
  const capture = network.start('router', ['tcpdump', '-i', network.a.routerDevice, ...flags]);
  for (let round = 0; round < ROUNDS; round++) {
    await wait(round === 0 ? 2000 : ROUND_MILLIS);
    runClients(network, scratch);
  }
  await wait(2000);
  capture.kill('SIGINT');
  await once(capture, 'exit');
  writeFileSync(new URL('../src/app/server/demo/capture.pcap.gz', import.meta.url), gzipSync(readFileSync(file)));
} finally {
  await network.remove();
  rmSync(scratch, { recursive: true, force: true });
}
