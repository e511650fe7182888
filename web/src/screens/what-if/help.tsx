/**
 * Help beside the screen *What-if*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function WhatIfHelp(): ReactNode {
  return (
    <HelpPanel header={<h2>What-if</h2>}>
      <p>
        Every conversation of the time range is judged under the present rules and under the changed ones, by the engine
        that judges packets.
      </p>
      <h3>The change</h3>
      <p>
        Fill in the form, or paste: a change of ours (<code>{'{"changes": [ … ]}'}</code>), the JSON of{' '}
        <code>flowgauge diagnose --json</code>, or what <code>terraform show -json PLAN</code> prints.
      </p>
      <h3>Columns</h3>
      <dl>
        <dt>Newly blocked</dt>
        <dd>It passed, the present rules say so too, and the changed ones deny it.</dd>
        <dt>Newly allowed</dt>
        <dd>It was rejected, the present rules say so too, and the changed ones admit it.</dd>
        <dt>Same</dt>
        <dd>Nothing changes for it. What is not explained or not judged is counted apart, never as the same.</dd>
      </dl>
      <h3>What it cannot know</h3>
      <p>
        Traffic that was not recorded: before the flow log began, left out by its traffic type, or skipped. A route that
        comes allows nothing here, for what has no route is in no record.
      </p>
      <h3>Export</h3>
      <p>
        The change as commands of aws-cli, as Terraform, and as JSON for <code>flowgauge replay --change</code>.
      </p>
    </HelpPanel>
  );
}
