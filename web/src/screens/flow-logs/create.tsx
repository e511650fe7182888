/**
 * Makes flow logs, step by step: of what, which traffic, to where, in which format, with which tags.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Wizard from '@cloudscape-design/components/wizard';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { CoverageAnswer, CreateFlowLogsAnswer, FlowLogsAnswer } from '../../../../src/api/flow-logs.ts';
import type { FormatFields } from '../../../../src/api/formats.ts';
import { useFlash } from '../../flash.tsx';
import { CodeText } from '../../parts/code-text.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { useCall } from '../../use-call.ts';
import { DESTINATION_WORDS, intervalText, RESOURCE_WORDS, TRAFFIC_WORDS } from '../../words/flow-logs.ts';
import { DestinationFields } from './destination-fields.tsx';
import type { Draft } from './draft.ts';
import { bodyOf, missingIn, newDraft } from './draft.ts';
import { FormatBuilder } from './format-builder.tsx';
import { IntervalField, TrafficField } from './record-fields.tsx';
import { ResourceTable } from './resource-table.tsx';
import { TagFields } from './tag-fields.tsx';
import { useDoing } from '../../parts/use-doing.ts';
import { useFormat } from './use-format.ts';

export default function Create({
  answer,
  of,
  done,
}: {
  readonly answer: FlowLogsAnswer | null;
  /** Ids with a plus between them. */
  readonly of: string;
  readonly done: (made?: string) => void;
}): ReactNode {
  const coverage = useCall<CoverageAnswer>('/api/coverage');
  const fields = useCall<FormatFields>('/api/fields');
  if (coverage.state === 'failed') return <Failure error={coverage.error} again={coverage.reload} />;
  if (fields.state === 'failed') return <Failure error={fields.error} again={fields.reload} />;
  if (coverage.last === null || fields.last === null || answer === null)
    return (
      <Container>
        <Waiting what="Looking at the network" />
      </Container>
    );
  if (!answer.mayCreate)
    return (
      <Alert type="warning" header="Your key may only read" action={<Button onClick={() => done()}>Back</Button>}>
        Log in with a key of the role operate to create flow logs.
      </Alert>
    );
  return <Steps answer={answer} coverage={coverage.last} known={fields.last} of={of} done={done} />;
}

