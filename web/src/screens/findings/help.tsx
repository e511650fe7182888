/**
 * Help beside the screen *Findings*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function FindingsHelp(): ReactNode {
  return (
    <HelpPanel header={<h2>Findings</h2>}>
      <p>
        A finding is one thing that one detection tells of one subject, such as a client and a server, on one UTC day.
        It is the same finding however often it is found. <code>flowgauge detect show</code> lists the detections with
        what they mean.
      </p>
      <h3>When</h3>
      <p>
        Once a minute <code>up</code> looks at the records of this machine’s bucket, open windows too: at the whole day,
        or, where that takes long, at the last two hours most of the time. What is new is told against the past that it
        has learned; of whom it knows for less than three days it says nothing is new.
      </p>
      <h3>Records that show it</h3>
      <p>
        The first records are kept with the finding. The query gives all of them, in <i>SQL</i> and with{' '}
        <code>flowgauge query</code>, as long as the objects are there.
      </p>
      <h3>Suppressing</h3>
      <p>
        For a scanner of your own, a backup, a service that is open on purpose. It has an end. What is suppressed is
        found and kept all the same; alerts are not sent. When it goes on after the end, it is told again.
      </p>
      <h3>Alerts</h3>
      <p>
        Receivers stand in <code>alerts</code> of <code>flowgauge.json</code>: webhooks as Slack’s, topics of SNS, an
        index of OpenSearch or Elasticsearch. Each is told of a finding once. <i>May have been received</i> says that no
        answer came: a receiver that does not know what it has already is not told twice.
      </p>
    </HelpPanel>
  );
}
