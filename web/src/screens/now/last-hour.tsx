/**
 * The last hour by window, from records.
 */
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useEffect, useMemo } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import type { Explored } from '../../../../src/api/explore.ts';
import { shortCountText } from '../../format.ts';
import { TimeChart } from '../../parts/chart.tsx';
import { seriesOf } from '../../parts/explored-series.ts';
import { ScreenLink } from '../../parts/named.tsx';
import { useScreenLink } from '../../url-state.ts';
import { useCall } from '../../use-call.ts';

/** Windows close once a minute. */
const RELOAD_MILLIS = 30_000;
const PATH = '/api/explore?last=1h&by=action&measure=packets&points=60&top=5';

export function LastHour(): ReactNode {
  const called = useCall<Explored>(PATH);
  const { reload, last: answer } = called;
  const [, navigate] = useLocation();
  const link = useScreenLink();
  useEffect(() => {
    const timer = setInterval(reload, RELOAD_MILLIS);
    return () => clearInterval(timer);
  }, [reload]);
  const series = useMemo(
    () => (answer === null ? [] : seriesOf(answer, (_, value) => WORDS[String(value)] ?? 'Neither')),
    [answer],
  );
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Packets in records, by the minute in which they began."
          actions={<ScreenLink to={['/explore', { last: '1h' }]}>Explore</ScreenLink>}
        >
          Last hour
        </Header>
      }
    >
      {answer === null ? (
        <Box padding={{ vertical: 'xxl' }} textAlign="center">
          {called.state === 'failed' ? (
            <Box color="text-body-secondary">
              <span className="breaks-anywhere">{called.error.message}</span>
            </Box>
          ) : (
            <StatusIndicator type="loading">Adding up records</StatusIndicator>
          )}
        </Box>
      ) : (
        <TimeChart
          label="Packets by minute, last hour"
          times={answer.times}
          stepSeconds={answer.stepSeconds}
          range={answer.range}
          series={series}
          format={shortCountText}
          height={180}
          onBrush={({ from, to }) => navigate(link('/explore', { from: String(from), to: String(to) }))}
        />
      )}
    </Container>
  );
}

const WORDS: Readonly<Record<string, string>> = { ACCEPT: 'Accepted', REJECT: 'Rejected' };
