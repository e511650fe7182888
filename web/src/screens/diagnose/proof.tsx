/**
 * What became of the packet that was sent: the model, the kernels of both ends and the records beside each other.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { Proof, ProofRecord } from '../../../../src/api/proof.ts';
import { countText, timeTextUtc } from '../../format.ts';
import { Named, ScreenLink } from '../../parts/named.tsx';
import type { Names } from '../../parts/network.ts';
import { equalFilter, recordsAt } from '../../parts/screen-links.ts';
import { countedText, differenceText, isUntried, sentText, verdictText } from '../../words/proof.ts';

export function ProofShown({ proof, names }: { readonly proof: Proof; readonly names: Names }): ReactNode {
  const { agree, differences, kernel, records, sent } = proof;
  return (
    <SpaceBetween size="m">
      <Alert
        type={agree ? 'success' : 'error'}
        header={agree ? 'Proved: the model, the kernel and the records agree' : 'Not proved: they do not agree'}
      >
        {sentText(proof)} Sent {timeTextUtc(Math.floor(sent.atMicros / 1e6))}.
        {differences.length > 0 && (
          <ul className="plain-list breaks-anywhere">
            {differences.map((one) => (
              <li key={differenceText(one)}>{differenceText(one)}</li>
            ))}
          </ul>
        )}
      </Alert>
      <KeyValuePairs
        columns={2}
        items={[
          { label: 'Request, as both kernels counted it', value: countedText(kernel.request) },
          {
            label: 'Reply',
            value: isUntried(proof) ? 'none was sent, so the way back was not tried' : countedText(kernel.reply),
          },
        ]}
      />
      <Records proof={proof} records={records} names={names} />
    </SpaceBetween>
  );
}

function Records({
  proof: { sent, model },
  records,
  names,
}: {
  readonly proof: Proof;
  readonly records: readonly ProofRecord[];
  readonly names: Names;
}): ReactNode {
  const filterOf = ({ interfaceId }: ProofRecord): string =>
    equalFilter({
      'interface-id': interfaceId,
      ...(sent.sourcePort === null ? { addr: sent.source } : { port: sent.sourcePort }),
    });
  return (
    <Table
      variant="embedded"
      wrapLines
      items={records}
      ariaLabels={{ tableLabel: 'Records of the packet' }}
      empty={<Box textAlign="center">No record tells of it: {model.question.protocol} packets have left none.</Box>}
      columnDefinitions={[
        { id: 'leg', header: 'Leg', isRowHeader: true, cell: ({ leg }) => leg ?? 'not known' },
        {
          id: 'at',
          header: 'At',
          cell: ({ interfaceId, direction }) => (
            <>
              <Named id={interfaceId} names={names} />, {direction}
            </>
          ),
        },
        {
          id: 'verdict',
          header: 'Record says',
          cell: (record) => <span className="breaks-anywhere">{verdictText(record, '-')}</span>,
        },
        {
          id: 'packets',
          header: 'Packets',
          cell: (record) => (
            <ScreenLink
              to={recordsAt(filterOf(record))}
              label={`${countText(record.packets)}: records of the ${record.leg ?? 'packet'}`}
            >
              {countText(record.packets)}
            </ScreenLink>
          ),
        },
        { id: 'source', header: 'Told by', cell: ({ verdictSource }) => verdictSource ?? 'the record' },
      ]}
    />
  );
}