function Steps({
  answer,
  coverage,
  known,
  of,
  done,
}: {
  readonly answer: FlowLogsAnswer;
  readonly coverage: CoverageAnswer;
  readonly known: FormatFields;
  readonly of: string;
  readonly done: (made?: string) => void;
}): ReactNode {
  const [draft, setDraft] = useState<Draft>(() => newDraft(known.presets[0]?.format ?? '', givenIn(of, coverage)));
  const [step, setStep] = useState(0);
  const [told, setTold] = useState<string | null>(null);
  const [failed, setFailed] = useState<CreateFlowLogsAnswer['unsuccessful']>([]);
  const [clientToken, setToken] = useState(() => crypto.randomUUID());
  const seen = useFormat(draft.format);
  const checked = useChecked(draft, clientToken);
  const flash = useFlash();
  const { isBusy, error, run } = useDoing();
  const change = (more: Partial<Draft>): void => {
    setDraft({ ...draft, ...more });
    setTold(null);
    setFailed([]);
    // Another request is no repetition of the one before.
    setToken(crypto.randomUUID());
  };
  const formatProblem = seen.isCurrent ? (seen.answer?.problem ?? null) : null;
  /** What a step lacks. */
  const lacking = (at: number): string | null =>
    at === 0
      ? missingIn('resources', draft)
      : at === 2
        ? (missingIn('destination', draft) ?? checked.problem)
        : at === 3
          ? (formatProblem?.message ?? null)
          : at === 4
            ? missingIn('tags', draft)
            : null;
  const go = (to: number): void => {
    // Back is always allowed; on the way forward the first step that lacks something stops.
    for (let at = step; at < to; at++) {
      const why = lacking(at);
      if (why !== null) {
        setStep(at);
        setTold(why);
        return;
      }
    }
    setTold(null);
    setStep(to);
  };
  const submit = (): void => {
    const wrong = [0, 1, 2, 3, 4].find((at) => lacking(at) !== null);
    if (wrong !== undefined) {
      setStep(wrong);
      setTold(lacking(wrong));
      return;
    }
    run<CreateFlowLogsAnswer>('POST', '/api/flow-logs', bodyOf(draft, clientToken, false), (made) => {
      const { flowLogIds, unsuccessful } = made;
      if (flowLogIds.length > 0)
        flash({
          type: 'success',
          text: `${flowLogIds.length === 1 ? `${flowLogIds[0]} is` : `${flowLogIds.length} flow logs are`} made. The first records come with the end of the window.`,
        });
      if (unsuccessful.length === 0) done(flowLogIds[0]);
      else setFailed(unsuccessful);
    });
  };
  return (
    <Wizard
      activeStepIndex={step}
      onNavigate={({ detail }) => go(detail.requestedStepIndex)}
      onCancel={() => done()}
      onSubmit={submit}
      isLoadingNextStep={isBusy}
      submitButtonText="Create flow logs"
      i18nStrings={{
        stepNumberLabel: (number) => `Step ${number}`,
        collapsedStepsLabel: (number, count) => `Step ${number} of ${count}`,
        navigationAriaLabel: 'Steps',
        cancelButton: 'Cancel',
        previousButton: 'Previous',
        nextButton: 'Next',
        optional: 'optional',
      }}
      steps={[
        {
          title: 'Resources',
          description:
            'One flow log is made of each. A flow log of a VPC or subnet covers what comes into it later too.',
          errorText: step === 0 ? told : null,
          content: (
            <ResourceTable
              coverage={coverage}
              kind={draft.kind}
              chosen={draft.resources}
              change={(kind, resources) => change({ kind, resources })}
            />
          ),
        },
        {
          title: 'Traffic',
          content: (
            <Container>
              <SpaceBetween size="l">
                <TrafficField traffic={draft.traffic} change={(traffic) => change({ traffic })} />
                <IntervalField
                  interval={draft.intervalSeconds}
                  change={(intervalSeconds) => change({ intervalSeconds })}
                />
              </SpaceBetween>
            </Container>
          ),
        },
        {
          title: 'Destination',
          errorText: step === 2 ? told : null,
          content: (
            <Container>
              <SpaceBetween size="l">
                <DestinationFields
                  destination={draft.destination}
                  flowLogs={answer.flowLogs}
                  error={checked.problem}
                  change={(destination) => change({ destination })}
                />
                <div aria-live="polite">
                  <Checked state={checked} />
                </div>
              </SpaceBetween>
            </Container>
          ),
        },
        {
          title: 'Log format',
          errorText: step === 3 ? told : null,
          content: (
            <Container>
              <FormatBuilder text={draft.format} seen={seen} known={known} change={(format) => change({ format })} />
            </Container>
          ),
        },
        {
          title: 'Tags',
          isOptional: true,
          errorText: step === 4 ? told : null,
          content: (
            <Container>
              <TagFields tags={draft.tags} change={(tags) => change({ tags })} />
            </Container>
          ),
        },
        {
          title: 'Look over and create',
          errorText: error?.message ?? told,
          content: (
            <Review draft={draft} failed={failed} version={seen.preview?.version ?? null} edit={(at) => setStep(at)} />
          ),
        },
      ]}
    />
  );
}

/** Resources that were chosen elsewhere. */
function givenIn(of: string, { places, interfaces }: CoverageAnswer): Draft['resources'] {
  const wanted = new Set(of.split('+'));
  return [...places, ...interfaces].filter(({ id }) => wanted.has(id)).map(({ id, region }) => ({ id, region }));
}

