import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { DetectReport, KeptFinding } from '../api/findings.ts';
import { openState, statePath } from '../storage/state/state-file.ts';
import { conversation, many } from '../watch/told-conversations.ts';
import { writeRecords } from '../watch/told-records.fixture.ts';
import { inOneProcess, start } from './one-process.fixture.ts';
import type { Ended } from './one-process.fixture.ts';

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-detect-'));
after(() => rmSync(directory, { recursive: true }));
const data = join(directory, 'data');
mkdirSync(data);
openState(statePath(data)).close();
const from = writeRecords(
  directory,
  [
    ...conversation({ client: '198.51.100.7', server: '10.0.0.5', port: 22 }),
    ...many(70, (at) => ({
      client: '203.0.113.9',
      server: '10.0.0.5',
      port: 3000 + at,
      at,
      back: null,
      action: 'REJECT',
    })),
  ],
  'four',
);

const flowgauge = inOneProcess();
const detect = (...words: readonly string[]): Promise<Ended> => flowgauge('detect', ...words, '--data', data);
const asked = (...words: readonly string[]): Promise<Ended> => detect('--from', from, ...words);

describe('detect', () => {
  it('tells findings with the command that gives their records, and ends with 3', async () => {
    const { code, out, err } = await start('.', 'detect', '--from', from, '--data', data);
    assert.equal(err, '');
    assert.equal(code, 3);
    assert.match(out, /^MEDIUM ssh-from-internet: 10\.0\.0\.5:22\n {2}2026-11-23T12:00:00Z to /);
    assert.match(out, /1 finding of 42 detections, 1 of them new\./);
    assert.match(out, /Not asked \(they need the network: .*\): interface-not-covered, /);
    const words = /records {2}flowgauge query --from \S+ '(.*)'\n/.exec(out)![1]!.replaceAll(String.raw`'\''`, "'");
    const query = await flowgauge('query', '--from', from, '-o', 'json', words);
    assert.equal(query.out.trim().split('\n').length, 2, query.err);
  });

  it('asks only what is wanted, with the parameters that are given', async () => {
    assert.equal((await asked('--only', 'port-scan')).code, 0);
    const { code, out } = await asked('--only', 'port-scan', '--param', 'port-scan.least=50', '--json');
    assert.equal(code, 3);
    const report = JSON.parse(out) as DetectReport;
    assert.deepEqual(
      report.findings.map(({ detection, facts }) => [detection, facts['ports_without_answer']]),
      [['port-scan', 70]],
    );
    assert.equal(report.findings[0]!.evidence.records!.length, 5);
    assert.equal(report.asked, 1);
    assert.equal((await asked('--severity', 'high')).code, 0);
  });

  it('prints JSON lines of ECS and OCSF', async () => {
    for (const form of ['ecs', 'ocsf']) {
      const { out } = await asked('-o', form);
      assert.equal(out.trim().split('\n').length, 1);
      assert.match(out, form === 'ecs' ? /"kind":"alert"/ : /"class_uid":2004/);
    }
  });

  it('lists what was kept, and is silent about what is suppressed until that is lifted', async () => {
    await asked();
    const kept = JSON.parse((await detect('list', '--last', '3650d', '--json')).out) as KeptFinding[];
    const ssh = kept.find(({ detection }) => detection === 'ssh-from-internet')!;
    assert.equal(ssh.source, from);
    const suppressed = await detect('suppress', ssh.id, '--for', '2h', '--reason', 'a bastion');
    assert.match(suppressed.out, /^1: ssh-from-internet about 10\.0\.0\.5:22 is suppressed until /);
    assert.match((await detect('suppress', '--list')).out, /a bastion/);
    const hidden = await asked('--only', 'ssh-from-internet');
    assert.deepEqual([hidden.code, /1 more suppressed \(--all\)/.test(hidden.out)], [0, true]);
    assert.match((await asked('--only', 'ssh-from-internet', '--all')).out, /suppressed until/);
    assert.equal((await detect('suppress', '--lift', '1')).code, 0);
    assert.equal((await asked('--only', 'ssh-from-internet')).code, 3);
    assert.match(
      (await detect('suppress', '--detection', 'ssh-from-internet', '--address', '10.0.0.5')).out,
      /about 10\.0\.0\.5/,
    );
    assert.equal((await asked('--only', 'ssh-from-internet')).code, 0);
    await detect('suppress', '--lift', '2');
  });

  it('says what is wrong with a command line, and what would do', async () => {
    const wrong = async (...words: string[]): Promise<string> => {
      const { code, err } = await detect(...words);
      assert.equal(code, 2, err);
      return err;
    };
    assert.match(await wrong('--from', from, '--only', 'port-scam'), /there is port-scan.*FG_DETECTION_UNKNOWN/);
    assert.match(await wrong('--from', from, '--param', 'least=5'), /FG_DETECTION_PARAMETER/);
    assert.match(await wrong('--from', from, '--param', 'port-scan.most=5'), /FG_PARAMETER_UNKNOWN/);
    assert.match(await wrong('--from', from, '--param', 'port-scan.least=many'), /FG_PARAMETER_VALUE/);
    // A threshold that nobody takes would be taken for one that holds.
    const scam = await wrong('--from', from, '--param', 'port-scam.least=5');
    assert.match(scam, /there is port-scan.*FG_DETECTION_UNKNOWN/);
    assert.match(
      await wrong('--from', from, '--only', 'beacon', '--param', 'port-scan.least=many'),
      /FG_PARAMETER_VALUE/,
    );
    assert.match(await wrong('suppress'), /FG_SUPPRESS_WHAT/);
    assert.match(await wrong('suppress', 'fnd-9'), /FG_FINDING_UNKNOWN/);
    assert.match(await wrong('suppress', '--lift', '77'), /FG_SUPPRESSION_UNKNOWN/);
    const { code, err } = await flowgauge('detect', 'list', '--data', join(directory, 'none'));
    assert.deepEqual([code, /FG_FINDINGS_NONE/.test(err)], [2, true]);
  });

  it('shows what a detection means, takes and asks, as SQL that runs over the records alone', async () => {
    const all = await flowgauge('detect', 'show');
    assert.match(all.out, /\nport-scan +low +T1046/);
    const { out } = await flowgauge('detect', 'show', 'ssh-from-internet');
    assert.match(out, /Parameters .*\n {2}ports +ports that are not for the internet \(default 22\)/);
    const sql = out.slice(out.indexOf('WITH fg_ends'));
    const query = await flowgauge('query', '--from', from, '-o', 'json', sql);
    assert.match(query.out, /"server":"10\.0\.0\.5"/, query.err);
  });
});
