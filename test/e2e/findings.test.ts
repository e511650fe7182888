/**
 * An attack of the lab is found by the `up` that records it: six kinds of it, each within two windows, from real packets.
 *
 * Two of the six need a past: a server must be known for days before a peer is news, and a call home must have come again for half an hour.
 * That past is written before; the call and the upload that bring the findings are real.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Finding } from '../../src/api/findings.ts';
import { CONFIG_FILE } from '../../src/app/config.ts';
import { labSnapshot } from '../../src/app/lab/lab-snapshot.ts';
import { makeScenario } from '../../src/app/lab/make-scenario.ts';
import { intrusion } from '../../src/app/lab/scenarios/intrusion.ts';
import { openDuck } from '../../src/storage/duck/duck.ts';
import { objectKey } from '../../src/storage/object/keys.ts';
import { openCurrentFacts } from '../../src/storage/state/current-facts.ts';
import { openFindings } from '../../src/storage/state/findings.ts';
import { openState, statePath } from '../../src/storage/state/state-file.ts';
import { baselineFile } from '../../src/watch/baseline-file.ts';
import { namespacesMissing } from './namespaces.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'flowgauge');
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-findings-'));
const data = join(scratch, 'lab');
const skip = namespacesMissing(['nft', 'tcpdump', 'unshare', 'nsenter', 'curl']) ?? false;
const NOW = Math.floor(Date.now() / 1000);
const DAY = 86_400;
const WEB = '10.0.1.10';
const ATTACKER = '192.0.2.66';
/** Two windows. */
const PATIENCE_MILLIS = 120_000;
const LOOK_SECONDS = 5;
const ATTACKS = 2;
/** For 330,000 packets that a busy machine sends when it can. */
const SENDING_MILLIS = 600_000;

type About = readonly [client: string | null, server: string | null, port: number | null];
/** By its detection, who a finding must be about; null: any. */
const EXPECTED: Readonly<Record<string, About>> = {
  'port-scan': [ATTACKER, WEB, null],
  'internal-sweep': [WEB, null, 445],
  'ssh-brute-force': [ATTACKER, '10.0.1.20', 22],
  'upload-to-new-peer': [WEB, ATTACKER, null],
  beacon: [WEB, ATTACKER, 4444],
  'inbound-flood': [null, WEB, 161],
};

after(() => {
  run('lab', 'down', '--data', data);
  rmSync(scratch, { recursive: true, force: true });
});

function run(...words: string[]): { readonly code: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(PROGRAM, words, { encoding: 'utf8', timeout: SENDING_MILLIS });
  return { code: status, said: stdout + stderr };
}

/** Web has called others for four days. */
async function writeBaseline(): Promise<void> {
  const file = baselineFile(data);
  const duck = await openDuck({ files: file.paths, threads: 1 });
  const first = NOW - 4 * DAY;
  await duck.run(
    `CREATE TEMP TABLE fg_known AS SELECT 'peer' AS kind, '${WEB}' AS subject, '198.51' AS object,
       CAST(${Math.floor(first / DAY)} AS BIGINT) AS day, CAST(${first} AS BIGINT) AS first_seconds, CAST(90000 AS BIGINT) AS amount`,
  );
  await file.write(duck);
  await duck.close();
}

/** Web has called the attacker every three minutes. */
function writeCalls(): void {
  const state = openState(statePath(data), false);
  const snapshot = labSnapshot(openCurrentFacts(state), undefined, Date.now() * 1000);
  state.close();
  const { id } = snapshot.interfaces.find(({ instanceTags }) => instanceTags['Name'] === 'web')!;
  const lines = Array.from({ length: 12 }, (_, at) => NOW - 120 - at * 180).flatMap((start, at) => [
    `2 000000000000 ${id} ${WEB} ${ATTACKER} ${41_000 + at} 4444 6 6 330 ${start} ${start + 1} ACCEPT OK 3 egress`,
    `2 000000000000 ${id} ${ATTACKER} ${WEB} 4444 ${41_000 + at} 6 5 280 ${start} ${start + 1} ACCEPT OK 19 ingress`,
  ]);
  const header =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags flow-direction';
  const key = objectKey({
    prefix: '',
    organization: null,
    accountId: '000000000000',
    region: 'us-east-1',
    flowLogId: 'fl-0123456789abcdef0',
    slotSeconds: Math.floor(NOW / 300) * 300,
    hash: '00000001',
    fileFormat: 'plain-text',
    hive: false,
    hourly: false,
  });
  const path = join(data, 'bucket', key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, gzipSync(`${[header, ...lines].join('\n')}\n`));
}

test('scan, sweep, brute force, flood, exfiltration and a beacon are found within two windows', { skip }, async () => {
  await makeScenario(data, intrusion);
  writeFileSync(join(data, CONFIG_FILE), JSON.stringify({ detect: { everySeconds: LOOK_SECONDS } }));
  await writeBaseline();
  writeCalls();
  const up = run('lab', 'up', '--data', data, '--port', '0');
  assert.equal(up.code, 0, up.said);
  const state = openState(statePath(data), false);
  try {
    const findings = openFindings(state);
    const missing = () => {
      const found = findings.list(0, NOW);
      return Object.entries(EXPECTED)
        .filter(([name, about]) => !found.some((one) => one.detection === name && isAbout(one, about)))
        .map(([name]) => name);
    };
    let said = '';
    // One that goes on over the end of an hour is two halves, which may be too little each: then it comes again.
    for (let attack = 0; attack < ATTACKS && missing().length > 0; attack++) {
      const sent = run('lab', 'traffic', '--data', data, '--seconds', '3', '--rate', '1', '--json');
      assert.equal(sent.code, 0, sent.said);
      assert.match(sent.said, /"unfinished":0/);
      assert.doesNotMatch(sent.said, /"unfinished":[1-9]/);
      said = sent.said;
      for (const until = performance.now() + PATIENCE_MILLIS; performance.now() < until; await wait(200))
        if (missing().length === 0) break;
    }
    assert.deepEqual(missing(), [], said);
  } finally {
    state.close();
  }
});

/** The router has records of its own of what it passes on: of those there may be more findings. */
function isAbout({ subject }: Finding, [client, server, port]: About): boolean {
  const fits = <T>(wanted: T | null, is: T | null): boolean => wanted === null || wanted === is;
  return fits(client, subject.client) && fits(server, subject.server) && fits(port, subject.port);
}
