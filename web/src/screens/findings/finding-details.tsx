/**
 * One finding, in the panel: what it says, the records that show it and the query that gives all of them, who was told.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { lazy, Suspense } from 'react';
import type { ReactNode } from 'react';
import { aboutOf } from '../../../../src/api/finding-subject.ts';
import type { FindingAnswer, FindingsAnswer } from '../../../../src/api/findings-routes.ts';
import type { FindingCell, KeptAlert, KeptFinding } from '../../../../src/api/findings.ts';
import { timeTextUtc } from '../../format.ts';
import { CodeText } from '../../parts/code-text.tsx';
import { Failure } from '../../parts/failure.tsx';
import { ScreenLink } from '../../parts/named.tsx';
import type { ScreenAddress } from '../../parts/screen-links.ts';
import { diagnoseAt, equalFilter, recordsAt } from '../../parts/screen-links.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { useSession } from '../../session.tsx';
import { SidePanel } from '../../side-panel.tsx';
import { useCall } from '../../use-call.ts';
import { ALERT_WORDS, factText, SEVERITY_WORDS, stateText } from '../../words/findings.ts';
import { protocolText } from '../../words/rejects.ts';

const Suppress = lazy(() => import('./suppress.tsx'));

/** Records lie in the hour before a window that ended. */
const AROUND_SECONDS = 3600;

export function FindingDetails({
  id,
  listed,
  close,
  isSuppressing,
  suppress,
  done,
}: {
  readonly id: string;
  /** What the list said last: when it says something else of this finding, that is asked anew. */
  readonly listed: FindingsAnswer | null;
  readonly close: () => void;
  readonly isSuppressing: boolean;
  readonly suppress: () => void;
  /** Whether it was suppressed. */
  readonly done: (isDone: boolean) => void;
}): ReactNode {
  const row = listed?.findings.find((one) => one.id === id);
  const version = `${row?.seenSeconds ?? 0}-${row?.suppressedUntilSeconds ?? 0}`;
  const asked = useCall<FindingAnswer>(`/api/findings/${encodeURIComponent(id)}?v=${version}`);
  const { last, reload } = asked;
  return (
    <>
      <SidePanel title={last === null ? id : last.finding.detection} close={close}>
        {asked.state === 'failed' && <Failure error={asked.error} again={reload} />}
        {asked.state === 'loading' && last === null && <Waiting what="Looking up the finding" />}
        {last !== null && asked.state !== 'failed' && <Told answer={last} suppress={suppress} />}
      </SidePanel>
      <Suspense fallback={null}>
        {isSuppressing && last !== null && (
          <Suppress
            finding={last.finding}
            done={(isDone) => {
              // One that is older than what is listed is told anew all the same.
              if (isDone) reload();
              done(isDone);
            }}
          />
        )}
      </Suspense>
    </>
  );
}

function Told({ answer, suppress }: { readonly answer: FindingAnswer; readonly suppress: () => void }): ReactNode {
  const { finding, falsePositives, alerts, suppressions } = answer;
  const { role } = useSession();
  const isSuppressed = finding.suppressedUntilSeconds !== null;
  return (
    <SpaceBetween size="l">
      <Box>{finding.meaning}</Box>
      {isSuppressed && (
        <Alert type="info" header={stateText(finding)}>
          {suppressions.map(({ id, reason }) => (
            <div key={id} className="breaks-anywhere">
              Suppression {id}
              {reason === null ? '' : `: ${reason}`}
            </div>
          ))}
        </Alert>
      )}
      <SpaceBetween direction="horizontal" size="xs">
        <Button
          onClick={suppress}
          disabled={role !== 'operate'}
          disabledReason="Your key may only read."
          iconName="notification"
        >
          Suppress
        </Button>
      </SpaceBetween>
      <About finding={finding} />
      <Evidence finding={finding} />
      {falsePositives !== null && (
        <div>
          <Box variant="h4">Other reasons that it may have</Box>
          <Box>{falsePositives}</Box>
        </div>
      )}
      <Alerts alerts={alerts} />
    </SpaceBetween>
  );
}

function About({ finding }: { readonly finding: KeptFinding }): ReactNode {
  const { severity, technique, firstSeconds, lastSeconds, foundSeconds, facts, subject, rows } = finding;
  return (
    <KeyValuePairs
      columns={4}
      minColumnWidth={150}
      items={[
        { label: 'Severity', value: SEVERITY_WORDS[severity] },
        { label: 'About', value: <span className="breaks-anywhere">{aboutOf(finding)}</span> },
        { label: 'First record', value: timeTextUtc(firstSeconds) },
        { label: 'Last record', value: timeTextUtc(lastSeconds) },
        { label: 'Found', value: timeTextUtc(foundSeconds) },
        { label: 'MITRE ATT&CK', value: <Technique id={technique} /> },
        ...(subject.interfaceId === null
          ? []
          : [{ label: 'Interface', value: <span className="breaks-anywhere">{subject.interfaceId}</span> }]),
        ...(rows > 1 ? [{ label: 'Times of the day', value: String(rows) }] : []),
        ...Object.entries(facts).map(([name, value]) => {
          const [label, text] = factText(name, value);
          return {
            label: `${label.slice(0, 1).toUpperCase()}${label.slice(1)}`,
            value: <span className="breaks-anywhere">{text}</span>,
          };
        }),
      ]}
    />
  );
}

