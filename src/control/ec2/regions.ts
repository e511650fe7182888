/**
 * Regions and their zones, as DescribeRegions and DescribeAvailabilityZones tell of them.
 *
 * In:    nothing. Out: the regions of AWS's commercial partition that need no opting in, with three zones each.
 * Holds: a zone's id is made as AWS's are: the region in short, `-az` and a number.
 */

/** Name and what its zone ids begin with. */
const REGIONS: ReadonlyMap<string, string> = new Map([
  ['ap-northeast-1', 'apne1'],
  ['ap-northeast-2', 'apne2'],
  ['ap-northeast-3', 'apne3'],
  ['ap-south-1', 'aps1'],
  ['ap-southeast-1', 'apse1'],
  ['ap-southeast-2', 'apse2'],
  ['ca-central-1', 'cac1'],
  ['eu-central-1', 'euc1'],
  ['eu-north-1', 'eun1'],
  ['eu-west-1', 'euw1'],
  ['eu-west-2', 'euw2'],
  ['eu-west-3', 'euw3'],
  ['sa-east-1', 'sae1'],
  ['us-east-1', 'use1'],
  ['us-east-2', 'use2'],
  ['us-west-1', 'usw1'],
  ['us-west-2', 'usw2'],
]);

/** An availability zone. */
export type Zone = { readonly name: string; readonly id: string };

/** The names of all regions. */
export const REGION_NAMES: readonly string[] = [...REGIONS.keys()];

/** Whether there is such a region, here or in another partition: a host's own may have any name of their form. */
export function isRegion(name: string): boolean {
  return /^[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/.test(name);
}

/** The zones of a region. */
export function zonesOf(region: string): readonly Zone[] {
  const short = REGIONS.get(region) ?? region.replaceAll('-', '');
  return ['a', 'b', 'c'].map((letter, i) => ({ name: `${region}${letter}`, id: `${short}-az${i + 1}` }));
}
