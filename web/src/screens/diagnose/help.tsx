/**
 * Help beside the screen *Diagnose*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function DiagnoseHelp(): ReactNode {
  return (
    <HelpPanel header={<h2>Diagnose</h2>}>
      <p>
        Every group, ACL, route and control between two ends is asked, for the request and for its reply: the same
        tables that judge packets. Steps behind the one that stops it are asked too, so that a change opens all of them.
      </p>
      <h3>Ends</h3>
      <ul>
        <li>
          an address, <code>10.0.1.10</code>, <code>10.0.1.10:443</code>, <code>[2001:db8::1]:443</code>
        </li>
        <li>
          <code>eni-…</code>, <code>i-…</code>, <code>subnet-…</code>
        </li>
        <li>
          a block, <code>10.0.0.0/16</code>, or <code>internet</code>: asked as a whole, and told in parts where not all
          fare alike
        </li>
      </ul>
      <h3>Time</h3>
      <p>
        <i>At</i> is the time of the network: which rules held then. The time range above says which records are counted
        as evidence.
      </p>
      <h3>What the answer says</h3>
      <dl>
        <dt>Blocked</dt>
        <dd>A rule or control rejects it; a flow log shows REJECT.</dd>
        <dt>Not answered</dt>
        <dd>It is accepted, and lost: routing, or nobody listens.</dd>
        <dt>Not logged</dt>
        <dd>AWS neither judges nor records such traffic.</dd>
        <dt>Not known</dt>
        <dd>What would decide is not known here, and that is said instead of a guess.</dd>
      </dl>
      <h3>What would open it</h3>
      <p>
        The smallest change, with what else it opens. <i>Try it in What-if</i> replays recorded traffic under it before
        you make it. Nothing is changed by this screen.
      </p>
    </HelpPanel>
  );
}
