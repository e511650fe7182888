/**
 * One cause: its example step by step, what records say, what would open it, where to go on.
 */
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { ExampleRecord, Met, RejectCause } from '../../../../src/api/rejects.ts';
import { bytesText, countText, manyText, timeText } from '../../format.ts';
import { EvidenceTable } from '../../parts/explanation/evidence.tsx';
import { Fixes } from '../../parts/explanation/fixes.tsx';
import { Ways } from '../../parts/explanation/way.tsx';
import { Named, ScreenLink } from '../../parts/named.tsx';
import type { Names, OwnedRule } from '../../parts/network.ts';
import { rulesAt } from '../../parts/screen-links.ts';
import {
  causeText,
  metText,
  NOW_WORDS,
  protocolText,
  serviceText,
  SURE_WORDS,
  WHY_WORDS,
} from '../../words/rejects.ts';
import { namedGroups } from './causes.ts';
import { recordsOf } from './records-of.ts';

export function CauseDetails({
  cause,
  names,
  rules,
}: {
  readonly cause: RejectCause;
  readonly names: Names;
  /** Of the newest network. */
  readonly rules: ReadonlyMap<string, OwnedRule>;
}): ReactNode {
  const { explanation } = cause;
  const said = useMemo(() => Object.fromEntries([...rules].map(([id, { rule }]) => [id, rule.says] as const)), [rules]);
  return (
    <Container
      header={
        <Header variant="h2" description={newlyText(cause)} actions={<Links cause={cause} />}>
          <span className="breaks-anywhere">{causeText(cause, namedGroups(cause, names))}</span>
        </Header>
      }
    >
      <SpaceBetween size="l">
        <About cause={cause} names={names} />
        {explanation !== null && <Ways explanation={explanation} words={{ names, rules: said }} />}
        {explanation === null && (
          <Box color="text-body-secondary">
            Steps are worked out for the first causes alone. Diagnose this one to see its steps.
          </Box>
        )}
        {explanation !== null && <Fixes fixes={explanation.fixes} names={names} />}
        {explanation?.evidence.map((evidence, at) => (
          <EvidenceTable key={at} evidence={evidence} names={names} />
        ))}
      </SpaceBetween>
    </Container>
  );
}

function newlyText({ newly, why, now }: RejectCause): ReactNode {
  const parts = [WHY_WORDS[why], now === null ? null : `${NOW_WORDS[now]}.`];
  if (newly?.why === 'accepted-before')
    parts.push(
      `${manyText(newly.flows, 'flow')} passed ${newly.acceptedUntilSeconds === null ? 'before' : `until ${timeText(newly.acceptedUntilSeconds)}`}, rejected since ${timeText(newly.sinceSeconds)} UTC.`,
    );
  if (newly?.why === 'first-seen') parts.push(`First seen ${timeText(newly.sinceSeconds)} UTC.`);
  return parts.filter((text) => text !== null).join(' ');
}

function Links({ cause }: { readonly cause: RejectCause }): ReactNode {
  const records = recordsOf(cause);
  return (
    <SpaceBetween direction="horizontal" size="m">
      {cause.groups?.slice(0, 3).map((group) => (
        <ScreenLink key={group} to={rulesAt(group)}>
          Rules of {group}
        </ScreenLink>
      ))}
      {records !== null && <ScreenLink to={records}>The records</ScreenLink>}
    </SpaceBetween>
  );
}

function About({ cause, names }: { readonly cause: RejectCause; readonly names: Names }): ReactNode {
  const { records, packets, bytes, peers, topPeers, ports, topPorts, example, certainty, met, modelSays, groups } =
    cause;
  return (
    <KeyValuePairs
      columns={4}
      items={[
        {
          label: 'How sure',
          value: (
            <>
              {SURE_WORDS[certainty]}
              {met.length > 1 && <Several title="It may also be:" met={met.slice(1)} groups={groups} names={names} />}
              {modelSays !== null && (
                <Several title="The rules that are known say:" met={modelSays} groups={groups} names={names} />
              )}
              {cause.beforeModel && (
                <StatusIndicator type="warning">Older than what is known of the network</StatusIndicator>
              )}
            </>
          ),
        },
        {
          label: 'Records, packets, bytes',
          value: `${countText(records)}, ${countText(packets)}, ${bytesText(bytes)}`,
        },
        {
          label: `Peers (${countText(peers)})`,
          value: topPeers.map(({ value, records: own }) => `${value} (${countText(own)})`).join(', '),
        },
        {
          label: `Services (${countText(ports)})`,
          value: topPorts.map(({ value, records: own }) => `${serviceText(value)} (${countText(own)})`).join(', '),
        },
        { label: 'Example', value: <span className="breaks-anywhere">{exampleText(example)}</span> },
      ]}
    />
  );
}

function Several({
  title,
  met,
  groups,
  names,
}: {
  readonly title: string;
  readonly met: readonly Met[];
  readonly groups: readonly string[] | null;
  readonly names: Names;
}): ReactNode {
  return (
    <div>
      <span className="quiet">{title}</span>
      <ul className="plain-list">
        {met.map((one, at) => (
          <li key={at}>
            {metText(one, groups)}
            {one.interfaceId !== null && (
              <>
                {' '}
                at <Named id={one.interfaceId} names={names} />
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

const FLAGS = [
  [1, 'FIN'],
  [2, 'SYN'],
  [4, 'RST'],
  [16, 'ACK'],
] as const;

function exampleText(example: ExampleRecord): string {
  const { protocol, tcpFlags, startSeconds, srcport, dstport } = example;
  const end = (address: string, port: number | null): string => {
    if (port === null || (protocol !== 6 && protocol !== 17)) return address;
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  };
  const flags =
    protocol !== 6 || tcpFlags === null
      ? ''
      : ` ${FLAGS.flatMap(([bit, name]) => ((tcpFlags & bit) === 0 ? [] : [name])).join('|') || 'without SYN'}`;
  const word = protocol === null ? '' : `, ${protocolText(protocol)}${flags}`;
  const time = startSeconds === null ? '' : `, ${timeText(startSeconds)} UTC`;
  return `${end(example.pktSrcaddr ?? example.srcaddr, srcport)} to ${end(example.pktDstaddr ?? example.dstaddr, dstport)}${word}${time}`;
}
