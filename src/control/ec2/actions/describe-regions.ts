/**
 * DescribeRegions.
 *
 * In:    names, filters. Out: the regions.
 * Fails: `InvalidParameterValue` for a name that is none, and those of filters.
 * @see EC2 API Reference, "DescribeRegions", August 2026
 */
import type { DescribeRegionsRequest, DescribeRegionsResult, Region } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { Ec2Error } from '../errors.ts';
import { filterBy } from '../filters.ts';
import type { FilterTable } from '../filters.ts';
import type { Plain } from '../items.ts';
import { REGION_NAMES } from '../regions.ts';

const FILTERS: FilterTable<Plain<Region>> = {
  endpoint: (region) => region.Endpoint,
  'opt-in-status': (region) => region.OptInStatus,
  'region-name': (region) => region.RegionName,
};

export const describeRegions = readAction<DescribeRegionsRequest, DescribeRegionsResult>({
  name: 'DescribeRegions',
  run({ RegionNames: names, Filters: filters }, { region: own }) {
    const known = REGION_NAMES.includes(own) ? REGION_NAMES : [...REGION_NAMES, own];
    const unknown = names?.filter((name) => !known.includes(name)) ?? [];
    if (unknown.length > 0)
      throw new Ec2Error('InvalidParameterValue', `Invalid region provided: ${unknown.join(', ')}`);
    const regions = (names ?? known).map((name) => ({
      OptInStatus: 'opt-in-not-required',
      RegionName: name,
      Endpoint: `ec2.${name}.amazonaws.com`,
    }));
    return { Regions: regions.filter(filterBy(FILTERS, null, filters)) };
  },
});
