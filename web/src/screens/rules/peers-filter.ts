/**
 * The records of a rule's peers, as a filter.
 *
 * In:    what a rule was used for. Out: the filter; null where nothing tells them from others.
 * Holds: none of the rule's conversations is left out; records of other rules with the same peers are there too.
 */
import type { FilterCondition } from '../../../../src/api/filter.ts';
import { filterText } from '../../../../src/api/filter.ts';
import type { RuleHits } from '../../../../src/api/rule-hits.ts';

/** Ports are told up to this many: where there are so many, there may be more. */
const ALL_PORTS = 10;

/** The filter. */
export function peersFilter({ peersWithin, ports, hasMorePeers }: RuleHits): string | null {
  if (peersWithin.length === 0 || hasMorePeers) return null;
  const conditions: FilterCondition[] = [
    { field: 'action', operator: '=', values: ['ACCEPT'] },
    { field: 'addr', operator: '=', values: peersWithin },
  ];
  if (ports.length > 0 && ports.length < ALL_PORTS)
    conditions.push({ field: 'port', operator: '=', values: ports.map(({ port }) => String(port)) });
  return filterText(conditions);
}
