/**
 * What lies there, in numbers.
 */
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import type { StorageAnswer } from '../../../../src/api/storage.ts';
import { bytesText, countText, manyText } from '../../format.ts';

export function Summary({ answer }: { readonly answer: StorageAnswer }): ReactNode {
  const { place, objects, bytes, due, waiting, lake, ledger } = answer;
  return (
    <Container
      header={
        <Header variant="h2" description={<span className="breaks-anywhere">{place}</span>}>
          What lies there
        </Header>
      }
    >
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Objects', value: <Sum big={countText(objects)} small={bytesText(bytes)} /> },
          { label: 'Due to be compacted', value: <Sum big={countText(due.objects)} small={bytesText(due.bytes)} /> },
          {
            label: 'Waiting for their period',
            value: <Sum big={countText(waiting.objects)} small={bytesText(waiting.bytes)} />,
          },
          { label: 'Ledger', value: <Ledger ledger={ledger} /> },
          {
            label: 'Records in the lake',
            value: (
              <Sum
                big={countText(lake.records)}
                small={`${manyText(lake.files, 'file')} of ${bytesText(lake.fileBytes)}, sums of ${bytesText(lake.rollupBytes)}`}
              />
            ),
          },
          {
            label: 'Made of objects',
            value: <Sum big={countText(lake.objects)} small={`${bytesText(lake.objectBytes)} as they were`} />,
          },
          {
            label: 'Removed, in the lake',
            value: <Sum big={countText(ledger.inLake)} small="objects of the ledger" />,
          },
          { label: 'Gone for their age', value: <Sum big={countText(lake.retired)} small="records" /> },
        ]}
      />
    </Container>
  );
}

function Sum({ big, small }: { readonly big: string; readonly small: string }): ReactNode {
  return (
    <>
      <Box fontSize="heading-m" fontWeight="bold">
        {big}
      </Box>
      <Box fontSize="body-s" color="text-body-secondary">
        {small}
      </Box>
    </>
  );
}

function Ledger({ ledger: { entries, missing, unlisted } }: { readonly ledger: StorageAnswer['ledger'] }): ReactNode {
  if (entries === 0) return <StatusIndicator type="stopped">No entry yet</StatusIndicator>;
  return (
    <>
      {missing === 0 ? (
        <StatusIndicator type="success">Nothing is missing</StatusIndicator>
      ) : (
        <StatusIndicator type="error">{countText(missing)} missing</StatusIndicator>
      )}
      <Box fontSize="body-s" color="text-body-secondary">
        of {manyText(entries, 'entry', 'entries')}
        {unlisted > 0 && `; ${manyText(unlisted, 'object has', 'objects have')} none`}
      </Box>
    </>
  );
}
