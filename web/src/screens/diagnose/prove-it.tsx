/**
 * The question tried out with a packet, where both ends are hosts of a lab; the command that does the same.
 */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Explanation } from '../../../../src/api/explanation.ts';
import type { Proof, ProvableAnswer, ProveRequest } from '../../../../src/api/proof.ts';
import { shellWord } from '../../../../src/model/shell-word.ts';
import { CodeText } from '../../parts/code-text.tsx';
import { Failure } from '../../parts/failure.tsx';
import type { Names } from '../../parts/network.ts';
import { useExplained } from '../../parts/use-explained.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { useSession } from '../../session.tsx';
import { useCall } from '../../use-call.ts';
import type { EndsForm } from './asked.ts';
import { areProvable, proveRequestOf } from './provable.ts';
import { ProofShown } from './proof.tsx';

export function ProveIt({
  ends,
  explanation,
  names,
}: {
  readonly ends: EndsForm;
  readonly explanation: Explanation;
  readonly names: Names;
}): ReactNode {
  const provable = useCall<ProvableAnswer>('/api/provable');
  const request = proveRequestOf(ends);
  if (provable.last === null || !areProvable(explanation, provable.last) || request === null)
    return (
      <ExpandableSection variant="footer" headerText="Prove it with a packet, where a lab runs">
        <SpaceBetween size="s">
          <Box color="text-body-secondary">
            In a lab this command sends the packet, and compares the model, the kernels of both ends and the records. In
            the console of a lab there is a button for it.
          </Box>
          <CodeText text={`${commandOf(ends)}\n`} label="Command that proves it" />
        </SpaceBetween>
      </ExpandableSection>
    );
  return <InLab ends={ends} request={request} names={names} />;
}

function InLab({
  ends,
  request,
  names,
}: {
  readonly ends: EndsForm;
  readonly request: ProveRequest;
  readonly names: Names;
}): ReactNode {
  const { role } = useSession();
  const [isAsked, setIsAsked] = useState(false);
  const asked = useExplained<Proof>(isAsked ? '/api/prove' : null, request);
  const isBusy = asked.state === 'loading';
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Both ends are hosts of this lab. One packet is sent from the first; the model, the kernels of both ends and the records are compared."
          actions={
            <Button
              disabled={role !== 'operate' || isBusy}
              disabledReason={role === 'operate' ? 'The packet is on its way.' : 'Your key may only read.'}
              onClick={() => (isAsked ? asked.reload() : setIsAsked(true))}
            >
              {asked.last === null ? 'Prove it with a packet' : 'Prove it again'}
            </Button>
          }
        >
          Proof
        </Header>
      }
    >
      <SpaceBetween size="m">
        {isBusy && <Waiting what="Sending the packet, and waiting for its records" />}
        {asked.state === 'failed' && <Failure error={asked.error} again={asked.reload} />}
        {asked.state === 'ready' && <ProofShown proof={asked.value} names={names} />}
        <ExpandableSection variant="footer" headerText="The same as a command">
          <CodeText text={`${commandOf(ends)}\n`} label="Command that proves it" />
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  );
}

function commandOf({ source, destination, protocol, port, sport }: EndsForm): string {
  return [
    'flowgauge diagnose --prove',
    `--from ${shellWord(source)}`,
    `--to ${shellWord(destination)}`,
    ...(protocol === 'tcp' ? [] : [`--protocol ${shellWord(protocol)}`]),
    ...(port === '' ? [] : [`--port ${shellWord(port)}`]),
    ...(sport === '' ? [] : [`--source-port ${shellWord(sport)}`]),
  ].join(' ');
}
