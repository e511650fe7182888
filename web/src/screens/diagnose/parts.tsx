/**
 * Parts of what was asked about that do not fare alike.
 */
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { Outcome, Part } from '../../../../src/api/explanation.ts';
import { Named, RuleLink } from '../../parts/named.tsx';
import type { Names } from '../../parts/network.ts';
import { ownerOf } from '../../parts/screen-links.ts';
import { CAUSE_WORDS, OUTCOME_WORDS, STAGE_WORDS } from '../../words/explanation.ts';

const TYPES = {
  allowed: 'success',
  blocked: 'error',
  unanswered: 'warning',
  'not-logged': 'info',
  unknown: 'pending',
} as const satisfies Record<Outcome, string>;

const MOST = 6;

const few = (list: readonly string[]): string =>
  list.length <= MOST ? list.join(', ') : `${list.slice(0, MOST).join(', ')} and ${list.length - MOST} more`;

export function Parts({ parts, names }: { readonly parts: readonly Part[]; readonly names: Names }): ReactNode {
  if (parts.length === 0) return null;
  return (
    <Table
      items={parts}
      wrapLines
      header={
        <Header
          variant="h2"
          counter={`(${parts.length})`}
          description="The steps are those of the first that does not pass."
        >
          Not all fare alike
        </Header>
      }
      ariaLabels={{ tableLabel: 'Parts that do not fare alike' }}
      columnDefinitions={[
        {
          id: 'outcome',
          header: 'Outcome',
          isRowHeader: true,
          cell: ({ outcome }) => <StatusIndicator type={TYPES[outcome]}>{OUTCOME_WORDS[outcome]}</StatusIndicator>,
        },
        { id: 'from', header: 'From', cell: ({ from }) => <span className="breaks-anywhere">{few(from)}</span> },
        { id: 'to', header: 'To', cell: ({ to }) => <span className="breaks-anywhere">{few(to)}</span> },
        { id: 'pairs', header: 'Pairs of addresses', cell: ({ pairs }) => pairs },
        {
          id: 'cause',
          header: 'By',
          cell: ({ cause, stage, interfaceId, ruleId }) => (
            <>
              {stage === null ? CAUSE_WORDS[cause] : STAGE_WORDS[stage]}
              {interfaceId !== null && (
                <>
                  {' '}
                  at <Named id={interfaceId} names={names} />
                </>
              )}
              {ruleId !== null && (
                <div>
                  <RuleLink id={ruleId} of={ownerOf(ruleId)} />
                </div>
              )}
            </>
          ),
        },
      ]}
    />
  );
}