function Technique({ id }: { readonly id: string | null }): ReactNode {
  // It comes from the state file, where anybody who may write it may have written anything.
  if (id === null || !/^T\d{4}(?:\.\d{3})?$/u.test(id)) return <span className="breaks-anywhere">{id ?? '-'}</span>;
  return (
    <Link
      external
      href={`https://attack.mitre.org/techniques/${id.replace('.', '/')}/`}
      externalIconAriaLabel="Opens in a new tab"
    >
      {id}
    </Link>
  );
}

/** The time of a finding, with what surrounds it, as a screen's address has it. */
function timeOf({ firstSeconds, lastSeconds }: KeptFinding): Readonly<Record<string, string>> {
  return { from: String(Math.max(0, firstSeconds - AROUND_SECONDS)), to: String(lastSeconds + AROUND_SECONDS) };
}

const at = ([path, own]: ScreenAddress, finding: KeptFinding): ScreenAddress => [path, { ...own, ...timeOf(finding) }];

function Evidence({ finding }: { readonly finding: KeptFinding }): ReactNode {
  const { client, server, port, protocol, interfaceId } = finding.subject;
  const { sql, records } = finding.evidence;
  const ends = { srcaddr: client, dstaddr: server, dstport: port, protocol };
  const filter = client === null && server === null ? equalFilter({ 'interface-id': interfaceId }) : equalFilter(ends);
  return (
    <SpaceBetween size="s">
      <Box variant="h4">Records that show it</Box>
      {records !== null && records.length > 0 ? (
        <Records records={records} />
      ) : (
        <Box color="text-body-secondary">None were kept with the finding; the query below gives them.</Box>
      )}
      <SpaceBetween direction="horizontal" size="m">
        <ScreenLink to={at(['/sql', { sql }], finding)}>All of them in SQL</ScreenLink>
        {filter !== '' && <ScreenLink to={at(recordsAt(filter), finding)}>Records of its way in Explore</ScreenLink>}
        {client !== null && server !== null && (
          <ScreenLink
            to={diagnoseAt({
              from: client,
              to: server,
              port,
              ...(protocol === null ? {} : { protocol: protocolText(protocol).replace('protocol ', '') }),
            })}
          >
            Diagnose
          </ScreenLink>
        )}
      </SpaceBetween>
      <CodeText text={sql} label="the query that gives the records" />
    </SpaceBetween>
  );
}

type Row = Readonly<Record<string, FindingCell>>;

const COLUMNS = ['start', 'srcaddr', 'srcport', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes', 'action'];

function Records({ records }: { readonly records: readonly Row[] }): ReactNode {
  const held = COLUMNS.filter((name) => records.some((record) => record[name] !== undefined && record[name] !== null));
  return (
    <Table
      variant="embedded"
      wrapLines
      items={records}
      ariaLabels={{ tableLabel: 'Records of the finding' }}
      columnDefinitions={held.map((name) => ({
        id: name,
        header: name,
        isRowHeader: name === 'start',
        cell: (record: Row) => <span className="breaks-anywhere">{cellText(name, record[name] ?? null)}</span>,
      }))}
    />
  );
}

function cellText(name: string, value: FindingCell): string {
  if (value === null) return '-';
  return name === 'start' && typeof value === 'number' ? timeTextUtc(value) : String(value);
}

function Alerts({ alerts }: { readonly alerts: readonly KeptAlert[] }): ReactNode {
  return (
    <SpaceBetween size="xs">
      <Box variant="h4">Who was told</Box>
      {alerts.length === 0 && (
        <Box color="text-body-secondary">
          Nobody: no receiver is set in <code>alerts</code> of <code>flowgauge.json</code>, or none wants to know of
          this severity.
        </Box>
      )}
      {alerts.map(({ receiver, state, changedSeconds, toldSeconds, attempts, why }) => (
        <div key={`${receiver} ${toldSeconds}`} className="breaks-anywhere">
          <StatusIndicator type={ALERT_WORDS[state].type}>
            {receiver}: {ALERT_WORDS[state].text}
          </StatusIndicator>
          <div className="quiet">
            {timeTextUtc(changedSeconds)}
            {attempts > 1 && `, ${attempts} attempts`}
            {why !== null && `; ${why}`}
          </div>
        </div>
      ))}
    </SpaceBetween>
  );
}
