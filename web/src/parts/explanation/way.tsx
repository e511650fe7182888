/**
 * The way of a request and of its reply, step by step.
 *
 * Each step has a mark that is a shape and a word, not a colour alone. The step that decides is marked as such.
 */
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Icon from '@cloudscape-design/components/icon';
import type { ReactNode } from 'react';
import type { Explanation, NearMiss, PortRange, Step } from '../../../../src/api/explanation.ts';
import { missText, STAGE_WORDS, stepText } from '../../words/explanation.ts';
import { Named, RuleLink } from '../named.tsx';
import type { Names } from '../network.ts';
import { ownerOf } from '../screen-links.ts';

export type WayWords = {
  readonly names: Names;
  /** What rules say, by id. */
  readonly rules: Readonly<Record<string, string>>;
};

/** Ports that Linux chooses for clients. */
const LINUX: PortRange = [32768, 60999];

export function Ways({
  explanation,
  words,
}: {
  readonly explanation: Explanation;
  readonly words: WayWords;
}): ReactNode {
  const { steps, deciding, question } = explanation;
  const decides = deciding === null ? null : (steps[deciding] ?? null);
  const legs = (['request', 'reply'] as const).filter((leg) => steps.some((step) => step.leg === leg));
  if (legs.length === 0) return <Box color="text-body-secondary">The network of that time tells no steps of it.</Box>;
  return (
    <ColumnLayout columns={legs.length} minColumnWidth={320}>
      {legs.map((leg) => (
        <section key={leg} aria-label={leg === 'request' ? 'Way of the request' : 'Way of the reply'}>
          <Box variant="h3" padding={{ bottom: 'xs' }}>
            {leg === 'request' ? 'Request' : 'Reply'}
            {leg === 'reply' && question.sourcePorts !== null && (
              <Box variant="small" color="text-body-secondary" display="block">
                to {portsText(question.sourcePorts)}
                {question.sourcePorts[0] === LINUX[0] && question.sourcePorts[1] === LINUX[1]
                  ? ', those that Linux clients choose from'
                  : ''}
              </Box>
            )}
          </Box>
          <ol className="way">
            {steps
              .filter((step) => step.leg === leg)
              .map((step, at) => (
                <StepItem key={at} step={step} decides={step === decides} words={words} />
              ))}
          </ol>
        </section>
      ))}
    </ColumnLayout>
  );
}

const rangeText = ([from, to]: PortRange): string => (from === to ? String(from) : `${from}-${to}`);
const portsText = (range: PortRange): string => `${range[0] === range[1] ? 'port' : 'ports'} ${rangeText(range)}`;

function StepItem({
  step,
  decides,
  words,
}: {
  readonly step: Step;
  readonly decides: boolean;
  readonly words: WayWords;
}): ReactNode {
  const { pass, stage, interfaceId, ruleId, nearMisses } = step;
  const says = ruleId === null ? undefined : words.rules[ruleId];
  return (
    <li className={`way-step ${pass ? 'passes' : 'stops'}${decides ? ' decides' : ''}`}>
      <span className="way-mark">
        <Icon
          name={pass ? 'status-positive' : 'status-negative'}
          variant={pass ? 'success' : 'error'}
          alt={pass ? 'Passes' : 'Stops'}
        />
      </span>
      <div className="breaks-anywhere">
        <div className="way-head">
          <b>{STAGE_WORDS[stage]}</b>
          <span className="quiet">{pass ? 'passes' : 'stops here'}</span>
          {decides && <Badge color="severity-high">Decides</Badge>}
        </div>
        {interfaceId !== null && (
          <div>
            <Named id={interfaceId} names={words.names} />
          </div>
        )}
        <div>{stepText(step)}</div>
        {ruleId !== null && says !== undefined && (
          <div className="rule-text">
            <RuleLink id={ruleId} of={ruleOwner(step, ruleId)} />: {says}
          </div>
        )}
        <PassingPorts step={step} />
        {nearMisses.length > 0 && (
          <div>
            <span className="quiet">Nearest:</span>
            <ul className="plain-list">
              {nearMisses.map((miss) => (
                <Miss key={miss.ruleId} miss={miss} step={step} says={words.rules[miss.ruleId]} />
              ))}
            </ul>
          </div>
        )}
      </div>
    </li>
  );
}

/** The group or ACL that has the rule, where the step tells one alone. */
function ruleOwner({ stage, asked }: Step, ruleId: string): string | null {
  const own = ownerOf(ruleId);
  if (own !== null) return own;
  return /^(?:sg|nacl)-/u.test(stage) && asked.length === 1 ? asked[0]! : null;
}

function Miss({
  miss,
  step,
  says,
}: {
  readonly miss: NearMiss;
  readonly step: Step;
  readonly says: string | undefined;
}): ReactNode {
  return (
    <li>
      <RuleLink id={miss.ruleId} of={ruleOwner(step, miss.ruleId)} /> {missText(miss)}
      {says !== undefined && <div className="rule-text">{says}</div>}
    </li>
  );
}

/** Where not all ports that some client may choose pass. */
function PassingPorts({ step: { passingPorts, ports, pass } }: { readonly step: Step }): ReactNode {
  if (passingPorts === null || ports === null || ports[0] === ports[1]) return null;
  if (passingPorts.some(([from, to]) => from <= 1024 && to === 65535)) return null;
  if (passingPorts.length === 0) return null;
  const some = passingPorts.map(rangeText).join(', ');
  return (
    <div className="quiet">
      {pass ? `Of all client ports, 1024-65535, only ${some} pass.` : `Only ports ${some} pass.`}
    </div>
  );
}
