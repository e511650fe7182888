/**
 * One group or ACL: what it is, who is in it, and for a group the rules that it needs.
 */
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import type { NetworkAcl, NetworkGroup } from '../../../../src/api/network.ts';
import { countText } from '../../format.ts';
import { Named, ScreenLink } from '../../parts/named.tsx';
import type { Names } from '../../parts/network.ts';
import { rejectedAt } from '../../parts/screen-links.ts';
import { useScreenLink } from '../../url-state.ts';
import type { SuggestLimits } from './suggested.tsx';
import { Suggested } from './suggested.tsx';

/** Members that are named. */
const MOST = 12;

export function Owner({
  owner,
  names,
  suggests,
  suggest,
  limits,
  limit,
}: {
  readonly owner: NetworkGroup | NetworkAcl;
  readonly names: Names;
  /** The suggestion is asked for. */
  readonly suggests: boolean;
  readonly suggest: () => void;
  readonly limits: SuggestLimits;
  readonly limit: (limits: SuggestLimits) => void;
}): ReactNode {
  const [, navigate] = useLocation();
  const link = useScreenLink();
  const isGroup = 'interfaceIds' in owner;
  const members = isGroup ? owner.interfaceIds : owner.subnetIds;
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h2"
            description={isGroup ? (owner.description ?? undefined) : undefined}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={() => navigate(link('/rules'))}>All rules</Button>
                {isGroup && owner.known && (
                  <Button variant="primary" disabled={suggests} onClick={suggest}>
                    Suggest rules
                  </Button>
                )}
              </SpaceBetween>
            }
          >
            {owner.name === null ? owner.id : `${owner.name} (${owner.id})`}
          </Header>
        }
      >
        <KeyValuePairs
          columns={3}
          items={[
            { label: 'Kind', value: isGroup ? 'Security group' : 'Network ACL' },
            {
              label: `${isGroup ? 'Interfaces' : 'Subnets'} (${countText(members.length)})`,
              value:
                members.length === 0 ? (
                  'none'
                ) : (
                  <>
                    {members.slice(0, MOST).map((id, at) => (
                      <span key={id}>
                        {at > 0 && ', '}
                        <Named id={id} names={names} />
                      </span>
                    ))}
                    {members.length > MOST && ` and ${countText(members.length - MOST)} more`}
                  </>
                ),
            },
            {
              label: 'Rejects',
              value: owner.known ? (
                <ScreenLink to={rejectedAt(owner.id)}>What it rejects</ScreenLink>
              ) : (
                <StatusIndicator type="warning">It is named and not described: its rules are not known</StatusIndicator>
              ),
            },
          ]}
        />
      </Container>
      {suggests && isGroup && <Suggested group={owner.id} names={names} limits={limits} change={limit} />}
    </SpaceBetween>
  );
}
