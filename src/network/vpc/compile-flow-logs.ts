/**
 * Flow logs with the interfaces they cover.
 *
 * In:    facts, interfaces. Out: flow logs of the snapshot, in the order of the model.
 * Holds: a flow log of a VPC or subnet covers every interface in it. Those of transit gateways and regional NAT
 *        gateways are not understood and noted; one whose resource is not given covers nothing and is noted.
 */
import type { Compilation } from './compile.ts';
import type { FlowLog, Interface } from './snapshot.ts';

/** All flow logs that are understood. */
export function compileFlowLogs(c: Compilation): FlowLog[] {
  const { model } = c;
  const present = c.interfaces.list.filter((one) => model.interfaces.has(one.id) && one.vpcId !== null);
  const covers = {
    vpc: (id: string) => (one: Interface) => one.vpcId === id,
    subnet: (id: string) => (one: Interface) => one.subnetId === id,
    interface: (id: string) => (one: Interface) => one.id === id,
  };
  return [...model.flowLogs.values()].flatMap((fact): FlowLog[] => {
    const { resource, ...log } = fact;
    if (resource === 'not-understood') {
      c.note(`${log.id}: watches ${log.resourceId}, which is no VPC, subnet or interface`);
      return [];
    }
    const interfaces = present.filter(covers[resource](log.resourceId));
    if (interfaces.length === 0) c.note(`${log.id}: watches ${log.resourceId}, of which no interface is given`);
    const subnet = model.subnets.get(log.resourceId);
    const vpc = c.vpcs.list[c.vpcs.find(subnet?.vpcId ?? log.resourceId) || (interfaces[0]?.vpc ?? 0)];
    const own = resource === 'interface' ? interfaces[0] : undefined;
    return [
      {
        ...log,
        accountId: own?.accountId ?? subnet?.ownerId ?? vpc?.accountId ?? '000000000000',
        region: own?.region ?? vpc?.region ?? 'us-east-1',
        interfaces: interfaces.map((one) => one.number),
      },
    ];
  });
}
