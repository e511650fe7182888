/**
 * A change as people make it: with aws-cli, with Terraform.
 *
 * In:    changes as EC2 takes them. Out: commands; HCL for the AWS provider.
 * Holds: what another account must do has its account as a comment, for what it must name there is not known here.
 */
import type { Change, Permission } from '../../api/explanation.ts';
import { shellWord, terraformString } from '../../model/shell-word.ts';

/** The command for one change. */
export function awsCommand(change: Change): string {
  const where = 'OwnerId' in change && change.OwnerId ? ` # in account ${change.OwnerId}, ${change.VpcId}` : '';
  switch (change.action) {
    case 'AuthorizeSecurityGroupIngress':
    case 'AuthorizeSecurityGroupEgress': {
      const verb = change.action === 'AuthorizeSecurityGroupIngress' ? 'ingress' : 'egress';
      const permissions = change.IpPermissions.map(shorthand).join(' ');
      return `aws ec2 authorize-security-group-${verb} --group-id ${shellWord(change.GroupId ?? 'GROUP')} --ip-permissions ${shellWord(permissions)}${where}`;
    }
    case 'CreateNetworkAclEntry': {
      const block =
        change.CidrBlock === undefined
          ? `--ipv6-cidr-block ${change.Ipv6CidrBlock}`
          : `--cidr-block ${change.CidrBlock}`;
      const ports = change.PortRange ? ` --port-range From=${change.PortRange.From},To=${change.PortRange.To}` : '';
      const icmp = change.IcmpTypeCode
        ? ` --icmp-type-code Type=${change.IcmpTypeCode.Type},Code=${change.IcmpTypeCode.Code}`
        : '';
      return `aws ec2 create-network-acl-entry --network-acl-id ${shellWord(change.NetworkAclId)} --${change.Egress ? 'egress' : 'ingress'} --rule-number ${change.RuleNumber} --protocol ${change.Protocol} ${block}${ports}${icmp} --rule-action allow`;
    }
    case 'CreateRoute': {
      const block =
        change.DestinationCidrBlock === undefined
          ? `--destination-ipv6-cidr-block ${change.DestinationIpv6CidrBlock}`
          : `--destination-cidr-block ${change.DestinationCidrBlock}`;
      const target = change.VpcPeeringConnectionId
        ? `--vpc-peering-connection-id ${shellWord(change.VpcPeeringConnectionId)}`
        : change.NatGatewayId
          ? `--nat-gateway-id ${shellWord(change.NatGatewayId)}`
          : `--gateway-id ${shellWord(change.GatewayId ?? 'GATEWAY')}`;
      return `aws ec2 create-route --route-table-id ${shellWord(change.RouteTableId ?? 'ROUTE-TABLE')} ${block} ${target}${where}`;
    }
    case 'ModifyNetworkInterfaceAttribute':
      return `aws ec2 modify-network-interface-attribute --network-interface-id ${shellWord(change.NetworkInterfaceId)} --no-source-dest-check`;
    case 'AssociateAddress':
      return `aws ec2 associate-address --allocation-id "$(aws ec2 allocate-address --query AllocationId --output text)" --network-interface-id ${shellWord(change.NetworkInterfaceId)} --private-ip-address ${shellWord(change.PrivateIpAddress)}`;
    case 'CreateVpcBlockPublicAccessExclusion':
      return `aws ec2 create-vpc-block-public-access-exclusion --subnet-id ${shellWord(change.SubnetId)} --internet-gateway-exclusion-mode ${change.InternetGatewayExclusionMode}`;
  }
}

function shorthand({ IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges, UserIdGroupPairs }: Permission): string {
  return [
    `IpProtocol=${IpProtocol}`,
    ...(FromPort === undefined ? [] : [`FromPort=${FromPort}`]),
    ...(ToPort === undefined ? [] : [`ToPort=${ToPort}`]),
    ...(IpRanges ?? []).map(({ CidrIp }) => `IpRanges=[{CidrIp=${CidrIp}}]`),
    ...(Ipv6Ranges ?? []).map(({ CidrIpv6 }) => `Ipv6Ranges=[{CidrIpv6=${CidrIpv6}}]`),
    ...(UserIdGroupPairs ?? []).map(({ GroupId }) => `UserIdGroupPairs=[{GroupId=${GroupId}}]`),
  ].join(',');
}

