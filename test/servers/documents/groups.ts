/** What aws-cli prints of security groups, their rules, and managed prefix lists. */
import { ACCOUNT, REGION } from '../../../src/control/ec2/ec2.fixture.ts';
import { refused } from '../document-steps.ts';
import type { Step } from '../document-steps.ts';

const rule = (name: string, group: string, isEgress: boolean, content: object): object => ({
  SecurityGroupRuleId: `<sgr-${name}>`,
  GroupId: `<sg-${group}>`,
  GroupOwnerId: ACCOUNT,
  IsEgress: isEgress,
  ...content,
  Tags: [],
  SecurityGroupRuleArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group-rule/<sgr-${name}>`,
});
const revoked = (name: string, group: string, isEgress: boolean, content: object): object => ({
  SecurityGroupRuleId: `<sgr-${name}>`,
  GroupId: `<sg-${group}>`,
  IsEgress: isEgress,
  ...content,
});
const HTTPS = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
const ANY = { IpProtocol: '-1', FromPort: -1, ToPort: -1 };
const NONE = { UserIdGroupPairs: [], IpRanges: [], Ipv6Ranges: [], PrefixListIds: [] };
const list = (state: string, version: number, more: object = {}): object => ({
  PrefixListId: '<pl-office>',
  AddressFamily: 'IPv4',
  State: state,
  PrefixListArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:prefix-list/<pl-office>`,
  PrefixListName: 'office',
  MaxEntries: 3,
  Version: version,
  Tags: [{ Key: 'of', Value: 'Köln &<' }],
  OwnerId: ACCOUNT,
  ...more,
});

