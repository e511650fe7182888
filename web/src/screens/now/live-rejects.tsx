/**
 * What the kernel rejected just now, packet by packet or flow by flow.
 */
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { LiveReject, LiveRejects } from '../../../../src/api/live-rejects.ts';
import { countText, manyText, timeText } from '../../format.ts';
import { RuleLink, ScreenLink } from '../../parts/named.tsx';
import { diagnoseAt, ownerOf } from '../../parts/screen-links.ts';
import { metText, protocolText } from '../../words/rejects.ts';
import { MOST_REJECTS, useLiveRejects } from './use-live-rejects.ts';

const HOW: Readonly<Record<NonNullable<LiveRejects['each']>, string>> = {
  packet: 'Packets that the kernel dropped, within a second; 50 a second at most.',
  flow: 'What this machine’s own firewall dropped, by flow; it is known when the kernel’s counters are read.',
};

export function LiveRejectsTable({ isPaused }: { readonly isPaused: boolean }): ReactNode {
  const { answer, rejects, failed } = useLiveRejects(isPaused);
  const each = answer?.each ?? null;
  return (
    <Table<LiveReject>
      items={rejects}
      trackBy={({ number }) => String(number)}
      variant="container"
      contentDensity="compact"
      loading={answer === null && failed === null}
      loadingText="Asking what was rejected"
      ariaLabels={{ tableLabel: 'Rejected just now', itemSelectionLabel: () => '', selectionGroupLabel: '' }}
      header={
        <Header
          variant="h2"
          counter={`(${countText(rejects.length)})`}
          description={each === null ? 'What the kernel drops, as it drops it.' : HOW[each]}
          actions={<ScreenLink to={['/rejected', { last: '15m' }]}>Rejected</ScreenLink>}
        >
          Rejected just now
        </Header>
      }
      columnDefinitions={[
        { id: 'time', header: 'Time (UTC)', cell: ({ atMicros }) => timeText(atMicros / 1e6).slice(11) },
        {
          id: 'from',
          header: 'From',
          isRowHeader: true,
          cell: ({ srcaddr, srcport }) => <End address={srcaddr} port={srcport} />,
        },
        { id: 'to', header: 'To', cell: ({ dstaddr, dstport }) => <End address={dstaddr} port={dstport} /> },
        { id: 'protocol', header: 'Protocol', cell: ({ protocol }) => protocolText(protocol) },
        { id: 'packets', header: 'Packets', cell: ({ packets }) => countText(packets) },
        {
          id: 'at',
          header: 'At',
          cell: ({ interfaceId, direction }) => (
            <span className="breaks-anywhere">
              {interfaceId} {direction === 'ingress' ? 'in' : 'out'}
            </span>
          ),
        },
        { id: 'why', header: 'By', cell: (reject) => <Why reject={reject} /> },
        {
          id: 'ask',
          header: 'Why',
          cell: ({ srcaddr, dstaddr, dstport, protocol }) => (
            <ScreenLink
              to={diagnoseAt({
                from: srcaddr,
                to: dstaddr,
                protocol: protocolText(protocol).replace('protocol ', ''),
                port: dstport === 0 ? null : dstport,
              })}
              label={`Diagnose ${srcaddr} to ${dstaddr}`}
            >
              Diagnose
            </ScreenLink>
          ),
        },
      ]}
      footer={<Left answer={answer} shown={rejects.length} />}
      empty={
        <Box textAlign="center" padding="s" color="text-body-secondary">
          {failed?.message ?? emptyWords(answer)}
        </Box>
      }
    />
  );
}

function End({ address, port }: { readonly address: string; readonly port: number }): ReactNode {
  const host = port !== 0 && address.includes(':') ? `[${address}]` : address;
  return <span className="breaks-anywhere">{port === 0 ? host : `${host}:${port}`}</span>;
}

function Why({ reject }: { readonly reject: LiveReject }): ReactNode {
  const { ruleId } = reject;
  if (ruleId === null || ruleId === 'default-deny') return metText({ ...reject, rejectReason: null }, null);
  return <RuleLink id={ruleId} of={ownerOf(ruleId)} />;
}

/** Why there is none. */
function emptyWords(answer: LiveRejects | null): string {
  if (answer?.why === null) return 'Nothing was rejected since the server began.';
  return `Rejected packets are not told: ${answer?.why ?? 'the server was not heard'}.`;
}

function Left({ answer, shown }: { readonly answer: LiveRejects | null; readonly shown: number }): ReactNode {
  const leftOut = answer?.leftOut ?? 0;
  if (leftOut === 0 && shown < MOST_REJECTS) return null;
  return (
    <Box fontSize="body-s" color="text-body-secondary">
      {shown >= MOST_REJECTS && `The last ${MOST_REJECTS} are shown. `}
      {leftOut > 0 &&
        `${manyText(leftOut, 'packet more was', 'packets more were')} rejected than are told one by one; records have them all.`}
    </Box>
  );
}
