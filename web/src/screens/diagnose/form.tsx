/**
 * The form of a question about two ends, and the one for a record.
 */
import Autosuggest from '@cloudscape-design/components/autosuggest';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { AutosuggestProps } from '@cloudscape-design/components/autosuggest';
import type { EndsForm } from './asked.ts';
import { faultsOf, PROTOCOLS } from './asked.ts';

export type RecordForm = { readonly record: string; readonly format: string };

export function QuestionForm({
  mode,
  ends,
  record,
  options,
  loading,
  choose,
  askEnds,
  askRecord,
}: {
  readonly mode: 'ends' | 'record';
  readonly ends: EndsForm;
  readonly record: RecordForm;
  readonly options: AutosuggestProps.Options;
  /** An answer is under way. */
  readonly loading: boolean;
  readonly choose: (mode: 'ends' | 'record') => void;
  readonly askEnds: (form: EndsForm) => void;
  readonly askRecord: (form: RecordForm) => void;
}): ReactNode {
  return (
    <Container>
      <Tabs
        activeTabId={mode}
        ariaLabel="What is asked about"
        onChange={({ detail }) => choose(detail.activeTabId as 'ends' | 'record')}
        tabs={[
          {
            id: 'ends',
            label: 'Two ends',
            content: <Ends given={ends} options={options} loading={loading} ask={askEnds} />,
          },
          {
            id: 'record',
            label: 'A rejected record',
            content: <RecordText given={record} loading={loading} ask={askRecord} />,
          },
        ]}
      />
    </Container>
  );
}

function Ends({
  given,
  options,
  loading,
  ask,
}: {
  readonly given: EndsForm;
  readonly options: AutosuggestProps.Options;
  readonly loading: boolean;
  readonly ask: (form: EndsForm) => void;
}): ReactNode {
  const [form, setForm] = useState(given);
  const [tried, setTried] = useState(false);
  const faults = tried ? faultsOf(form) : {};
  const set = (changed: Partial<EndsForm>): void => setForm((before) => ({ ...before, ...changed }));
  const end = (field: 'source' | 'destination', label: string, description: string): ReactNode => (
    <FormField label={label} description={description} errorText={faults[field]} stretch>
      <Autosuggest
        value={form[field]}
        options={options}
        virtualScroll
        enteredTextLabel={(text) => `Use: ${text}`}
        placeholder="10.0.1.10, eni-…, i-…, subnet-…, 10.0.0.0/16, internet"
        empty="Nothing in the network fits; an address or block is taken as it is typed."
        onChange={({ detail }) => set({ [field]: detail.value })}
      />
    </FormField>
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (Object.keys(faultsOf(form)).length === 0) ask(form);
      }}
    >
      <SpaceBetween size="m">
        <Grid
          gridDefinition={[
            { colspan: { default: 12, xs: 6, m: 4 } },
            { colspan: { default: 12, xs: 6, m: 4 } },
            { colspan: { default: 6, m: 2 } },
            { colspan: { default: 6, m: 2 } },
          ]}
        >
          {end('source', 'From', 'Who begins')}
          {end('destination', 'To', 'Who is talked to')}
          <FormField label="Protocol" description="Or its number" errorText={faults.protocol} stretch>
            <Autosuggest
              value={form.protocol}
              options={PROTOCOLS.map((value) => ({ value }))}
              filteringType="manual"
              enteredTextLabel={(text) => `Use: ${text}`}
              onChange={({ detail }) => set({ protocol: detail.value.toLowerCase() })}
            />
          </FormField>
          <FormField label="Port" description="That is talked to" errorText={faults.port} stretch>
            <Input value={form.port} inputMode="numeric" onChange={({ detail }) => set({ port: detail.value })} />
          </FormField>
        </Grid>
        <ExpandableSection
          headerText="Time, and ports of the client"
          defaultExpanded={form.at !== '' || form.sport !== ''}
        >
          <Grid gridDefinition={[{ colspan: { default: 12, xs: 6, m: 4 } }, { colspan: { default: 12, xs: 6, m: 4 } }]}>
            <FormField label="At (UTC)" description="The network as of then; empty: now" errorText={faults.at} stretch>
              <Input
                value={form.at}
                placeholder="2026-11-30 12:04:05"
                onChange={({ detail }) => set({ at: detail.value })}
              />
            </FormField>
            <FormField
              label="Ports of the client"
              description="That replies go to; empty: 32768-60999, as Linux chooses"
              errorText={faults.sport}
              stretch
            >
              <Input
                value={form.sport}
                placeholder="1024-65535"
                onChange={({ detail }) => set({ sport: detail.value })}
              />
            </FormField>
          </Grid>
        </ExpandableSection>
        <Button variant="primary" formAction="submit" loading={loading} loadingText="Asking">
          Diagnose
        </Button>
      </SpaceBetween>
    </form>
  );
}

function RecordText({
  given,
  loading,
  ask,
}: {
  readonly given: RecordForm;
  readonly loading: boolean;
  readonly ask: (form: RecordForm) => void;
}): ReactNode {
  const [form, setForm] = useState(given);
  const [tried, setTried] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (form.record.trim() !== '') ask(form);
      }}
    >
      <SpaceBetween size="m">
        <FormField
          label="Record"
          description="A line of a flow log whose action is REJECT, as it stands there"
          errorText={tried && form.record.trim() === '' ? 'Paste a record.' : undefined}
          stretch
        >
          <Textarea
            value={form.record}
            rows={3}
            spellcheck={false}
            placeholder="2 123456789012 eni-0a1 198.51.100.7 10.0.1.10 40112 23 6 1 60 1795435500 1795435520 REJECT OK"
            onChange={({ detail }) => setForm((before) => ({ ...before, record: detail.value }))}
          />
        </FormField>
        <FormField
          label={
            <>
              Log format <i>- optional</i>
            </>
          }
          description="Empty: the default format of version 2"
          stretch
        >
          <Input
            value={form.format}
            spellcheck={false}
            placeholder="${version} ${account-id} ${interface-id} …"
            onChange={({ detail }) => setForm((before) => ({ ...before, format: detail.value }))}
          />
        </FormField>
        <Button variant="primary" formAction="submit" loading={loading} loadingText="Asking">
          Diagnose
        </Button>
      </SpaceBetween>
    </form>
  );
}
