/**
 * DescribeVpcEndpointServices: services that common modules make endpoints for.
 *
 * In:    names, filters, a page. Out: names, and for each what types of endpoint it has.
 * Holds: an endpoint of the interface type can be made for any other name of the region, too.
 * Fails: `InvalidServiceName`, those of filters and pages.
 * @see EC2 API Reference, "DescribeVpcEndpointServices", August 2026
 */
import { createHash } from 'node:crypto';
import type {
  DescribeVpcEndpointServicesRequest,
  DescribeVpcEndpointServicesResult,
  ServiceDetail,
} from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { endpointError } from '../endpoint-errors.ts';
import { filterBy } from '../filters.ts';
import type { FilterTable } from '../filters.ts';
import type { Plain } from '../items.ts';
import { pageOf } from '../pages.ts';
import { zonesOf } from '../regions.ts';

type Detail = Plain<ServiceDetail>;

const INTERFACES =
  'autoscaling ec2 ec2messages ecr.api ecr.dkr ecs ecs-agent ecs-telemetry elasticfilesystem elasticloadbalancing events execute-api kinesis-firehose kinesis-streams kms lambda logs monitoring rds s3 secretsmanager sns sqs ssm ssmmessages states sts'.split(
    ' ',
  );
const GATEWAYS = ['dynamodb', 's3'];

const FILTERS: FilterTable<Detail> = {
  owner: (one) => one.Owner,
  'service-name': (one) => one.ServiceName,
  'service-type': (one) => one.ServiceType?.map(({ ServiceType }) => ServiceType),
};

function detailOf(region: string, service: string, type: 'Gateway' | 'Interface'): Detail {
  const name = `com.amazonaws.${region}.${service}`;
  const short = service.split('.').reverse().join('.');
  return {
    ServiceName: name,
    ServiceId: `vpce-svc-${createHash('sha256').update(`${type} ${name}`).digest('hex').slice(0, 17)}`,
    ServiceType: [{ ServiceType: type }],
    AvailabilityZones: zonesOf(region).map((zone) => zone.name),
    Owner: 'amazon',
    BaseEndpointDnsNames: [
      type === 'Gateway' ? `${short}.${region}.amazonaws.com` : `${short}.${region}.vpce.amazonaws.com`,
    ],
    ...(type === 'Gateway' ? {} : { PrivateDnsName: `${short}.${region}.amazonaws.com` }),
    VpcEndpointPolicySupported: true,
    AcceptanceRequired: false,
    ManagesVpcEndpoints: false,
    Tags: [],
    SupportedIpAddressTypes: ['ipv4'],
  };
}

export const describeVpcEndpointServices = readAction<
  DescribeVpcEndpointServicesRequest,
  DescribeVpcEndpointServicesResult
>({
  name: 'DescribeVpcEndpointServices',
  run({ ServiceNames: names = [], Filters: filters, ServiceRegions: _regions, ...page }, { region }) {
    const all = [
      ...GATEWAYS.map((service) => detailOf(region, service, 'Gateway')),
      ...INTERFACES.map((service) => detailOf(region, service, 'Interface')),
    ];
    const unknown = names.find((name) => !all.some(({ ServiceName }) => ServiceName === name));
    if (unknown !== undefined) throw endpointError('service', unknown);
    const wanted = all
      .filter(({ ServiceName: name = '' }) => names.length === 0 || names.includes(name))
      .filter(filterBy(FILTERS, null, filters));
    const { items, ...next } = pageOf('endpoint services', wanted, ({ ServiceId: id = '' }) => id, page);
    const found = new Set(items.map(({ ServiceName: name = '' }) => name));
    return { ServiceNames: [...found], ServiceDetails: items, ...next };
  },
});
