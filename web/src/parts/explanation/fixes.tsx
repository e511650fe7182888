/**
 * What would open it: the smallest change, what else it opens, and how it is written for tools.
 */
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import Button from '@cloudscape-design/components/button';
import type { Fix } from '../../../../src/api/explanation.ts';
import { countText } from '../../format.ts';
import { useScreenLink } from '../../url-state.ts';
import { fewOf } from '../../words/rejects.ts';
import { WrittenChange } from '../code-text.tsx';
import type { Names } from '../network.ts';
import { whatIfAt } from '../screen-links.ts';

export function Fixes({ fixes, names }: { readonly fixes: readonly Fix[]; readonly names: Names }): ReactNode {
  if (fixes.length === 0) return null;
  return (
    <SpaceBetween size="l">
      {fixes.map((fix, at) => (
        <OneFix key={at} fix={fix} names={names} />
      ))}
    </SpaceBetween>
  );
}

const many = (count: string, one: string, several: string): string => `${count} ${count === '1' ? one : several}`;

function OneFix({ fix, names }: { readonly fix: Fix; readonly names: Names }): ReactNode {
  const { change, awsCli, terraform, replay, verified, opens, alsoOpens } = fix;
  const [, navigate] = useLocation();
  const link = useScreenLink();
  const isElsewhere = change.some((one) => 'OwnerId' in one);
  return (
    <SpaceBetween size="s">
      <div className="bar">
        <Box variant="h3">{isElsewhere ? 'What the other account must have' : 'The smallest change that opens it'}</Box>
        {replay !== null && (
          <Button iconName="search" onClick={() => navigate(link(...whatIfAt(replay)))}>
            Try it in What-if
          </Button>
        )}
      </div>
      <SpaceBetween size="xxs">
        {!isElsewhere &&
          opens.map(({ addresses, ports, interfaces }, at) => (
            <div key={at}>
              {opens.length > 1 && `Step ${at + 1} `}
              {opens.length > 1 ? 'opens' : 'Opens'} {many(addresses, 'address', 'addresses')} on{' '}
              {many(countText(ports), 'port', 'ports')} at {many(countText(interfaces), 'interface', 'interfaces')}.
            </div>
          ))}
        {alsoOpens.length > 0 && (
          <StatusIndicator type="warning">
            Also opens something at {fewOf(alsoOpens.map((id) => names.get(id) ?? id))}
          </StatusIndicator>
        )}
        {verified ? (
          <StatusIndicator type="success">Asked again with this change, request and reply pass.</StatusIndicator>
        ) : (
          <StatusIndicator type="info">
            Part of it is beyond what is known here: it could not be asked again.
          </StatusIndicator>
        )}
        {replay === null && (
          <Box color="text-body-secondary">
            What-if has no words for a change of this kind: it replays rules and routes.
          </Box>
        )}
      </SpaceBetween>
      <WrittenChange
        label="The change for tools"
        written={{
          awsCli: `${awsCli.join('\n')}\n`,
          terraform: `${terraform}\n`,
          json: `${JSON.stringify(replay ?? change, null, 2)}\n`,
        }}
      />
    </SpaceBetween>
  );
}