type Argument = readonly [name: string, value: string | number | boolean | undefined];

/** HCL for all of them, one block each. */
export function terraformText(changes: readonly Change[]): string {
  return changes.map((change, i) => resource(change, `opened_${i + 1}`)).join('\n\n');
}

function block(type: string, name: string, all: readonly Argument[], before = ''): string {
  const given = all.filter(([, value]) => value !== undefined);
  const width = Math.max(...given.map(([key]) => key.length));
  const lines = given.map(([key, value]) => {
    const isName = typeof value === 'string' && /^aws_[\w.]+$/u.test(value);
    return `  ${key.padEnd(width)} = ${isName ? value : typeof value === 'string' ? terraformString(value) : value}`;
  });
  return [...(before === '' ? [] : [before]), `resource "${type}" "${name}" {`, ...lines, '}'].join('\n');
}

function resource(change: Change, name: string): string {
  const before = 'OwnerId' in change && change.OwnerId ? `# in account ${change.OwnerId}, ${change.VpcId}` : '';
  switch (change.action) {
    case 'AuthorizeSecurityGroupIngress':
    case 'AuthorizeSecurityGroupEgress': {
      const verb = change.action === 'AuthorizeSecurityGroupIngress' ? 'ingress' : 'egress';
      const [one] = change.IpPermissions;
      const all: Argument[] = [
        ['security_group_id', change.GroupId ?? 'GROUP'],
        ['ip_protocol', one?.IpProtocol],
        ['from_port', one?.FromPort],
        ['to_port', one?.ToPort],
        ['cidr_ipv4', one?.IpRanges?.[0]?.CidrIp],
        ['cidr_ipv6', one?.Ipv6Ranges?.[0]?.CidrIpv6],
        ['referenced_security_group_id', one?.UserIdGroupPairs?.[0]?.GroupId],
      ];
      return block(`aws_vpc_security_group_${verb}_rule`, name, all, before);
    }
    case 'CreateNetworkAclEntry':
      return block('aws_network_acl_rule', name, [
        ['network_acl_id', change.NetworkAclId],
        ['egress', change.Egress],
        ['rule_number', change.RuleNumber],
        ['rule_action', change.RuleAction],
        ['protocol', change.Protocol],
        ['cidr_block', change.CidrBlock],
        ['ipv6_cidr_block', change.Ipv6CidrBlock],
        ['from_port', change.PortRange?.From],
        ['to_port', change.PortRange?.To],
        ['icmp_type', change.IcmpTypeCode?.Type],
        ['icmp_code', change.IcmpTypeCode?.Code],
      ]);
    case 'CreateRoute': {
      const all: Argument[] = [
        ['route_table_id', change.RouteTableId ?? 'ROUTE-TABLE'],
        ['destination_cidr_block', change.DestinationCidrBlock],
        ['destination_ipv6_cidr_block', change.DestinationIpv6CidrBlock],
        ['vpc_peering_connection_id', change.VpcPeeringConnectionId],
        ['nat_gateway_id', change.NatGatewayId],
        ['gateway_id', change.GatewayId],
      ];
      return block('aws_route', name, all, before);
    }
    case 'ModifyNetworkInterfaceAttribute':
      return `# in the aws_network_interface or aws_instance of ${change.NetworkInterfaceId}\nsource_dest_check = false`;
    case 'AssociateAddress':
      return [
        block('aws_eip', name, [['domain', 'vpc']]),
        block('aws_eip_association', name, [
          ['allocation_id', `aws_eip.${name}.id`],
          ['network_interface_id', change.NetworkInterfaceId],
          ['private_ip_address', change.PrivateIpAddress],
        ]),
      ].join('\n\n');
    case 'CreateVpcBlockPublicAccessExclusion':
      return block('aws_vpc_block_public_access_exclusion', name, [
        ['subnet_id', change.SubnetId],
        ['internet_gateway_exclusion_mode', change.InternetGatewayExclusionMode],
      ]);
  }
}
