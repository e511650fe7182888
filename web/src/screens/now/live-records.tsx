/**
 * The records that changed last; their windows are still open.
 */
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import type { FieldValue } from '../../../../src/api/explore.ts';
import type { NowStanding } from '../../../../src/api/now.ts';
import { only } from '../../filter-edit.ts';
import { useFlash } from '../../flash.tsx';
import { countText, manyText } from '../../format.ts';
import { recordLine } from '../../parts/record-line.ts';
import { RecordsTable } from '../../parts/records-table.tsx';
import { recordsAt } from '../../parts/screen-links.ts';
import type { Fields } from '../../parts/use-fields.ts';
import { useScreenLink } from '../../url-state.ts';
import type { LiveState } from './live-state.ts';
import { MOST_RECORDS } from './live-state.ts';

/** What one looks at while it passes by. */
const COLUMNS = [
  'end',
  'action',
  'srcaddr',
  'srcport',
  'dstaddr',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'interface-id',
];

export function LiveRecords({
  live,
  standing,
  fields,
  missed,
}: {
  readonly live: LiveState;
  readonly standing: NowStanding | null;
  readonly fields: Fields;
  readonly missed: number;
}): ReactNode {
  const [which, setWhich] = useState<'all' | 'rejected'>('all');
  const [, navigate] = useLocation();
  const link = useScreenLink();
  const flash = useFlash();
  const columns = useMemo(() => ['x-open', ...live.fields], [live.fields]);
  const action = live.fields.indexOf('action');
  const rows = useMemo(
    () =>
      live.records
        .filter((row) => which === 'all' || row[action] === 'REJECT')
        .map((row): readonly FieldValue[] => [true, ...row]),
    [live.records, which, action],
  );
  const shown = ['x-open', ...COLUMNS.filter((name) => live.fields.includes(name))];
  const copy = (row: readonly FieldValue[]): void => {
    const { line } = recordLine([live.fields], columns, row);
    navigator.clipboard.writeText(line).then(
      () => flash({ type: 'success', text: 'The record was copied as it stands now; its window is open.' }),
      () => flash({ type: 'error', text: 'The browser did not allow to copy.' }),
    );
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={`(${countText(rows.length)})`}
          description="Records that took packets last. Their windows are open: the same records come again, whole, when these close."
          actions={
            <SegmentedControl
              label="Which records"
              selectedId={which}
              options={[
                { id: 'all', text: 'All' },
                { id: 'rejected', text: 'Rejected' },
              ]}
              onChange={({ detail }) => setWhich(detail.selectedId === 'rejected' ? 'rejected' : 'all')}
            />
          }
        >
          Last records
        </Header>
      }
    >
      {rows.length === 0 ? (
        <Box textAlign="center" padding="l" color="text-body-secondary">
          {emptyWords(standing, which)}
        </Box>
      ) : (
        <SpaceBetween size="xs">
          <RecordsTable
            label="Last records"
            columns={columns}
            shown={shown}
            rows={rows}
            fields={fields}
            height={360}
            hasMore={false}
            onOnly={(field, value) => {
              const [path, own] = recordsAt(only('', field, value));
              navigate(link(path, { ...own, last: '15m' }));
            }}
            onCopyLine={copy}
          />
          <Box fontSize="body-s" color="text-body-secondary">
            {live.records.length >= MOST_RECORDS && `The last ${MOST_RECORDS} are kept. `}
            {live.more > 0 && `${countText(live.more)} more changed with the last look and are not shown. `}
            {missed > 0 &&
              `${manyText(missed, 'event was', 'events were')} left out, for this browser was slower than they came.`}
          </Box>
        </SpaceBetween>
      )}
    </Container>
  );
}

function emptyWords(standing: NowStanding | null, which: 'all' | 'rejected'): string {
  if (standing === null) return 'Waiting for the server.';
  if (standing.quiet === 'not-running' && standing.capture !== 'running')
    return 'Nothing is captured, so nothing comes.';
  return which === 'rejected'
    ? 'Nothing was rejected since this screen was opened.'
    : 'No packet came since this screen was opened.';
}
