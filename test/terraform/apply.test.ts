/**
 * Terraform itself, with its provider for AWS: apply, a second plan that is empty, replace on a changed format, changes in place, destroy.
 *
 * A suite of its own, by hand (`npm run test:terraform`, three minutes), where `terraform` and a mirror of the provider are:
 * TF_CLI_CONFIG_FILE, else one of Terraform's own folders. Neither is in Debian or a registry of packages; the calls that they
 * make are always in `control/ec2/terraform-calls.test.ts`.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ACCOUNT, KEY_IDS, OTHER_ACCOUNT, pretendEc2, SECRET } from '../../src/control/ec2/ec2.fixture.ts';
import type { Pretended } from '../../src/control/ec2/ec2.fixture.ts';
import { assertWhole, factsIn } from '../../src/control/ec2/facts.fixture.ts';

const PROVIDER = 'registry.terraform.io/hashicorp/aws';
const MIRRORS = [
  join(homedir(), '.terraform.d/plugins'),
  '/usr/local/share/terraform/plugins',
  '/usr/share/terraform/plugins',
  '/opt/tf-plugins',
];

const given = process.env['TF_CLI_CONFIG_FILE'] ?? '';
const mirror = MIRRORS.find((path) => existsSync(join(path, PROVIDER)));
const missing = ((): string | null => {
  if (spawnSync('terraform', ['version']).status !== 0) return 'terraform is not installed';
  return existsSync(given) || mirror !== undefined ? null : `no mirror of ${PROVIDER}: set TF_CLI_CONFIG_FILE`;
})();

let ec2: Pretended;
let directory = '';
let ticking: NodeJS.Timeout;
before(async () => {
  ec2 = await pretendEc2();
  // Terraform signs with the machine's time.
  ticking = setInterval(() => (ec2.clock.now = new Date()), 20);
  directory = mkdtempSync(join(tmpdir(), 'flowgauge-terraform-'));
  cpSync(join(import.meta.dirname, 'main.tf'), join(directory, 'main.tf'));
  const rc = `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`;
  writeFileSync(join(directory, 'rc'), rc);
});
after(async () => {
  clearInterval(ticking);
  await ec2.close();
  rmSync(directory, { recursive: true });
});

/** Its exit code and what it printed. */
async function terraform(command: string, variables: Readonly<Record<string, string>> = {}): Promise<[number, string]> {
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: directory,
    CHECKPOINT_DISABLE: '1',
    TF_CLI_CONFIG_FILE: existsSync(given) ? given : join(directory, 'rc'),
    TF_IN_AUTOMATION: '1',
    TF_VAR_endpoint: ec2.endpoint,
    AWS_ACCESS_KEY_ID: KEY_IDS.operate,
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_EC2_METADATA_DISABLED: 'true',
    // Of the peer, whose account is another.
    TF_VAR_peer_access_key: KEY_IDS.other,
    TF_VAR_peer_secret_key: SECRET,
    TF_VAR_peer_account: OTHER_ACCOUNT,
  };
  for (const [name, value] of Object.entries(variables)) env[`TF_VAR_${name}`] = value;
  const child = spawn('terraform', [...command.split(' '), '-no-color', '-input=false'], { cwd: directory, env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return [code, said];
}

/** Must go well, and say so. */
async function goes(command: string, words: RegExp, variables?: Readonly<Record<string, string>>): Promise<void> {
  const [code, said] = await terraform(command, variables);
  assert.equal(code, 0, said);
  assert.match(said, words);
}

/** With 2 it would change something. */
async function planIsEmpty(variables?: Readonly<Record<string, string>>): Promise<void> {
  const [code, said] = await terraform('plan -detailed-exitcode', variables);
  assert.equal(code, 0, said);
}

const flowLogs = (): (string | undefined)[] => factsIn(ec2.path).FlowLogs.map(({ LogFormat }) => LogFormat);

test('terraform applies, plans nothing more, replaces, changes and destroys', { skip: missing ?? false }, async () => {
  await goes('init', /successfully initialized/);
  await goes('apply -auto-approve', /Apply complete! Resources: \d+ added, 0 changed, 0 destroyed/);
  assert.equal(flowLogs().length, 3);
  assertWhole(factsIn(ec2.path));
  await planIsEmpty();

  const log_format = '${version} ${srcaddr} ${action}';
  await goes('apply -auto-approve', /Resources: 1 added, 0 changed, 1 destroyed/, { log_format });
  assert.equal(flowLogs().length, 3);
  assert.ok(flowLogs().includes(log_format));
  await planIsEmpty({ log_format });

  const changed = { log_format, description: 'database, changed', port: '5433', team: 'other' };
  await goes('apply -auto-approve', /Resources: \d+ added, [1-9]\d* changed, \d+ destroyed/, changed);
  assert.equal(flowLogs().length, 3);
  await planIsEmpty(changed);

  await goes('destroy -auto-approve', /Destroy complete! Resources: \d+ destroyed/, changed);
  for (const account of [ACCOUNT, OTHER_ACCOUNT]) {
    const { Vpcs: vpcs = [], FlowLogs: logs = [] } = ec2.current(account);
    assert.deepEqual([vpcs, logs], [[], []]);
  }
});
