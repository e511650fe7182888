/**
 * The command that tries the question out in a lab with packets.
 */
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { shellWord } from '../../../../src/model/shell-word.ts';
import { CodeText } from '../../parts/code-text.tsx';
import type { EndsForm } from './asked.ts';

export function ProveIt({ ends }: { readonly ends: EndsForm }): ReactNode {
  const { source, destination, protocol, port, sport } = ends;
  const words = [
    'flowgauge diagnose --prove',
    `--from ${shellWord(source)}`,
    `--to ${shellWord(destination)}`,
    ...(protocol === 'tcp' ? [] : [`--protocol ${shellWord(protocol)}`]),
    ...(port === '' ? [] : [`--port ${shellWord(port)}`]),
    ...(sport === '' ? [] : [`--source-port ${shellWord(sport)}`]),
  ];
  return (
    <ExpandableSection variant="footer" headerText="Prove it with a packet, where a lab runs">
      <SpaceBetween size="s">
        <Box color="text-body-secondary">
          In a lab this command sends the packet, and compares the model, the kernels of both ends and the records. It
          is run on the lab&rsquo;s host: sending needs rights that this server does not have.
        </Box>
        <CodeText text={`${words.join(' ')}\n`} label="Command that proves it" />
      </SpaceBetween>
    </ExpandableSection>
  );
}
