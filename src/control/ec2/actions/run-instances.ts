/**
 * RunInstances: instances that have interfaces, and run nothing.
 *
 * In:    an image's name, a type, a subnet or interfaces, how many. Out: the reservation; instances are pending, and running with
 *        the next look.
 * Holds: as many as MaxCount says are made, or none. User data is not kept.
 * Fails: as `instance-errors.ts` and `interface-errors.ts` list them, `….NotFound`, `….Malformed`, those of tags.
 * @see EC2 API Reference, "RunInstances", August 2026
 */
import { randomUUID } from 'node:crypto';
import type { Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import type { WriteContext } from '../action.ts';
import { missingParameter, oneOf } from '../errors.ts';
import { instanceError } from '../instance-errors.ts';
import { addDevice, devicesOf, isForOne } from '../instance-interfaces.ts';
import type { Device } from '../instance-interfaces.ts';
import { describedInstance, instanceAt, isArm, STATES } from '../instances.ts';
import type { Instance } from '../instances.ts';
import type { Input } from '../items.ts';
import { sweep } from '../seen-for-a-while.ts';
import { tagsFor } from '../tags.ts';
import type { Tag } from '../tags.ts';

const MOST_INSTANCES = 1000;
/** Kinds that a call may tag; those without a thing here are accepted and come to nothing. */
const TAGGED = ['instance', 'network-interface', 'volume', 'spot-instances-request', 'elastic-gpu'];
/** As on AWS; from before Nitro, so its windows may be 600 s long. */
const DEFAULT_TYPE = 'm1.small';

export const runInstances = writeAction<RunInstancesRequest, Reservation>({
  name: 'RunInstances',
  run(input, context) {
    const { account, newId, resources } = context;
    const { MinCount: least, MaxCount: most } = input;
    if (least < 1 || most < least || most > MOST_INSTANCES) throw instanceError('count', least, most);
    if (input.LaunchTemplate !== undefined) throw instanceError('notHere', 'LaunchTemplate');
    if (input.ImageId === undefined) throw missingParameter('ImageId');
    const devices = devicesOf(context, input);
    if (most > 1 && isForOne(devices)) throw instanceError('oneOnly');
    sweep(context, 'Instances', instanceAt);
    const reservation = newId('r-');
    const tags = tagsOfCall(input, 'instance');
    const interfaceTags = tagsOfCall(input, 'network-interface');
    const made = Array.from({ length: most }, (_, i) => {
      const item = newInstance(context, input, devices[0]!, i, reservation, tags);
      resources.put('Instances', item);
      for (const device of devices) addDevice(context, item.InstanceId ?? '', device, interfaceTags);
      return { ...describedInstance(resources, item), State: STATES.pending };
    });
    return { ReservationId: reservation, OwnerId: account, Groups: [], Instances: made };
  },
});

function tagsOfCall({ TagSpecifications: all = [] }: Input<RunInstancesRequest>, kind: string): Tag[] {
  const stranger = all.find(({ ResourceType: type = '' }) => !TAGGED.includes(type));
  if (stranger !== undefined) throw instanceError('tagType', stranger.ResourceType ?? '');
  return tagsFor(
    kind,
    all.filter(({ ResourceType: type }) => type === kind),
  );
}

function newInstance(
  { newId, now }: WriteContext,
  input: Input<RunInstancesRequest>,
  { subnet }: Device,
  index: number,
  reservation: string,
  tags: readonly Tag[],
): Instance {
  const { InstanceType: type = DEFAULT_TYPE } = input;
  const behavior = oneOf('InstanceInitiatedShutdownBehavior', input.InstanceInitiatedShutdownBehavior, [
    'stop',
    'terminate',
  ]);
  return {
    AmiLaunchIndex: index,
    Architecture: isArm(type) ? 'arm64' : 'x86_64',
    BlockDeviceMappings: [],
    ClientToken: input.ClientToken ?? randomUUID(),
    EbsOptimized: input.EbsOptimized ?? false,
    EnaSupport: true,
    Hypervisor: 'xen',
    ImageId: input.ImageId,
    InstanceId: newId('i-'),
    InstanceType: type,
    ...(input.KeyName === undefined ? {} : { KeyName: input.KeyName }),
    LaunchTime: now.toISOString(),
    MetadataOptions: {
      State: 'applied',
      HttpTokens: input.MetadataOptions?.HttpTokens ?? 'optional',
      HttpPutResponseHopLimit: input.MetadataOptions?.HttpPutResponseHopLimit ?? 1,
      HttpEndpoint: input.MetadataOptions?.HttpEndpoint ?? 'enabled',
      HttpProtocolIpv6: 'disabled',
      InstanceMetadataTags: input.MetadataOptions?.InstanceMetadataTags ?? 'disabled',
    },
    Monitoring: { State: input.Monitoring?.Enabled === true ? 'enabled' : 'disabled' },
    Placement: {
      AvailabilityZone: subnet.AvailabilityZone,
      GroupName: '',
      Tenancy: input.Placement?.Tenancy ?? 'default',
    },
    PrivateDnsName: '',
    ProductCodes: [],
    PublicDnsName: '',
    ReservationId: reservation,
    RootDeviceName: '/dev/xvda',
    RootDeviceType: 'ebs',
    State: STATES.running,
    StateTransitionReason: '',
    SubnetId: subnet.SubnetId,
    Tags: tags,
    VirtualizationType: 'hvm',
    VpcId: subnet.VpcId,
    DisableApiTermination: input.DisableApiTermination ?? false,
    DisableApiStop: input.DisableApiStop ?? false,
    ShutdownBehavior: behavior ?? 'stop',
  };
}
