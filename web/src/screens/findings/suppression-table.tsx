/**
 * Suppressions that hold; one can be ended.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { FindingsAnswer, LiftedAnswer, ListedSuppression } from '../../../../src/api/findings-routes.ts';
import { useFlash } from '../../flash.tsx';
import { timeText } from '../../format.ts';
import { useDoing } from '../../parts/use-doing.ts';
import { useSession } from '../../session.tsx';
import { suppressedText } from '../../words/findings.ts';

export function SuppressionTable({
  answer,
  reload,
}: {
  /** Null: it is under way. */
  readonly answer: FindingsAnswer | null;
  readonly reload: () => void;
}): ReactNode {
  const { role } = useSession();
  const flash = useFlash();
  const { isBusy, error, run } = useDoing();
  const lift = ({ id }: ListedSuppression): void =>
    run<LiftedAnswer>('DELETE', `/api/suppressions/${id}`, undefined, () => {
      flash({ type: 'success', text: `Suppression ${id} has ended.` });
      reload();
    });
  return (
    <SpaceBetween size="m">
      {error !== null && <Alert type="error">{error.message}</Alert>}
      <Table
        variant="container"
        items={answer?.suppressions ?? []}
        trackBy="id"
        wrapLines
        loading={answer === null}
        loadingText="Looking up suppressions"
        ariaLabels={{ tableLabel: 'Suppressions' }}
        header={
          <Header
            variant="h2"
            counter={answer === null ? '' : `(${answer.suppressions.length})`}
            description="Each ends by itself; what goes on then is told again."
          >
            Suppressions
          </Header>
        }
        columnDefinitions={[
          { id: 'id', header: 'Number', width: 100, cell: ({ id }) => id },
          {
            id: 'of',
            header: 'Of',
            isRowHeader: true,
            minWidth: 220,
            cell: (one) => <span className="breaks-anywhere">{suppressedText(one)}</span>,
          },
          {
            id: 'why',
            header: 'Why',
            minWidth: 160,
            cell: ({ reason }) => <span className="breaks-anywhere">{reason ?? '-'}</span>,
          },
          {
            id: 'since',
            header: 'Since, until (UTC)',
            minWidth: 175,
            cell: ({ createdSeconds, expiresSeconds }) => (
              <span className="one-line">
                {timeText(createdSeconds)}
                <br />
                {timeText(expiresSeconds)}
              </span>
            ),
          },
          {
            id: 'end',
            header: 'Actions',
            width: 120,
            cell: (one) => (
              <Button
                variant="inline-link"
                ariaLabel={`End now: suppression ${one.id}`}
                disabled={role !== 'operate' || isBusy}
                onClick={() => lift(one)}
              >
                End now
              </Button>
            ),
          },
        ]}
        empty={
          <Box textAlign="center" padding="l">
            <b>Nothing is suppressed</b>
            <Box color="text-body-secondary">Choose a finding and suppress it to be told of it no longer.</Box>
          </Box>
        }
      />
    </SpaceBetween>
  );
}
