/**
 * The tags of a flow log, in a dialog.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { FlowLogRow, FlowLogTagsBody } from '../../../../src/api/flow-logs.ts';
import { useFlash } from '../../flash.tsx';
import type { Draft } from './draft.ts';
import { missingIn, newDraft } from './draft.ts';
import { TagFields } from './tag-fields.tsx';
import { useDoing } from '../../parts/use-doing.ts';

export default function EditTags({
  row,
  done,
}: {
  readonly row: FlowLogRow;
  readonly done: (isChanged: boolean) => void;
}): ReactNode {
  const [tags, setTags] = useState<Draft['tags']>(() =>
    Object.entries(row.tags).map(([key, value]) => ({ key, value })),
  );
  const flash = useFlash();
  const { isBusy, error, run } = useDoing();
  const missing = missingIn('tags', { ...newDraft(''), tags });
  const save = (): void => {
    const body: FlowLogTagsBody = { tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])) };
    run<void>('PUT', `/api/flow-log-tags/${encodeURIComponent(row.id)}`, body, () => {
      flash({ type: 'success', text: `The tags of ${row.id} are saved.` });
      done(true);
    });
  };
  return (
    <Modal
      visible
      header={`Tags of ${row.name ?? row.id}`}
      onDismiss={() => done(false)}
      size="large"
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => done(false)}>
              Cancel
            </Button>
            <Button
              variant="primary"
              loading={isBusy}
              disabled={missing !== null}
              disabledReason={missing ?? ''}
              onClick={save}
            >
              Save
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {error !== null && <Alert type="error">{error.message}</Alert>}
        <TagFields tags={tags} change={setTags} />
      </SpaceBetween>
    </Modal>
  );
}
