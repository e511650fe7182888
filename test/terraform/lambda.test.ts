/**
 * The Terraform module of the function for Lambda: formatted, valid for the provider, and planned whole against moto.
 *
 * By hand, where `terraform` and a mirror of the provider are (`apply.test.ts` says which).
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { zipOf } from '../../scripts/build-lambda.ts';
import { startMoto } from '../servers/moto.ts';

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

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-lambda-tf-'));
after(() => rmSync(directory, { recursive: true }));

function terraform(command: string, endpoint: string): string {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: directory,
    CHECKPOINT_DISABLE: '1',
    TF_CLI_CONFIG_FILE: existsSync(given) ? given : join(directory, 'rc'),
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const done = spawnSync('terraform', [...command.split(' '), '-no-color'], {
    cwd: directory,
    env,
    encoding: 'utf8',
    timeout: 240_000,
  });
  assert.equal(done.status, 0, `${command}: ${done.stdout}${done.stderr}`);
  return done.stdout;
}

test('the module is formatted, valid, and applies whole', { skip: missing ?? false }, async () => {
  cpSync(join(import.meta.dirname, '../../deploy/lambda'), join(directory, 'module'), { recursive: true });
  writeFileSync(
    join(directory, 'rc'),
    `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`,
  );
  writeFileSync(join(directory, 'lambda.zip'), zipOf('index.mjs', Buffer.from('export const handler = () => null;\n')));
  writeFileSync(
    join(directory, 'main.tf'),
    `provider "aws" {
  region                      = "eu-west-1"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}

module "watch" {
  source            = "./module"
  package           = "lambda.zip"
  bucket            = "flow-logs-of-ours"
  search_url        = "https://search.example.com"
  search_domain_arn = "arn:aws:es:eu-west-1:123456789012:domain/logs"
}
`,
  );
  const moto = await startMoto();
  try {
    terraform('fmt -check -recursive', moto.endpoint);
    terraform('init -input=false', moto.endpoint);
    assert.match(terraform('validate', moto.endpoint), /The configuration is valid/);
    assert.match(
      terraform('apply -auto-approve -input=false', moto.endpoint),
      /Apply complete! Resources: 1\d added, 0 changed, 0 destroyed/,
    );
  } finally {
    await moto.stop();
  }
});
