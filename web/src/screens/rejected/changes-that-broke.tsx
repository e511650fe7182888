/**
 * Changes of the network that made flows fail which passed before.
 */
import Alert from '@cloudscape-design/components/alert';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { ChangeCaused, FailedFlow, TimedChange } from '../../../../src/api/rejects.ts';
import { manyText, timeText, timeTextUtc } from '../../format.ts';
import { RuleLink } from '../../parts/named.tsx';
import type { Names } from '../../parts/network.ts';
import { CHANGE_WORDS, protocolText } from '../../words/rejects.ts';

/** Flows and changes that are listed. */
const MOST = 20;

export function ChangesThatBroke({
  caused,
  names,
}: {
  readonly caused: readonly ChangeCaused[];
  readonly names: Names;
}): ReactNode {
  if (caused.length === 0) return null;
  return (
    <SpaceBetween size="s">
      {caused.map((one, at) => (
        <Caused key={at} caused={one} names={names} />
      ))}
    </SpaceBetween>
  );
}

function Caused({ caused, names }: { readonly caused: ChangeCaused; readonly names: Names }): ReactNode {
  const { changes, certainty, flows, records, firstRejectedSeconds } = caused;
  const many = manyText(flows.length, 'flow');
  return (
    <Alert
      type="warning"
      header={`${many} passed until ${certainty === 'certain' ? 'this change' : 'one of these changes'}, and ${flows.length === 1 ? 'is' : 'are'} rejected since ${timeTextUtc(firstRejectedSeconds)}`}
    >
      <ul className="plain-list breaks-anywhere">
        {changes.slice(0, MOST).map((change, at) => (
          <li key={at}>
            <ChangeWords change={change} />
          </li>
        ))}
        {changes.length > MOST && <li>and {manyText(changes.length - MOST, 'more change')}</li>}
      </ul>
      <ExpandableSection headerText={`The flows (${many}, ${manyText(records, 'rejected record')})`}>
        <ul className="plain-list breaks-anywhere">
          {flows.slice(0, MOST).map((flow, at) => (
            <li key={at}>{flowText(flow, names)}</li>
          ))}
          {flows.length > MOST && <li>and {manyText(flows.length - MOST, 'more flow')}</li>}
        </ul>
      </ExpandableSection>
    </Alert>
  );
}

/** When it was made, what was, what is. */
function ChangeWords({ change }: { readonly change: TimedChange }): ReactNode {
  const { kind, id, of, before, after, atSeconds, afterSeconds } = change;
  return (
    <>
      {afterSeconds === null
        ? `By ${timeText(atSeconds)}: `
        : `Between ${timeText(afterSeconds)} and ${timeText(atSeconds)}: `}
      {CHANGE_WORDS[kind]}, <RuleLink id={id} of={of} />
      {of !== null && ` of ${of}`}
      {before !== null && <>; was: {before || 'nothing'}</>}
      {after !== null && <>; is: {after || 'nothing'}</>}
    </>
  );
}

function flowText(flow: FailedFlow, names: Names): string {
  const at = flow.interfaceId === null ? 'an interface' : (names.get(flow.interfaceId) ?? flow.interfaceId);
  const service = flow.port === 0 ? protocolText(flow.protocol) : `${protocolText(flow.protocol)} ${flow.port}`;
  const way = flow.openedBy === 'peer' ? `from ${flow.peer} to ${at}` : `from ${at} to ${flow.peer}`;
  return `${service} ${way}: accepted until ${timeText(flow.lastAcceptedSeconds)}, rejected ${timeText(flow.firstRejectedSeconds)} to ${timeText(flow.lastRejectedSeconds)} (${manyText(flow.rejectedRecords, 'record')})`;
}
