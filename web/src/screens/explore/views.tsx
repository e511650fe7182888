/**
 * Saved views: filter, dimensions, measure and columns under a name; and the address to share.
 */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import type { ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { MEASURES } from '../../../../src/api/explore.ts';
import type { SavedView, SaveViewBody, ViewsAnswer } from '../../../../src/api/views.ts';
import { call } from '../../api-client.ts';
import { useFlash } from '../../flash.tsx';
import { useSession } from '../../session.tsx';
import { useCall } from '../../use-call.ts';
import type { TabProps } from './state.ts';

export function Views({ state, change }: Pick<TabProps, 'state' | 'change'>): ReactNode {
  const { role } = useSession();
  const flash = useFlash();
  const called = useCall<ViewsAnswer>('/api/views');
  const [asks, setAsks] = useState<'save' | 'delete' | null>(null);
  const views = called.last?.views ?? [];
  const mayChange = role === 'operate';
  const { filter, by, measure, columns } = state;
  const share = (): void => {
    navigator.clipboard.writeText(location.href).then(
      () => flash({ type: 'success', text: 'The address was copied: whoever opens it sees this screen.' }),
      () => flash({ type: 'error', text: 'The browser did not allow to copy; the address of the page is the link.' }),
    );
  };
  const open = (view: SavedView): void =>
    change({
      filter: view.filter,
      by: view.by,
      measure: MEASURES.find((one) => one === view.measure) ?? 'bytes',
      columns: view.columns,
    });
  const items: ButtonDropdownProps.ItemOrGroup[] = [
    ...(views.length === 0
      ? []
      : [
          {
            text: 'Open',
            items: views.map(({ name, filter: own }) => ({
              id: `open ${name}`,
              text: name,
              ...(own === '' ? {} : { secondaryText: own }),
            })),
          },
        ]),
    {
      text: 'This view',
      items: [
        { id: 'share', text: 'Copy the address' },
        {
          id: 'save',
          text: 'Save as…',
          disabled: !mayChange,
          ...(mayChange ? {} : { disabledReason: 'Your key may only read.' }),
        },
        {
          id: 'delete',
          text: 'Delete a view…',
          disabled: !mayChange || views.length === 0,
          ...(mayChange ? {} : { disabledReason: 'Your key may only read.' }),
        },
      ],
    },
  ];
  return (
    <>
      <ButtonDropdown
        items={items}
        onItemClick={({ detail: { id } }) => {
          const view = views.find(({ name }) => id === `open ${name}`);
          if (view !== undefined) open(view);
          else if (id === 'share') share();
          else setAsks(id === 'save' ? 'save' : 'delete');
        }}
        expandToViewport
      >
        Views
      </ButtonDropdown>
      {asks === 'save' && (
        <SaveView
          body={{ filter, by, measure, columns }}
          names={views.map(({ name }) => name)}
          done={(said) => {
            setAsks(null);
            if (said !== null) {
              flash({ type: 'success', text: said });
              called.reload();
            }
          }}
        />
      )}
      {asks === 'delete' && (
        <DeleteView
          views={views}
          done={(said) => {
            setAsks(null);
            if (said !== null) {
              flash({ type: 'success', text: said });
              called.reload();
            }
          }}
        />
      )}
    </>
  );
}

type Done = (said: string | null) => void;

function SaveView({
  body,
  names,
  done,
}: {
  readonly body: SaveViewBody;
  readonly names: readonly string[];
  readonly done: Done;
}): ReactNode {
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const save = (event?: FormEvent): void => {
    event?.preventDefault();
    if (name.trim() === '') {
      setError('Give it a name.');
      return;
    }
    setBusy(true);
    call('PUT', `/api/views/${encodeURIComponent(name.trim())}`, body).then(
      () => done(`The view "${name.trim()}" was saved.`),
      (failed: unknown) => {
        setBusy(false);
        setError(failed instanceof Error ? failed.message : String(failed));
      },
    );
  };
  return (
    <Modal
      visible
      header="Save this view"
      onDismiss={() => done(null)}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => done(null)}>
              Cancel
            </Button>
            <Button variant="primary" loading={busy} onClick={() => save()}>
              Save
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form onSubmit={save}>
        <FormField
          label="Name"
          description="Filter, fields, measure and columns are kept; the time is not. Everybody who uses this server sees it."
          errorText={error ?? undefined}
          constraintText={
            names.includes(name.trim()) ? 'A view of this name is there, and will be replaced.' : undefined
          }
        >
          <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
        </FormField>
      </form>
    </Modal>
  );
}

function DeleteView({ views, done }: { readonly views: readonly SavedView[]; readonly done: Done }): ReactNode {
  const [error, setError] = useState<string | null>(null);
  const remove = (name: string): void => {
    call('DELETE', `/api/views/${encodeURIComponent(name)}`).then(
      () => done(`The view "${name}" was deleted.`),
      (failed: unknown) => setError(failed instanceof Error ? failed.message : String(failed)),
    );
  };
  return (
    <Modal visible header="Delete a view" onDismiss={() => done(null)}>
      <FormField errorText={error ?? undefined}>
        <SpaceBetween size="xs">
          {views.map(({ name, savedBy }) => (
            <div key={name} className="explore-view">
              <span className="breaks-anywhere">
                {name} <Box variant="small">saved by {savedBy}</Box>
              </span>
              <Button onClick={() => remove(name)} ariaLabel={`Delete the view ${name}`}>
                Delete
              </Button>
            </div>
          ))}
        </SpaceBetween>
      </FormField>
    </Modal>
  );
}
