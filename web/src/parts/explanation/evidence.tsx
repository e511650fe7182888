/**
 * What records say of it, with their counts and the question that found them.
 */
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { Evidence } from '../../../../src/api/explanation.ts';
import { countText, manyText, timeTextUtc } from '../../format.ts';
import { CodeText } from '../code-text.tsx';
import { Named, ScreenLink } from '../named.tsx';
import type { Names } from '../network.ts';
import { equalFilter, recordsAt } from '../screen-links.ts';

const NO_RECORD: Readonly<Record<NonNullable<Evidence['noRecord']>, string>> = {
  'never-logged': 'There is no record, and there will be none: AWS does not log this.',
  'not-covered': 'There is no record: no flow log covers these interfaces.',
  filtered: 'There is no record: the flow logs of these interfaces keep only the other action.',
  'none-seen': 'There is no record in this time range: it was not tried, or is not delivered yet.',
};

export function EvidenceTable({ evidence, names }: { readonly evidence: Evidence; readonly names: Names }): ReactNode {
  const { agree, disagree, lastSeenSeconds, seen, noRecord, sql, source } = evidence;
  const title = source === 'kernel' ? 'Judged by the kernel' : 'What records say';
  return (
    <SpaceBetween size="s">
      {source === 'kernel' && <Box variant="h3">{title}</Box>}
      <div>
        {noRecord !== null
          ? NO_RECORD[noRecord]
          : `${manyText(agree, 'record agrees', 'records agree')} with the steps, ${manyText(disagree, 'does', 'do')} not.`}
        {lastSeenSeconds !== null && ` Last seen ${timeTextUtc(lastSeenSeconds)}.`}
      </div>
      {seen.length > 0 && (
        <Table
          variant="embedded"
          wrapLines
          items={seen}
          ariaLabels={{ tableLabel: title }}
          columnDefinitions={[
            {
              id: 'leg',
              header: 'Leg',
              isRowHeader: true,
              cell: ({ leg }) => (leg === 'request' ? 'Request' : 'Reply'),
            },
            {
              id: 'at',
              header: 'At',
              cell: ({ interfaceId }) => (interfaceId === '' ? 'not told' : <Named id={interfaceId} names={names} />),
            },
            { id: 'action', header: 'Action', cell: ({ action }) => action },
            {
              id: 'records',
              header: 'Records',
              cell: ({ interfaceId, action, records }) =>
                interfaceId === '' ? (
                  countText(records)
                ) : (
                  <ScreenLink
                    to={recordsAt(equalFilter({ 'interface-id': interfaceId, action }))}
                    label={`${manyText(records, 'record')}, show those of ${interfaceId} with ${action}`}
                  >
                    {countText(records)}
                  </ScreenLink>
                ),
            },
            { id: 'packets', header: 'Packets', cell: ({ packets }) => countText(packets) },
            {
              id: 'agrees',
              header: 'The steps say so',
              cell: ({ agrees }) =>
                agrees ? (
                  <StatusIndicator type="success">Yes</StatusIndicator>
                ) : (
                  <StatusIndicator type="warning">No: rules were other then, or something else decides</StatusIndicator>
                ),
            },
          ]}
        />
      )}
      <ExpandableSection headerText="The SQL that found them" variant="footer">
        <CodeText text={sql} label="SQL of the evidence" />
      </ExpandableSection>
      {seen.length === 0 && noRecord === null && <Box color="text-body-secondary">No record is told of.</Box>}
    </SpaceBetween>
  );
}
