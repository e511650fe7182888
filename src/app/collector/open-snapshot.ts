/**
 * The network of a capture that comes without a model: one interface of which nothing is known (rule P5).
 *
 * In:    nothing. Out: a snapshot whose records print `-` for everything but the packets.
 */
import type { Interface, VpcSnapshot } from '../../network/vpc/snapshot.ts';

const NOTHING: Interface = {
  number: 0,
  id: '-',
  accountId: '000000000000',
  region: 'us-east-1',
  vpcId: null,
  subnetId: null,
  vpc: 0,
  subnet: 0,
  instanceId: null,
  azId: null,
  sublocationType: null,
  sublocationId: null,
  kind: 'interface',
  kindWord: null,
  resourceId: null,
  primary4: null,
  addresses: [],
  prefixes: [],
  mac: null,
  groups: [],
  sourceDestCheck: false,
  nitro: true,
  interfaceTags: {},
  instanceTags: {},
  asgTags: null,
  ecs: null,
};

/** A snapshot of one interface, number 1, `eni-00000000000000000`. */
export function openSnapshot(): VpcSnapshot {
  return {
    version: 1,
    validFromMicros: 0,
    interfaces: [NOTHING, { ...NOTHING, number: 1, id: 'eni-00000000000000000' }],
    rules: [],
    groups: [],
    acls: [],
    subnets: [],
    vpcs: [],
    routeTables: [],
    flowLogs: [],
    blockPublicAccess: [],
    notUnderstood: [],
  };
}
