import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsCommand, terraformText } from './change-text.ts';

test('an id that a model made up is one word of the command and no more than a string of Terraform', () => {
  const change = {
    action: 'CreateVpcBlockPublicAccessExclusion',
    SubnetId: "subnet-1;id'${x}",
    InternetGatewayExclusionMode: 'allow-bidirectional',
  } as const;
  assert.match(awsCommand(change), /--subnet-id 'subnet-1;id'\\''\$\{x\}' --internet/);
  const group = { action: 'AuthorizeSecurityGroupIngress', GroupId: 'sg-${file(1)}', IpPermissions: [] } as const;
  assert.match(awsCommand(group), /--group-id 'sg-\$\{file\(1\)\}' /);
  assert.match(terraformText([group]), /security_group_id += "sg-\$\$\{file\(1\)\}"/);
});
