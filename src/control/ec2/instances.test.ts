import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resources } from './action.ts';
import { describedInstance } from './instances.ts';

/** `count` instances with an interface each, all of one VPC; `seen` counts what was looked at. */
function crowd(count: number): { readonly resources: Resources; seen: number } {
  const items = Array.from({ length: count }, (_, i) => ({
    NetworkInterfaceId: `eni-${i}`,
    VpcId: 'vpc-1',
    PrivateIpAddress: `10.0.0.${i}`,
    Attachment: { InstanceId: `i-${i}`, DeviceIndex: 0 },
  }));
  const byInstance = new Map(items.map((item) => [item.Attachment.InstanceId, [item]]));
  const give = <T>(list: readonly T[]): readonly T[] => {
    counted.seen += list.length;
    return list;
  };
  const resources = {
    get: () => undefined,
    list: () => give(items),
    where: (_kind: string, member: string, value: string) =>
      give(member === 'Attachment.InstanceId' ? (byInstance.get(value) ?? []) : items),
  } as unknown as Resources;
  const counted = { resources, seen: 0 };
  return counted;
}

test('describing instances of a large VPC looks at the interfaces of each alone', () => {
  const all = crowd(200);
  for (let i = 0; i < 200; i++) {
    const described = describedInstance(all.resources, { InstanceId: `i-${i}`, VpcId: 'vpc-1' });
    assert.equal(described.PrivateIpAddress, `10.0.0.${i}`);
  }
  assert.equal(all.seen, 200);
});