export const GROUPS: readonly Step[] = [
  ['create-vpc --cidr-block 10.0.0.0/16 --query Vpc.VpcId', '<vpc-a>'],
  [
    "create-managed-prefix-list --prefix-list-name office --address-family IPv4 --max-entries 3 --entries 'Cidr=192.0.2.0/24,Description=first floor' --tag-specifications 'ResourceType=prefix-list,Tags=[{Key=of,Value=Köln &<}]'",
    { PrefixList: list('create-in-progress', 1) },
  ],
  [
    'modify-managed-prefix-list --prefix-list-id <pl-office> --current-version 1 --add-entries Cidr=198.51.100.0/24 --remove-entries Cidr=192.0.2.0/24',
    { PrefixList: list('modify-in-progress', 2) },
  ],
  ['describe-managed-prefix-lists --prefix-list-ids <pl-office>', { PrefixLists: [list('modify-complete', 2)] }],
  ['get-managed-prefix-list-entries --prefix-list-id <pl-office>', { Entries: [{ Cidr: '198.51.100.0/24' }] }],
  [
    "create-security-group --vpc-id <vpc-a> --group-name web --description 'web servers' --tag-specifications 'ResourceType=security-group,Tags=[{Key=Name,Value=web}]'",
    {
      GroupId: '<sg-web>',
      Tags: [{ Key: 'Name', Value: 'web' }],
      SecurityGroupArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/<sg-web>`,
    },
  ],
  [
    'create-security-group --vpc-id <vpc-a> --group-name web --description again',
    refused('InvalidGroup.Duplicate', "The security group 'web' already exists for VPC '<vpc-a>'"),
  ],
  [
    "authorize-security-group-ingress --group-id <sg-web> --ip-permissions 'IpProtocol=tcp,FromPort=443,ToPort=443,IpRanges=[{CidrIp=10.0.0.0/8,Description=inside}],UserIdGroupPairs=[{GroupId=<sg-web>}],PrefixListIds=[{PrefixListId=<pl-office>}]'",
    {
      Return: true,
      SecurityGroupRules: [
        rule('net', 'web', false, { ...HTTPS, CidrIpv4: '10.0.0.0/8', Description: 'inside' }),
        rule('list', 'web', false, { ...HTTPS, PrefixListId: '<pl-office>' }),
        rule('own', 'web', false, { ...HTTPS, ReferencedGroupInfo: { GroupId: '<sg-web>', UserId: ACCOUNT } }),
      ],
    },
  ],
  [
    'authorize-security-group-ingress --group-id <sg-web> --protocol tcp --port 443 --cidr 10.0.0.0/8',
    refused(
      'InvalidPermission.Duplicate',
      'the specified rule "peer: 10.0.0.0/8, TCP, from port: 443, to port: 443, ALLOW" already exists',
    ),
  ],
  [
    'authorize-security-group-egress --group-id <sg-web> --protocol icmp --port -1 --cidr 192.0.2.0/24',
    {
      Return: true,
      SecurityGroupRules: [
        rule('ping', 'web', true, { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, CidrIpv4: '192.0.2.0/24' }),
      ],
    },
  ],
  [
    "modify-security-group-rules --group-id <sg-web> --security-group-rules 'SecurityGroupRuleId=<sgr-net>,SecurityGroupRule={IpProtocol=tcp,FromPort=8443,ToPort=8444,CidrIpv4=10.0.0.0/8,Description=other}'",
    { Return: true },
  ],
  [
    "update-security-group-rule-descriptions-ingress --group-id <sg-web> --security-group-rule-descriptions 'SecurityGroupRuleId=<sgr-list>,Description=the office'",
    { Return: true },
  ],
  [
    "update-security-group-rule-descriptions-egress --group-id <sg-web> --ip-permissions 'IpProtocol=icmp,FromPort=-1,ToPort=-1,IpRanges=[{CidrIp=192.0.2.0/24,Description=ping}]'",
    { Return: true },
  ],
  [
    'describe-security-group-rules --security-group-rule-ids <sgr-net> <sgr-list> <sgr-ping>',
    {
      SecurityGroupRules: [
        rule('net', 'web', false, {
          IpProtocol: 'tcp',
          FromPort: 8443,
          ToPort: 8444,
          CidrIpv4: '10.0.0.0/8',
          Description: 'other',
        }),
        rule('list', 'web', false, { ...HTTPS, PrefixListId: '<pl-office>', Description: 'the office' }),
        rule('ping', 'web', true, {
          IpProtocol: 'icmp',
          FromPort: -1,
          ToPort: -1,
          CidrIpv4: '192.0.2.0/24',
          Description: 'ping',
        }),
      ],
    },
  ],
  [
    'revoke-security-group-ingress --group-id <sg-web> --security-group-rule-ids <sgr-net>',
    {
      Return: true,
      UnknownIpPermissions: [],
      RevokedSecurityGroupRules: [
        revoked('net', 'web', false, {
          IpProtocol: 'tcp',
          FromPort: 8443,
          ToPort: 8444,
          CidrIpv4: '10.0.0.0/8',
          Description: 'other',
        }),
      ],
    },
  ],
  [
    'revoke-security-group-ingress --group-id <sg-web> --protocol tcp --port 443 --source-group <sg-web>',
    {
      Return: true,
      UnknownIpPermissions: [],
      RevokedSecurityGroupRules: [revoked('own', 'web', false, { ...HTTPS, ReferencedGroupId: '<sg-web>' })],
    },
  ],
  [
    "revoke-security-group-egress --group-id <sg-web> --ip-permissions 'IpProtocol=-1,IpRanges=[{CidrIp=0.0.0.0/0}]'",
    {
      Return: true,
      UnknownIpPermissions: [],
      RevokedSecurityGroupRules: [revoked('all', 'web', true, { ...ANY, CidrIpv4: '0.0.0.0/0' })],
    },
  ],
  [
    'revoke-security-group-ingress --group-id <sg-web> --protocol tcp --port 22 --cidr 10.0.0.0/8',
    refused('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.'),
  ],
  [
    'describe-security-groups --group-ids <sg-web>',
    {
      SecurityGroups: [
        {
          Description: 'web servers',
          GroupName: 'web',
          IpPermissions: [
            { ...NONE, ...HTTPS, PrefixListIds: [{ Description: 'the office', PrefixListId: '<pl-office>' }] },
          ],
          OwnerId: ACCOUNT,
          GroupId: '<sg-web>',
          IpPermissionsEgress: [
            {
              ...NONE,
              IpProtocol: 'icmp',
              FromPort: -1,
              ToPort: -1,
              IpRanges: [{ CidrIp: '192.0.2.0/24', Description: 'ping' }],
            },
          ],
          Tags: [{ Key: 'Name', Value: 'web' }],
          VpcId: '<vpc-a>',
          SecurityGroupArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/<sg-web>`,
        },
      ],
    },
  ],
  [
    'delete-managed-prefix-list --prefix-list-id <pl-office>',
    refused('DependencyViolation', "The prefix list '<pl-office>' has dependencies and cannot be deleted."),
  ],
  ['delete-security-group --group-id <sg-web>', { Return: true, GroupId: '<sg-web>' }],
  ['delete-managed-prefix-list --prefix-list-id <pl-office>', { PrefixList: list('delete-in-progress', 2) }],
  [
    'delete-security-group --group-id <sg-web>',
    refused('InvalidGroup.NotFound', "The security group '<sg-web>' does not exist"),
  ],
];

