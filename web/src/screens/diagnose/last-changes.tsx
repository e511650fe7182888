/**
 * What was changed last about the rules that an answer rests on: when, and by whom where that is known.
 */
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { LastChange } from '../../../../src/api/explain-routes.ts';
import { timeText } from '../../format.ts';
import { RuleLink } from '../../parts/named.tsx';
import { CHANGE_WORDS } from '../../words/rejects.ts';

export function Changes({ changes }: { readonly changes: readonly LastChange[] }): ReactNode {
  return (
    <Table
      items={changes}
      wrapLines
      header={
        <Header
          variant="h2"
          counter={`(${changes.length})`}
          description="Of the rules, groups, ACLs and route tables that decide here or come near, up to the time asked about."
        >
          Changed last
        </Header>
      }
      ariaLabels={{ tableLabel: 'Changes, the newest first' }}
      empty={
        <Box textAlign="center" color="text-body-secondary" padding="s">
          Nothing about them has changed since they were first seen.
        </Box>
      }
      columnDefinitions={[
        {
          id: 'at',
          header: 'When (UTC)',
          isRowHeader: true,
          cell: ({ atSeconds, afterSeconds }) =>
            afterSeconds === null ? (
              timeText(atSeconds)
            ) : (
              <>
                after {timeText(afterSeconds)}, by {timeText(atSeconds)}
              </>
            ),
        },
        {
          id: 'what',
          header: 'What',
          cell: ({ kind, id, of }) => (
            <>
              {CHANGE_WORDS[kind]}: <RuleLink id={id} of={of !== null && /^(?:sg|acl)-/u.test(of) ? of : null} />
              {of !== null && <div className="quiet">of {of}</div>}
            </>
          ),
        },
        { id: 'before', header: 'Was', cell: ({ before }) => before ?? 'not there' },
        { id: 'after', header: 'Is', cell: ({ after }) => after ?? 'not there' },
        {
          id: 'by',
          header: 'By',
          cell: ({ by }) =>
            by === null ? (
              <span className="quiet">not known: seen by an import</span>
            ) : (
              <>
                {by.principal}
                <div className="quiet">{by.action}</div>
              </>
            ),
        },
      ]}
    />
  );
}
