/**
 * The totals of an answer, each a way to its records, and how they stand to the period before.
 */
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import type { ReactNode } from 'react';
import { MEASURES } from '../../../../src/api/explore.ts';
import type { Explored } from '../../../../src/api/explore.ts';
import { ScreenLink } from '../../parts/named.tsx';
import { recordsAt } from '../../parts/screen-links.ts';
import { amountText, changeText } from './amounts.ts';
import { MEASURE_WORDS } from './state.ts';

export function Totals({
  answer,
  state,
}: {
  readonly answer: Explored;
  readonly state: { readonly filter: string };
}): ReactNode {
  return (
    <Container>
      <ColumnLayout columns={4} variant="text-grid" minColumnWidth={140}>
        {MEASURES.map((measure) => (
          <div key={measure}>
            <Box variant="awsui-key-label">{MEASURE_WORDS[measure]}</Box>
            <Box fontSize="heading-l" fontWeight="bold">
              <ScreenLink
                to={recordsAt(state.filter)}
                label={`${amountText(measure).full(answer.total[measure])} ${measure}: records`}
              >
                {amountText(measure).full(answer.total[measure])}
              </ScreenLink>
            </Box>
            {answer.totalBefore !== null && (
              <Box color="text-body-secondary" fontSize="body-s">
                {changeText(answer.total[measure], answer.totalBefore[measure])}
                {', before '}
                {amountText(measure).full(answer.totalBefore[measure])}
              </Box>
            )}
          </div>
        ))}
      </ColumnLayout>
    </Container>
  );
}
