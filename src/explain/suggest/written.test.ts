import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Suggestion } from '../../api/suggestion.ts';
import { written } from './written.ts';

test('takes away rules without an id by what they say, ICMP with type and code', () => {
  const superfluous = ['icmp/8-all/10.0.0.0/8', 'icmp/3-4/10.0.0.0/8', 'icmpv6/all/::/0', 'tcp/22-23/0.0.0.0/0'];
  const suggestion = { group: 'sg-a', rules: [], superfluous: superfluous.map((id) => `sg-a/in/${id}`) };
  const text = written({ ...suggestion, superfluousEgress: [] } as unknown as Suggestion, 'aws-cli');
  const [, permissions = ''] =
    /revoke-security-group-ingress --group-id sg-a --ip-permissions '(.*)'/u.exec(text) ?? [];
  assert.deepEqual(JSON.parse(permissions), [
    { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
    { IpProtocol: 'icmp', FromPort: 3, ToPort: 4, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
    { IpProtocol: 'icmpv6', FromPort: -1, ToPort: -1, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 23, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  ]);
});

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

test('Terraform imports the rules that are there, and names those that may go', () => {
  const rule = { direction: 'ingress', protocol: 'tcp', ports: '22', peer: '10.0.0.0/8' };
  const rules = [
    { ...rule, keeps: 'sgr-ssh' },
    { ...rule, ports: '443', keeps: null },
  ];
  const told = { group: 'sg-1', rules, superfluous: ['sgr-old\n}'], superfluousEgress: [] };
  const text = written(told as unknown as Suggestion, 'terraform');
  assert.match(
    text,
    /^import \{\n {2}to = aws_vpc_security_group_ingress_rule\.ingress_tcp_22_10_0_0_0_8\n {2}id = "sgr-ssh"\n\}\n\nresource /,
  );
  assert.equal(text.match(/^import/gmu)?.length, 1);
  assert.match(text, /\n# not needed; [^\n]+\n# {3}"sgr-old\\n\}"\n$/);
});
