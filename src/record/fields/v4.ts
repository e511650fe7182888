/**
 * Fields of version 4: region, zone and sublocation of the interface.
 *
 * In:    nothing. Out: the fields in the order of AWS's table.
 * Holds: the zone is its id (`use1-az2`), which means the same in every account, not its name.
 */
import { ofInterface } from './field.ts';
import type { Field } from './field.ts';

export const V4: readonly Field[] = [
  ofInterface('region', 4, 'Region of the interface.', 'where it is not known', (recording) => recording.region),
  ofInterface(
    'az-id',
    4,
    'Availability Zone id of the interface.',
    'in a sublocation, or where it is not known',
    (recording) => recording.azId,
  ),
  ofInterface(
    'sublocation-type',
    4,
    'wavelength, outpost or localzone.',
    'outside of sublocations',
    (recording) => recording.sublocationType,
  ),
  ofInterface(
    'sublocation-id',
    4,
    'Id of that sublocation.',
    'outside of sublocations',
    (recording) => recording.sublocationId,
  ),
];
