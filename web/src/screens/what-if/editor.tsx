/**
 * Where a change is written: as a form, or as text that is pasted or read from a file.
 */
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FileUpload from '@cloudscape-design/components/file-upload';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { NetworkAnswer } from '../../../../src/api/network.ts';
import type { FormStep } from './draft.ts';
import { EMPTY_STEP, formSteps, readText, stepFaults, stepJson } from './draft.ts';
import { StepFields } from './step-fields.tsx';

/** @param given  the change that is asked about now, as JSON; empty: none */
export function Editor({
  given,
  network,
  loading,
  ask,
}: {
  readonly given: string;
  readonly network: NetworkAnswer | null;
  readonly loading: boolean;
  readonly ask: (change: unknown) => void;
}): ReactNode {
  const known = given === '' ? [EMPTY_STEP] : formSteps(readText(given).change);
  const [tab, setTab] = useState(known === null ? 'text' : 'form');
  const [steps, setSteps] = useState<readonly FormStep[]>(known ?? [EMPTY_STEP]);
  const [text, setText] = useState(() => pretty(given));
  const [tried, setTried] = useState(false);
  const toText = (): void => {
    if (steps.some((step) => step.of !== '')) setText(pretty(JSON.stringify({ changes: steps.map(stepJson) })));
  };
  const toForm = (): void => {
    const read = formSteps(readText(text).change);
    if (read !== null) setSteps(read);
  };
  return (
    <Container header={<Header variant="h2">The change</Header>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (tab === 'form') {
            if (steps.every((step) => Object.keys(stepFaults(step)).length === 0))
              ask({ changes: steps.map(stepJson) });
            return;
          }
          const { change } = readText(text);
          if (change !== null) ask(change);
        }}
      >
        <SpaceBetween size="m">
          <Tabs
            activeTabId={tab}
            ariaLabel="How the change is written"
            onChange={({ detail }) => {
              if (detail.activeTabId === 'text') toText();
              else toForm();
              setTried(false);
              setTab(detail.activeTabId);
            }}
            tabs={[
              {
                id: 'form',
                label: 'Form',
                content: <StepsForm steps={steps} network={network} tried={tried} change={setSteps} text={text} />,
              },
              {
                id: 'text',
                label: 'JSON or Terraform plan',
                content: <TextForm text={text} tried={tried} change={setText} />,
              },
            ]}
          />
          <Button variant="primary" formAction="submit" loading={loading} loadingText="Replaying">
            Replay
          </Button>
        </SpaceBetween>
      </form>
    </Container>
  );
}

function pretty(json: string): string {
  if (json === '') return '';
  const { change, fault } = readText(json);
  return fault === null ? JSON.stringify(change, null, 2) : json;
}

function StepsForm({
  steps,
  network,
  tried,
  change,
  text,
}: {
  readonly steps: readonly FormStep[];
  readonly network: NetworkAnswer | null;
  readonly tried: boolean;
  readonly change: (steps: readonly FormStep[]) => void;
  readonly text: string;
}): ReactNode {
  const isOther = text.trim() !== '' && formSteps(readText(text).change) === null;
  return (
    <SpaceBetween size="m">
      {isOther && (
        <Alert type="info">
          The text has more than this form has fields for; it stays as it is under the other tab, and is not what is
          shown here.
        </Alert>
      )}
      {steps.map((step, at) => (
        <StepFields
          key={at}
          at={at}
          step={step}
          network={network}
          tried={tried}
          change={(changed) => change(steps.with(at, { ...step, ...changed }))}
          remove={steps.length === 1 ? null : () => change(steps.toSpliced(at, 1))}
        />
      ))}
      <Button iconName="add-plus" formAction="none" onClick={() => change([...steps, EMPTY_STEP])}>
        Add a step
      </Button>
    </SpaceBetween>
  );
}

function TextForm({
  text,
  tried,
  change,
}: {
  readonly text: string;
  readonly tried: boolean;
  readonly change: (text: string) => void;
}): ReactNode {
  const [files, setFiles] = useState<File[]>([]);
  const { fault } = readText(text);
  return (
    <SpaceBetween size="s">
      <FormField
        label="Change"
        description='{"changes": [ … ]}, the JSON of a diagnosis, or what `terraform show -json PLAN` prints'
        errorText={tried ? fault : null}
        stretch
      >
        <Textarea
          value={text}
          rows={12}
          spellcheck={false}
          placeholder={EXAMPLE}
          onChange={({ detail }) => change(detail.value)}
        />
      </FormField>
      <FileUpload
        value={files}
        accept="application/json,.json"
        constraintText="A JSON file; it is read here and sent with the question."
        i18nStrings={{
          uploadButtonText: () => 'Choose a file',
          dropzoneText: () => 'Drop a file here',
          removeFileAriaLabel: () => 'Remove the file',
          errorIconAriaLabel: 'Error',
          limitShowFewer: 'Show fewer files',
          limitShowMore: 'Show more files',
        }}
        onChange={({ detail }) => {
          setFiles(detail.value);
          void detail.value[0]?.text().then(change);
        }}
      />
    </SpaceBetween>
  );
}

const EXAMPLE = `{"changes": [
  {"do": "remove-rule", "group": "sg-0a1", "direction": "ingress", "protocol": "tcp", "ports": "22", "peer": "0.0.0.0/0"},
  {"do": "add-rule", "group": "sg-0a1", "direction": "ingress", "protocol": "tcp", "ports": "22", "peer": "10.0.0.0/8"}
]}`;
