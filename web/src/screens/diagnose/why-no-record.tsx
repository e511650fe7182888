/**
 * Why there is no record of what was asked about, where there is none.
 */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { NoRecordAnswer, NoRecordRequest } from '../../../../src/api/explain-routes.ts';
import type { Explanation } from '../../../../src/api/explanation.ts';
import type { NoRecord } from '../../../../src/api/no-record.ts';
import { Failure } from '../../parts/failure.tsx';
import { Notes } from '../../parts/notes.tsx';
import { useExplained } from '../../parts/use-explained.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { useTimeQuery } from '../../url-state.ts';
import { NO_RECORD_WORDS, NOT_KNOWN_WORDS, SOURCE_WORDS } from '../../words/no-record.ts';

/** Ends that are one address each can be asked about. */
function requestOf({ question: { from, to, protocol, port } }: Explanation): NoRecordRequest | null {
  const [of, peer] = [to, from].map(({ interfaceIds: [id], addresses: [address] }) => id ?? address);
  if (of === undefined || peer === undefined || to.addresses.length !== 1 || from.addresses.length !== 1) return null;
  return { of, peer, protocol, port };
}

export function WhyNoRecord({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const [asks, setAsks] = useState(false);
  const request = requestOf(explanation);
  const time = useTimeQuery();
  const asked = useExplained<NoRecordAnswer>(
    asks && request !== null ? `/api/why-no-record?${time}` : null,
    request ?? {},
  );
  if (request === null) return null;
  return (
    <SpaceBetween size="s">
      {!asks && <Button onClick={() => setAsks(true)}>Why is there no record?</Button>}
      {asked.state === 'loading' && <Waiting what="Looking for a reason" progress={asked.progress} />}
      {asked.state === 'failed' && <Failure error={asked.error} again={asked.reload} />}
      {asked.state === 'ready' && <Reasons answer={asked.value.answer} />}
    </SpaceBetween>
  );
}

const SURE = { certain: 'Certain', likely: 'Likely', possible: 'Possible' } as const;

function Reasons({ answer: { reasons, notKnown, notUnderstood } }: { readonly answer: NoRecord }): ReactNode {
  return (
    <SpaceBetween size="s">
      <Table
        variant="embedded"
        wrapLines
        items={reasons}
        ariaLabels={{ tableLabel: 'Why there is no record, the surest reason first' }}
        empty={<Box textAlign="center">No reason was found.</Box>}
        columnDefinitions={[
          { id: 'sure', header: 'How sure', cell: ({ certainty }) => SURE[certainty] },
          {
            id: 'why',
            header: 'Why',
            isRowHeader: true,
            cell: (told) => <span className="breaks-anywhere">{NO_RECORD_WORDS[told.reason](told)}</span>,
          },
          { id: 'source', header: 'What says so', cell: ({ source }) => SOURCE_WORDS[source] },
        ]}
      />
      <Notes more={notKnown.map((what) => NOT_KNOWN_WORDS[what])} notUnderstood={notUnderstood} />
    </SpaceBetween>
  );
}