const entry = (number: number, isEgress: boolean, action: string, more: object): object => ({
  Egress: isEgress,
  RuleAction: action,
  RuleNumber: number,
  ...more,
});
const ALL = { CidrBlock: '0.0.0.0/0', Protocol: '-1' };
const LAST = [entry(32767, true, 'deny', ALL), entry(32767, false, 'deny', ALL)];
const acl = (entries: readonly object[], associations: readonly object[]): object => ({
  Associations: associations,
  Entries: entries,
  IsDefault: false,
  NetworkAclId: '<acl-own>',
  Tags: [{ Key: 'Name', Value: 'a' }],
  VpcId: '<vpc-a>',
  OwnerId: ACCOUNT,
});

export const ACLS: readonly Step[] = [
  ['create-vpc --cidr-block 10.0.0.0/16 --query Vpc.VpcId', '<vpc-a>'],
  ['create-subnet --vpc-id <vpc-a> --cidr-block 10.0.1.0/24 --query Subnet.SubnetId', '<subnet-a>'],
  [
    'describe-network-acls --filters Name=vpc-id,Values=<vpc-a>',
    {
      NetworkAcls: [
        {
          ...acl(
            [true, false].flatMap((isEgress) => [
              entry(100, isEgress, 'allow', ALL),
              entry(32767, isEgress, 'deny', ALL),
            ]),
            [{ NetworkAclAssociationId: '<aclassoc-first>', NetworkAclId: '<acl-default>', SubnetId: '<subnet-a>' }],
          ),
          IsDefault: true,
          NetworkAclId: '<acl-default>',
          Tags: [],
        },
      ],
    },
  ],
  [
    "create-network-acl --vpc-id <vpc-a> --tag-specifications 'ResourceType=network-acl,Tags=[{Key=Name,Value=a}]'",
    { NetworkAcl: acl(LAST, []), ClientToken: '<token-acl>' },
  ],
  [
    'create-network-acl-entry --network-acl-id <acl-own> --ingress --rule-number 100 --protocol tcp --port-range From=22,To=23 --cidr-block 192.0.2.0/24 --rule-action allow',
    null,
  ],
  [
    'create-network-acl-entry --network-acl-id <acl-own> --egress --rule-number 100 --protocol icmp --icmp-type-code Type=8,Code=-1 --cidr-block 0.0.0.0/0 --rule-action allow',
    null,
  ],
  [
    'create-network-acl-entry --network-acl-id <acl-own> --ingress --rule-number 100 --protocol -1 --cidr-block 192.0.2.0/24 --rule-action deny',
    refused('NetworkAclEntryAlreadyExists', 'The network acl entry identified by 100 already exists.'),
  ],
  [
    'replace-network-acl-entry --network-acl-id <acl-own> --ingress --rule-number 100 --protocol -1 --cidr-block 192.0.2.0/24 --rule-action deny',
    null,
  ],
  [
    'replace-network-acl-association --association-id <aclassoc-first> --network-acl-id <acl-own>',
    { NewAssociationId: '<aclassoc-second>' },
  ],
  [
    'describe-network-acls --network-acl-ids <acl-own>',
    {
      NetworkAcls: [
        acl(
          [
            entry(100, true, 'allow', { CidrBlock: '0.0.0.0/0', IcmpTypeCode: { Code: -1, Type: 8 }, Protocol: '1' }),
            entry(32767, true, 'deny', ALL),
            entry(100, false, 'deny', { CidrBlock: '192.0.2.0/24', Protocol: '-1' }),
            entry(32767, false, 'deny', ALL),
          ],
          [{ NetworkAclAssociationId: '<aclassoc-second>', NetworkAclId: '<acl-own>', SubnetId: '<subnet-a>' }],
        ),
      ],
    },
  ],
  [
    'delete-network-acl --network-acl-id <acl-own>',
    refused('DependencyViolation', "The network ACL '<acl-own>' has dependencies and cannot be deleted."),
  ],
  [
    'delete-network-acl --network-acl-id <acl-default>',
    refused('InvalidParameterValue', 'cannot delete default network ACL <acl-default>'),
  ],
  ['delete-network-acl-entry --network-acl-id <acl-own> --ingress --rule-number 100', null],
  [
    'delete-network-acl-entry --network-acl-id <acl-own> --ingress --rule-number 100',
    refused('InvalidNetworkAclEntry.NotFound', 'The network acl entry identified by 100 does not exist.'),
  ],
  [
    'replace-network-acl-association --association-id <aclassoc-second> --network-acl-id <acl-default>',
    { NewAssociationId: '<aclassoc-third>' },
  ],
  ['delete-network-acl --network-acl-id <acl-own>', null],
  [
    'delete-network-acl --network-acl-id <acl-own>',
    refused('InvalidNetworkAclID.NotFound', "The networkAcl ID '<acl-own>' does not exist"),
  ],
];
