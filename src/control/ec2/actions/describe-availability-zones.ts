/**
 * DescribeAvailabilityZones: of the region that the request is for.
 *
 * In:    names or ids, filters. Out: the zones.
 * Fails: `InvalidParameterValue` for a name that is none, and those of filters.
 * @see EC2 API Reference, "DescribeAvailabilityZones", August 2026
 */
import type {
  AvailabilityZone,
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
} from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { Ec2Error } from '../errors.ts';
import { filterBy } from '../filters.ts';
import type { FilterTable } from '../filters.ts';
import type { Plain } from '../items.ts';
import { zonesOf } from '../regions.ts';

const FILTERS: FilterTable<Plain<AvailabilityZone>> = {
  'group-name': (zone) => zone.GroupName,
  message: (zone) => zone.Messages?.map(({ Message }) => Message),
  'opt-in-status': (zone) => zone.OptInStatus,
  'region-name': (zone) => zone.RegionName,
  state: (zone) => zone.State,
  'zone-id': (zone) => zone.ZoneId,
  'zone-name': (zone) => zone.ZoneName,
  'zone-type': (zone) => zone.ZoneType,
};

export const describeAvailabilityZones = readAction<DescribeAvailabilityZonesRequest, DescribeAvailabilityZonesResult>({
  name: 'DescribeAvailabilityZones',
  run({ ZoneNames: names = [], ZoneIds: ids = [], Filters: filters }, { region }) {
    const zones = zonesOf(region);
    const unknown = [
      ...names.filter((name) => !zones.some((zone) => zone.name === name)),
      ...ids.filter((id) => !zones.some((zone) => zone.id === id)),
    ];
    if (unknown.length > 0)
      throw new Ec2Error('InvalidParameterValue', `Invalid availability zone: [${unknown.join(', ')}]`);
    const wanted = zones.filter(
      ({ name, id }) => (names.length === 0 || names.includes(name)) && (ids.length === 0 || ids.includes(id)),
    );
    const described = wanted.map(({ name, id }) => ({
      OptInStatus: 'opt-in-not-required',
      Messages: [],
      RegionName: region,
      ZoneName: name,
      ZoneId: id,
      GroupName: `${region}-zg-1`,
      NetworkBorderGroup: region,
      ZoneType: 'availability-zone',
      State: 'available',
    }));
    return { AvailabilityZones: described.filter(filterBy(FILTERS, null, filters)) };
  },
});
