import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { DetectReport, KeptFinding } from '../api/findings.ts';
import { openState, statePath } from '../storage/state/state-file.ts';
import { conversation, many } from '../watch/told-conversations.ts';
import { writeRecords } from '../watch/told-records.fixture.ts';

const FLOWGAUGE = join(import.meta.dirname, '../../bin/flowgauge');
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

function detect(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(FLOWGAUGE, ['detect', ...words, '--data', data], { encoding: 'utf8' });
}
const asked = (...words: string[]) => detect('--from', from, ...words);

describe('detect', () => {
  it('tells findings with the command that gives their records, and ends with 3', () => {
    const { status, stdout, stderr } = asked();
    assert.equal(stderr, '');
    assert.equal(status, 3);
    assert.match(stdout, /^MEDIUM ssh-from-internet: 10\.0\.0\.5:22\n {2}2026-11-23T12:00:00Z to /);
    assert.match(stdout, /1 finding of 42 detections, 1 of them new\./);
    assert.match(stdout, /Not asked \(they need the network: .*\): interface-not-covered, /);
    const words = /records {2}flowgauge query --from \S+ '(.*)'\n/.exec(stdout)![1]!.replaceAll(String.raw`'\''`, "'");
    const query = spawnSync(FLOWGAUGE, ['query', '--from', from, '-o', 'json', words], { encoding: 'utf8' });
    assert.equal(query.stdout.trim().split('\n').length, 2, query.stderr);
  });

  it('asks only what is wanted, with the parameters that are given', () => {
    assert.equal(asked('--only', 'port-scan').status, 0);
    const { status, stdout } = asked('--only', 'port-scan', '--param', 'port-scan.least=50', '--json');
    assert.equal(status, 3);
    const report = JSON.parse(stdout) as DetectReport;
    assert.deepEqual(
      report.findings.map(({ detection, facts }) => [detection, facts['ports_without_answer']]),
      [['port-scan', 70]],
    );
    assert.equal(report.findings[0]!.evidence.records!.length, 5);
    assert.equal(report.asked, 1);
    assert.equal(asked('--severity', 'high').status, 0);
  });

  it('prints JSON lines of ECS and OCSF', () => {
    for (const form of ['ecs', 'ocsf']) {
      const { stdout } = asked('-o', form);
      assert.equal(stdout.trim().split('\n').length, 1);
      assert.match(stdout, form === 'ecs' ? /"kind":"alert"/ : /"class_uid":2004/);
    }
  });

  it('lists what was kept, and is silent about what is suppressed until that is lifted', () => {
    asked();
    const kept = JSON.parse(detect('list', '--last', '3650d', '--json').stdout) as KeptFinding[];
    const ssh = kept.find(({ detection }) => detection === 'ssh-from-internet')!;
    assert.equal(ssh.source, from);
    const suppressed = detect('suppress', ssh.id, '--for', '2h', '--reason', 'a bastion');
    assert.match(suppressed.stdout, /^1: ssh-from-internet about 10\.0\.0\.5:22 is suppressed until /);
    assert.match(detect('suppress', '--list').stdout, /a bastion/);
    const hidden = asked('--only', 'ssh-from-internet');
    assert.deepEqual([hidden.status, /1 more suppressed \(--all\)/.test(hidden.stdout)], [0, true]);
    assert.match(asked('--only', 'ssh-from-internet', '--all').stdout, /suppressed until/);
    assert.equal(detect('suppress', '--lift', '1').status, 0);
    assert.equal(asked('--only', 'ssh-from-internet').status, 3);
    assert.match(
      detect('suppress', '--detection', 'ssh-from-internet', '--address', '10.0.0.5').stdout,
      /about 10\.0\.0\.5/,
    );
    assert.equal(asked('--only', 'ssh-from-internet').status, 0);
    detect('suppress', '--lift', '2');
  });

  it('says what is wrong with a command line, and what would do', () => {
    const wrong = (...words: string[]): string => {
      const { status, stderr } = detect(...words);
      assert.equal(status, 2, stderr);
      return stderr;
    };
    assert.match(wrong('--from', from, '--only', 'port-scam'), /there is port-scan.*FG_DETECTION_UNKNOWN/);
    assert.match(wrong('--from', from, '--param', 'least=5'), /FG_DETECTION_PARAMETER/);
    assert.match(wrong('--from', from, '--param', 'port-scan.most=5'), /FG_PARAMETER_UNKNOWN/);
    // A threshold that nobody takes would be taken for one that holds.
    assert.match(wrong('--from', from, '--param', 'port-scam.least=5'), /there is port-scan.*FG_DETECTION_UNKNOWN/);
    assert.match(wrong('--from', from, '--only', 'beacon', '--param', 'port-scan.least=many'), /FG_PARAMETER_VALUE/);
    assert.match(wrong('--from', from, '--param', 'port-scan.least=many'), /FG_PARAMETER_VALUE/);
    assert.match(wrong('suppress'), /FG_SUPPRESS_WHAT/);
    assert.match(wrong('suppress', 'fnd-9'), /FG_FINDING_UNKNOWN/);
    assert.match(wrong('suppress', '--lift', '77'), /FG_SUPPRESSION_UNKNOWN/);
    const { status, stderr } = spawnSync(FLOWGAUGE, ['detect', 'list', '--data', join(directory, 'none')], {
      encoding: 'utf8',
    });
    assert.deepEqual([status, /FG_FINDINGS_NONE/.test(stderr)], [2, true]);
  });

  it('shows what a detection means, takes and asks, as SQL that runs over the records alone', () => {
    const all = spawnSync(FLOWGAUGE, ['detect', 'show'], { encoding: 'utf8' });
    assert.match(all.stdout, /\nport-scan +low +T1046/);
    const { stdout } = spawnSync(FLOWGAUGE, ['detect', 'show', 'ssh-from-internet'], { encoding: 'utf8' });
    assert.match(stdout, /Parameters .*\n {2}ports +ports that are not for the internet \(default 22\)/);
    const sql = stdout.slice(stdout.indexOf('WITH fg_ends'));
    const query = spawnSync(FLOWGAUGE, ['query', '--from', from, '-o', 'json', sql], { encoding: 'utf8' });
    assert.match(query.stdout, /"server":"10\.0\.0\.5"/, query.stderr);
  });
});