type CheckState = { readonly is: 'nothing' | 'asking' | 'good'; readonly problem: string | null };

const QUIET_MILLIS = 400;

/** What CreateFlowLogs would say to the draft, while it is being thought out. */
function useChecked(draft: Draft, clientToken: string): CheckState {
  const isWhole = draft.resources.length > 0 && missingIn('destination', draft) === null;
  const body = isWhole ? JSON.stringify(bodyOf({ ...draft, tags: [] }, clientToken, true)) : '';
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(body), QUIET_MILLIS);
    return () => clearTimeout(timer);
  }, [body]);
  const asked = useCall<CreateFlowLogsAnswer>(
    settled === '' ? null : '/api/flow-logs',
    settled === '' ? undefined : (JSON.parse(settled) as object),
  );
  if (!isWhole) return { is: 'nothing', problem: null };
  if (settled === body && asked.state === 'failed') return { is: 'nothing', problem: asked.error.message };
  if (settled !== body || asked.state !== 'ready') return { is: 'asking', problem: null };
  const [first] = asked.value.unsuccessful;
  return first === undefined ? { is: 'good', problem: null } : { is: 'nothing', problem: first.message };
}

function Checked({ state: { is, problem } }: { readonly state: CheckState }): ReactNode {
  if (is === 'asking') return <StatusIndicator type="loading">Asking the destination</StatusIndicator>;
  if (is === 'good') return <StatusIndicator type="success">CreateFlowLogs would take this.</StatusIndicator>;
  return problem === null ? null : <StatusIndicator type="error">It would be refused, as said above.</StatusIndicator>;
}

function Review({
  draft,
  failed,
  version,
  edit,
}: {
  readonly draft: Draft;
  readonly failed: CreateFlowLogsAnswer['unsuccessful'];
  readonly version: number | null;
  readonly edit: (step: number) => void;
}): ReactNode {
  const { destination, resources, kind } = draft;
  const part = (title: string, step: number, content: ReactNode): ReactNode => (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Button ariaLabel={`Edit ${title}`} onClick={() => edit(step)}>
              Edit
            </Button>
          }
        >
          {title}
        </Header>
      }
    >
      {content}
    </Container>
  );
  return (
    <SpaceBetween size="l">
      {failed.length > 0 && (
        <Alert type="error" header={`Not made for ${failed.length} of ${resources.length}`}>
          <ul className="plain-list breaks-anywhere">
            {failed.map(({ resourceId, code, message }) => (
              <li key={resourceId}>
                {resourceId}: {message} ({code})
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {part(
        'Resources',
        0,
        <KeyValuePairs
          columns={2}
          items={[
            { label: 'Kind', value: RESOURCE_WORDS[kind] },
            {
              label: `Ids (${resources.length})`,
              value: <span className="breaks-anywhere">{resources.map(({ id }) => id).join(', ')}</span>,
            },
          ]}
        />,
      )}
      {part(
        'Traffic and destination',
        1,
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'Traffic', value: TRAFFIC_WORDS[draft.traffic] },
            { label: 'Aggregation interval', value: intervalText(draft.intervalSeconds) },
            {
              label: DESTINATION_WORDS[destination.type],
              value: <span className="breaks-anywhere">{destination.place}</span>,
            },
            {
              label: 'Files',
              value:
                destination.type === 's3' ? (destination.fileFormat === 'parquet' ? 'Parquet' : 'Text, gzip') : '-',
            },
          ]}
        />,
      )}
      {part(
        version === null ? 'Log format' : `Log format, version ${version}`,
        3,
        <CodeText text={draft.format} label="the log format" />,
      )}
      {part(
        'Tags',
        4,
        draft.tags.length === 0 ? (
          <Box color="text-body-secondary">None</Box>
        ) : (
          <span className="breaks-anywhere">{draft.tags.map(({ key, value }) => `${key}=${value}`).join(', ')}</span>
        ),
      )}
    </SpaceBetween>
  );
}
