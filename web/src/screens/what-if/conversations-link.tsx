/**
 * A number of conversations, leading to their records as far as a filter can say them.
 */
import type { ReactNode } from 'react';
import type { FilterCondition } from '../../../../src/api/filter.ts';
import { filterText } from '../../../../src/api/filter.ts';
import type { ReplayCause } from '../../../../src/api/replay.ts';
import { manyText } from '../../format.ts';
import { ScreenLink } from '../../parts/named.tsx';
import { recordsAt } from '../../parts/screen-links.ts';

export function ConversationsLink({ cause }: { readonly cause: ReplayCause }): ReactNode {
  const { interfaceId, recordedAt, protocol, port, peers, examples, conversations } = cause;
  const conditions: FilterCondition[] = [
    { field: 'interface-id', operator: '=', values: [recordedAt ?? interfaceId] },
    { field: 'protocol', operator: '=', values: [String(protocol)] },
  ];
  if (port > 0) conditions.push({ field: 'port', operator: '=', values: [String(port)] });
  // All peers or none: some would leave records of the cause out.
  if (peers === examples.length)
    conditions.push({ field: 'addr', operator: '=', values: examples.map(({ address }) => address) });
  const words = manyText(conversations, 'conversation');
  return (
    <ScreenLink to={recordsAt(filterText(conditions))} label={`${words}, show their records`}>
      {words}
    </ScreenLink>
  );
}
