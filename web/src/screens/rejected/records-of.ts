/**
 * The records behind a cause, as far as a filter can say them.
 *
 * In:    a cause. Out: the address of records; null where no field tells them from others.
 * Holds: the filter never leaves out a record of the cause; it may show others, with other rules, at the same interfaces.
 */
import type { FilterCondition } from '../../../../src/api/filter.ts';
import { filterText } from '../../../../src/api/filter.ts';
import type { RejectCause } from '../../../../src/api/rejects.ts';
import type { ScreenAddress } from '../../parts/screen-links.ts';
import { recordsAt } from '../../parts/screen-links.ts';

/** More values make no better link. */
const MOST = 5;

/** The address. */
export function recordsOf(cause: RejectCause): ScreenAddress | null {
  const { interfaceId, topInterfaces, interfaces, peers, topPeers, ports, topPorts, direction } = cause;
  const conditions: FilterCondition[] = [{ field: 'action', operator: '=', values: ['REJECT'] }];
  const add = (field: string, values: readonly string[]): void => {
    if (values.length > 0 && values.length <= MOST) conditions.push({ field, operator: '=', values });
  };
  if (interfaceId !== null) add('interface-id', [interfaceId]);
  else if (interfaces === topInterfaces.length)
    add(
      'interface-id',
      topInterfaces.map(({ value }) => value),
    );
  if (direction !== null && cause.example.direction !== null) add('flow-direction', [direction]);
  if (peers === topPeers.length)
    add(
      'addr',
      topPeers.map(({ value }) => value),
    );
  const services = topPorts.map(({ value }) => value.split('/')[0]!).filter((port) => port !== '0');
  if (ports === topPorts.length && services.length === topPorts.length) add('port', services);
  return conditions.length === 1 ? null : recordsAt(filterText(conditions));
}
