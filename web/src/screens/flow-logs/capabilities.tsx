/**
 * What records of a format can answer, by the saved queries.
 */
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { FormatCapability } from '../../../../src/api/formats.ts';
import { CAN_WORDS } from '../../words/flow-logs.ts';

const KINDS = ['all', 'no', 'inferred', 'yes'] as const;

/** @param add  given: offers to take a field into the format */
export function Capabilities({
  capabilities,
  add,
}: {
  readonly capabilities: readonly FormatCapability[];
  readonly add?: (field: string) => void;
}): ReactNode {
  const [kind, setKind] = useState<(typeof KINDS)[number]>('all');
  const count = (can: FormatCapability['can']): number => capabilities.filter((one) => one.can === can).length;
  const lacking = new Map<string, number>();
  for (const { missing } of capabilities)
    for (const field of missing) lacking.set(field, (lacking.get(field) ?? 0) + 1);
  const most = [...lacking].toSorted((a, b) => b[1] - a[1]).slice(0, 6);
  return (
    <SpaceBetween size="s">
      <Box>
        Of {capabilities.length} saved queries these records answer {count('yes')}, {count('inferred')} more by
        inference, and not {count('no')}.{most.length > 0 && ' What would answer most of those: '}
        {most.map(([field, queries], i) => (
          <span key={field}>
            {i > 0 && ', '}
            {add === undefined ? (
              field
            ) : (
              <button type="button" className="as-link" onClick={() => add(field)}>
                add {field}
              </button>
            )}{' '}
            ({queries})
          </span>
        ))}
      </Box>
      <ExpandableSection headerText="Query by query">
        <Table
          variant="embedded"
          wrapLines
          trackBy="query"
          ariaLabels={{ tableLabel: 'What the records answer' }}
          items={capabilities.filter(({ can }) => kind === 'all' || can === kind)}
          filter={
            <SegmentedControl
              label="Which queries"
              selectedId={kind}
              options={KINDS.map((id) => ({
                id,
                text: id === 'all' ? `All (${capabilities.length})` : `${CAN_WORDS[id].text} (${count(id)})`,
              }))}
              onChange={({ detail }) => setKind(detail.selectedId as (typeof KINDS)[number])}
            />
          }
          empty="No query is so."
          columnDefinitions={[
            {
              id: 'query',
              header: 'Query',
              width: 220,
              isRowHeader: true,
              cell: ({ query, meaning }) => (
                <>
                  {query}
                  <div className="quiet">{meaning}</div>
                </>
              ),
            },
            {
              id: 'can',
              header: 'These records',
              width: 180,
              cell: ({ can }) => <StatusIndicator type={CAN_WORDS[can].type}>{CAN_WORDS[can].text}</StatusIndicator>,
            },
            {
              id: 'why',
              header: 'Why',
              cell: ({ missing, instead }) => (
                <div className="marks">
                  {missing.map((field) => (
                    <Badge key={field}>no {field}</Badge>
                  ))}
                  {Object.entries(instead).map(([field, what]) => (
                    <span key={field}>
                      no {field}: {what}
                    </span>
                  ))}
                  {missing.length === 0 && Object.keys(instead).length === 0 && '-'}
                </div>
              ),
            },
          ]}
        />
      </ExpandableSection>
    </SpaceBetween>
  );
}
