/**
 * The rates of this moment, and how full things are.
 */
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import type { NowStanding } from '../../../../src/api/now.ts';
import { bytesText, countText, manyText, shareText } from '../../format.ts';
import { ScreenLink } from '../../parts/named.tsx';
import type { ScreenAddress } from '../../parts/screen-links.ts';
import { recordsAt } from '../../parts/screen-links.ts';
import { SEVERITIES } from '../../words/findings.ts';
import type { LiveState } from './live-state.ts';

const VERDICTS: Readonly<Record<NonNullable<NowStanding['verdicts']>, string>> = {
  model: 'The rules, asked for each packet',
  enforce: 'The kernel, which enforces the rules',
  observe: 'The rules, and the kernel’s own firewall',
};

/** Of the last minutes. */
const lately = ([path, own]: ScreenAddress): ScreenAddress => [path, { ...own, last: '15m' }];

export function Numbers({
  live,
  standing,
}: {
  readonly live: LiveState;
  readonly standing: NowStanding | null;
}): ReactNode {
  const { accepted, rejected, bytes } = live.rate;
  const all = accepted + rejected;
  const verdicts = standing?.verdicts ?? null;
  return (
    <Container>
      <ColumnLayout columns={4} variant="text-grid" minColumnWidth={150}>
        <Number label="Accepted" to={lately(recordsAt('action=ACCEPT'))} value={`${rateText(accepted)} packets/s`} />
        <Number
          label="Rejected"
          to={lately(['/rejected', {}])}
          value={`${rateText(rejected)} packets/s`}
          note={all > 0 ? `${shareText(rejected / all)} of all` : undefined}
        />
        <Number label="Volume" to={lately(['/explore', { by: 'peer' }])} value={`${bytesText(bytes)}/s`} />
        <div>
          <Box variant="awsui-key-label">Lost packets</Box>
          {standing?.lost === undefined || standing.lost === null ? (
            '-'
          ) : standing.lost === 0 ? (
            <StatusIndicator type="success">None since the start</StatusIndicator>
          ) : (
            <ScreenLink
              to={lately(recordsAt('log-status=SKIPDATA'))}
              label={`${manyText(standing.lost, 'lost packet')}: records`}
            >
              {countText(standing.lost)}
            </ScreenLink>
          )}
          {standing !== null && standing.packets !== null && (
            <Box fontSize="body-s" color="text-body-secondary">
              of {countText(standing.packets)} seen since the start
            </Box>
          )}
        </div>
        <OpenFindings findings={standing?.findings ?? null} />
        <Plain label="Records in open windows" value={live.untilSeconds === null ? null : countText(live.open)} />
        <Plain label="Connections tracked" value={textOf(standing?.connections)} />
        <Plain label="Who decides" value={verdicts === null ? null : VERDICTS[verdicts]} />
      </ColumnLayout>
    </Container>
  );
}

function Number({
  label,
  value,
  to,
  note,
}: {
  readonly label: string;
  readonly value: string;
  readonly to: ScreenAddress;
  readonly note?: string | undefined;
}): ReactNode {
  return (
    <div>
      <Box variant="awsui-key-label">{label}</Box>
      <Box fontSize="heading-m" fontWeight="bold">
        <ScreenLink to={to} label={`${value}: ${label.toLowerCase()} lately`}>
          <span className="now-number">{value}</span>
        </ScreenLink>
      </Box>
      {note !== undefined && (
        <Box fontSize="body-s" color="text-body-secondary">
          {note}
        </Box>
      )}
    </div>
  );
}

/** How many wait for somebody to look at them, the graver first. */
function OpenFindings({ findings }: { readonly findings: NowStanding['findings'] }): ReactNode {
  const found = findings === null ? [] : SEVERITIES.filter((severity) => findings[severity] > 0);
  const words = found.map((severity) => `${countText(findings?.[severity] ?? 0)} ${severity}`).join(', ');
  return (
    <div>
      <Box variant="awsui-key-label">Open findings</Box>
      {findings === null ? (
        '-'
      ) : words === '' ? (
        <StatusIndicator type="success">None</StatusIndicator>
      ) : (
        <ScreenLink to={['/findings', {}]} label={`Open findings: ${words}`}>
          <StatusIndicator type={findings.high > 0 ? 'error' : 'warning'}>{words}</StatusIndicator>
        </ScreenLink>
      )}
    </div>
  );
}

function Plain({ label, value }: { readonly label: string; readonly value: string | null }): ReactNode {
  return (
    <div>
      <Box variant="awsui-key-label">{label}</Box>
      <span className="now-number">{value ?? '-'}</span>
    </div>
  );
}

function textOf(count: number | null | undefined): string | null {
  return count === null || count === undefined ? null : countText(count);
}

/** One digit behind the point where that tells something. */
function rateText(rate: number): string {
  return rate > 0 && rate < 10 ? rate.toFixed(1) : countText(Math.round(rate));
}
