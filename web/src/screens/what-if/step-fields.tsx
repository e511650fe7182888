/**
 * The fields of one step of a change.
 */
import Autosuggest from '@cloudscape-design/components/autosuggest';
import type { AutosuggestProps } from '@cloudscape-design/components/autosuggest';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import type { ReactNode } from 'react';
import type { NetworkAnswer } from '../../../../src/api/network.ts';
import type { FormStep, FormStepKind } from './draft.ts';
import { FORM_STEPS, stepFaults } from './draft.ts';

const KIND_WORDS: Readonly<Record<FormStepKind, string>> = {
  'add-rule': 'Add a rule to a group',
  'remove-rule': 'Remove a rule of a group',
  'add-entry': 'Add an entry to an ACL',
  'remove-entry': 'Remove an entry of an ACL',
  'attach-group': 'Put an interface into a group',
  'detach-group': 'Take an interface out of a group',
};
const WAYS = [
  { value: 'ingress', label: 'Inbound' },
  { value: 'egress', label: 'Outbound' },
] as const;
const ACTIONS = [
  { value: 'allow', label: 'Allow' },
  { value: 'deny', label: 'Deny' },
] as const;

const named = (things: readonly { readonly id: string; readonly name: string | null }[]): AutosuggestProps.Option[] =>
  things.map(({ id, name }) => (name === null ? { value: id } : { value: id, description: name }));

/** What a step's group, ACL or rule may be. */
function ownersFor(step: FormStep, network: NetworkAnswer | null): AutosuggestProps.Options {
  if (network === null) return [];
  if (step.do === 'add-entry' || step.do === 'remove-entry') return named(network.acls);
  if (step.do !== 'remove-rule') return named(network.groups);
  return network.groups.map(({ id, name, rules }): AutosuggestProps.OptionGroup => ({
    label: name === null ? id : `${name} (${id})`,
    options: rules.flatMap((rule) => (rule.id.startsWith('sgr-') ? [{ value: rule.id, description: rule.says }] : [])),
  }));
}

export function StepFields({
  at,
  step,
  network,
  tried,
  change,
  remove,
}: {
  readonly at: number;
  readonly step: FormStep;
  readonly network: NetworkAnswer | null;
  /** Faults are shown. */
  readonly tried: boolean;
  readonly change: (changed: Partial<FormStep>) => void;
  readonly remove: (() => void) | null;
}): ReactNode {
  const faults = tried ? stepFaults(step) : {};
  const isEntry = step.do === 'add-entry' || step.do === 'remove-entry';
  const isMember = step.do === 'attach-group' || step.do === 'detach-group';
  const isWhole = step.do === 'remove-rule' && step.of.startsWith('sgr-');
  const hasTraffic = !isMember && step.do !== 'remove-entry' && !isWhole;
  const suggest = (
    field: 'of' | 'peer' | 'interface' | 'protocol',
    label: string,
    options: AutosuggestProps.Options,
    placeholder: string,
  ): ReactNode => (
    <FormField label={label} errorText={faults[field]} stretch>
      <Autosuggest
        value={step[field]}
        options={options}
        virtualScroll
        placeholder={placeholder}
        enteredTextLabel={(text) => `Use: ${text}`}
        onChange={({ detail }) => change({ [field]: detail.value })}
      />
    </FormField>
  );
  return (
    <fieldset className="step-fields">
      <legend>Step {at + 1}</legend>
      <FormField label="Do" stretch>
        <Select
          selectedOption={{ value: step.do, label: KIND_WORDS[step.do] }}
          options={FORM_STEPS.map((value) => ({ value, label: KIND_WORDS[value] }))}
          onChange={({ detail }) => change({ do: detail.selectedOption.value as FormStepKind, of: '' })}
        />
      </FormField>
      {suggest(
        'of',
        isEntry ? 'ACL' : step.do === 'remove-rule' ? 'Rule or group' : 'Group',
        ownersFor(step, network),
        isEntry ? 'acl-…' : step.do === 'remove-rule' ? 'sgr-… or sg-…' : 'sg-…',
      )}
      {isMember &&
        suggest(
          'interface',
          'Interface',
          (network?.interfaces ?? []).map(({ id, name, instanceName }) => {
            const description = instanceName ?? name;
            return description === null ? { value: id } : { value: id, description };
          }),
          'eni-…',
        )}
      {!isMember && !isWhole && (
        <FormField label="Direction" stretch>
          <Select
            selectedOption={WAYS.find(({ value }) => value === step.direction)!}
            options={WAYS}
            onChange={({ detail }) => change({ direction: detail.selectedOption.value as FormStep['direction'] })}
          />
        </FormField>
      )}
      {isEntry && (
        <FormField label="Number" errorText={faults.number} stretch>
          <Input
            value={step.number}
            inputMode="numeric"
            placeholder="1 to 32766"
            onChange={({ detail }) => change({ number: detail.value })}
          />
        </FormField>
      )}
      {step.do === 'add-entry' && (
        <FormField label="Action" stretch>
          <Select
            selectedOption={ACTIONS.find(({ value }) => value === step.action)!}
            options={ACTIONS}
            onChange={({ detail }) => change({ action: detail.selectedOption.value as FormStep['action'] })}
          />
        </FormField>
      )}
      {hasTraffic && (
        <>
          {suggest(
            'protocol',
            'Protocol',
            ['tcp', 'udp', 'icmp', 'icmpv6', 'all'].map((value) => ({ value })),
            'tcp, a number, all',
          )}
          <FormField label="Ports" errorText={faults.ports} stretch>
            <Input
              value={step.ports}
              placeholder="443, 8000-8010; empty: all"
              onChange={({ detail }) => change({ ports: detail.value })}
            />
          </FormField>
          {suggest(
            'peer',
            step.direction === 'ingress' ? 'From' : 'To',
            isEntry ? [] : named(network?.groups ?? []),
            isEntry ? '10.0.0.0/8' : '10.0.0.0/8, sg-…, pl-…',
          )}
        </>
      )}
      {remove !== null && (
        <div className="step-remove">
          <Button iconName="remove" onClick={remove} ariaLabel={`Remove step ${at + 1}`}>
            Remove
          </Button>
        </div>
      )}
    </fieldset>
  );
}
