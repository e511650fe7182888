import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Suggestion } from './suggest.ts';
import { written } from './written.ts';

test('a group whose id a model made up is one word of the commands and no more than a string of Terraform', () => {
  const rule = { direction: 'ingress', protocol: 'tcp', ports: '22', peer: "sg-'$(id)", keeps: null };
  const told = { group: 'sg-1;${id}', rules: [rule], superfluous: ['sgr-1;id'], superfluousEgress: [] };
  const suggestion = told as unknown as Suggestion;
  const commands = written(suggestion, 'aws-cli');
  assert.match(commands, /authorize-security-group-ingress --group-id 'sg-1;\$\{id\}' --ip-permissions '/);
  assert.match(commands, /"GroupId":"sg-'\\''\$\(id\)"/);
  assert.match(commands, /--security-group-rule-ids 'sgr-1;id'\n/);
  assert.match(written(suggestion, 'terraform'), /security_group_id += "sg-1;\$\$\{id\}"/);
});
