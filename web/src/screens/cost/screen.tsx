/**
 * The screen *Cost*: what traffic of the time range costs by way, zones and owner, what endpoints would have saved, and what the flow logs cost.
 */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { CostAnswer, CostReport } from '../../../../src/api/cost.ts';
import { OWNER_FIELDS } from '../../../../src/api/cost.ts';
import { bytesText, countText, manyText } from '../../format.ts';
import '../../parts/explain.css';
import { Failure } from '../../parts/failure.tsx';
import { isNothing, Nothing } from '../../parts/nothing.tsx';
import { Notes } from '../../parts/notes.tsx';
import { Screen } from '../../parts/screen.tsx';
import { useExplained } from '../../parts/use-explained.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { wordParameter } from '../../url-parameters.ts';
import { useTimeQuery, useUrlState } from '../../url-state.ts';
import { amountText } from '../../words/cost.ts';
import { ChargeTable } from './charge-table.tsx';
import { LogTable } from './log-table.tsx';
import { OwnerTable } from './owner-table.tsx';

const PARAMETERS = { by: wordParameter(OWNER_FIELDS, 'instance-tag') };

export default function CostScreen(): ReactNode {
  const [{ by }, change] = useUrlState(PARAMETERS);
  const asked = useExplained<CostAnswer>(`/api/cost?${useTimeQuery()}&by=${by}`);
  return (
    <Screen
      title="Cost"
      description="Bytes of the records times list prices: an estimate, and no bill."
      actions={<Button iconName="refresh" ariaLabel="Ask again" onClick={asked.reload} />}
    >
      <SpaceBetween size="l">
        {asked.state === 'failed' && !isNothing(asked.error) && <Failure error={asked.error} again={asked.reload} />}
        {asked.state === 'failed' && isNothing(asked.error) && <Nothing error={asked.error} />}
        {asked.state === 'loading' && asked.last === null && (
          <Container>
            <Waiting what="Adding up bytes" progress={asked.progress} />
          </Container>
        )}
        {asked.last !== null && asked.state !== 'failed' && (
          <Report
            asked={asked.last}
            isOld={asked.state === 'loading'}
            by={by}
            choose={(chosen) => change({ by: chosen as typeof by })}
          />
        )}
      </SpaceBetween>
    </Screen>
  );
}

/** @param isOld  the next answer is under way */
function Report({
  asked: { answer, notes },
  isOld,
  by,
  choose,
}: {
  readonly asked: CostAnswer;
  readonly isOld: boolean;
  readonly by: string;
  readonly choose: (by: string) => void;
}): ReactNode {
  return (
    <SpaceBetween size="l">
      <Summary report={answer} />
      <ChargeTable report={answer} loading={isOld} />
      <OwnerTable report={answer} loading={isOld} by={by} choose={choose} />
      <LogTable report={answer} />
      <Notes notes={notes} />
    </SpaceBetween>
  );
}

function Summary({ report }: { readonly report: CostReport }): ReactNode {
  const { prices, total, endpointSavings, natGateways, log } = report;
  const { currency, asOf, region, status } = prices;
  const saved = endpointSavings.reduce((sum, { saves }) => sum + saves, 0);
  return (
    <Container
      header={
        <Header variant="h2" description={`List prices of ${region}, ${asOf}, in ${currency}; ${status}.`}>
          In this time range
        </Header>
      }
    >
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'All that has a price', value: <Big>{`${amountText(total)} ${currency}`}</Big> },
          {
            label: 'Gateway endpoints would have saved up to',
            value: (
              <>
                <Big>{`${amountText(saved)} ${currency}`}</Big>
                {endpointSavings.map(({ service, bytes, saves }) => (
                  <Box key={service} fontSize="body-s" color="text-body-secondary">
                    {service}: {amountText(saves)} for {bytesText(bytes)} through NAT gateways
                  </Box>
                ))}
              </>
            ),
          },
          {
            label: 'NAT gateways, hours',
            value:
              natGateways === null || natGateways.count === 0 ? (
                'none was recorded'
              ) : (
                <>
                  <Big>{`${amountText(natGateways.cost)} ${currency}`}</Big>
                  <Box fontSize="body-s" color="text-body-secondary">
                    {countText(natGateways.count)} that stood all the time, as far as records tell
                  </Box>
                </>
              ),
          },
          {
            label: 'Records',
            value: (
              <>
                <Big>{countText(log.records)}</Big>
                <Box fontSize="body-s" color="text-body-secondary">
                  {log.isLeast ? 'at least ' : ''}
                  {bytesText(log.textBytes)} of text, in {manyText(log.objects, 'object')} of{' '}
                  {bytesText(log.storedBytes)}
                </Box>
              </>
            ),
          },
        ]}
      />
    </Container>
  );
}

function Big({ children }: { readonly children: string }): ReactNode {
  return (
    <Box fontSize="heading-m" fontWeight="bold">
      {children}
    </Box>
  );
}
