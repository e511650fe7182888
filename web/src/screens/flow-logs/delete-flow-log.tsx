/**
 * Deletes a flow log, after its id or name was typed.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { FlowLogRow } from '../../../../src/api/flow-logs.ts';
import { useFlash } from '../../flash.tsx';
import { placeText } from '../../words/flow-logs.ts';
import { useDoing } from '../../parts/use-doing.ts';

/** Typed to confirm. */
const WORD = 'delete';

export default function DeleteFlowLog({
  row,
  done,
}: {
  readonly row: FlowLogRow;
  readonly done: (isGone: boolean) => void;
}): ReactNode {
  const [typed, setTyped] = useState('');
  const flash = useFlash();
  const { isBusy, error, run } = useDoing();
  const isSure = typed.trim().toLowerCase() === WORD;
  const remove = (event?: FormEvent): void => {
    event?.preventDefault();
    if (!isSure || isBusy) return;
    run<void>('DELETE', `/api/flow-logs/${encodeURIComponent(row.id)}`, undefined, () => {
      flash({ type: 'success', text: `${row.name ?? row.id} is deleted. What it published stays.` });
      done(true);
    });
  };
  return (
    <Modal
      visible
      header={`Delete ${row.name ?? row.id}?`}
      onDismiss={() => done(false)}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => done(false)}>
              Cancel
            </Button>
            <Button variant="primary" disabled={!isSure} loading={isBusy} onClick={() => remove()}>
              Delete
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form onSubmit={remove}>
        <SpaceBetween size="m">
          {error !== null && <Alert type="error">{error.message}</Alert>}
          <Box>
            It ends now: the open window is published as far as it has come. What it has published to{' '}
            {placeText(row.destination)} stays.
            {row.interfaces > 0 &&
              ` It covers ${row.interfaces} interfaces; look at Coverage for what else records them.`}
          </Box>
          <Alert type="info">
            To change format, interval or destination without a hole in the records, replace it instead.
          </Alert>
          <FormField label={`Type ${WORD} to confirm`}>
            <Input
              value={typed}
              placeholder={WORD}
              autoFocus
              spellcheck={false}
              onChange={({ detail }) => setTyped(detail.value)}
            />
          </FormField>
        </SpaceBetween>
      </form>
    </Modal>
  );
}
