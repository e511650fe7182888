/**
 * Help beside the screen *Storage*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function StorageHelp(): ReactNode {
  return (
    <HelpPanel header={<h2>Storage</h2>}>
      <p>
        What lies in the bucket of this host: objects as flow logs delivered them, and the lake, sorted files that are
        made of them. Each record is asked once, wherever it lies.
      </p>
      <h3>Compaction</h3>
      <dl>
        <dt>Waiting</dt>
        <dd>Objects of a period that has not ended, or that may still get some.</dd>
        <dt>Due</dt>
        <dd>Objects of periods that have ended. The next run takes them.</dd>
        <dt>In the lake</dt>
        <dd>Objects whose records a file has. They are not read any more, and may be removed.</dd>
        <dt>Removed</dt>
        <dd>They were compared with the file first, each value of each record.</dd>
      </dl>
      <p>
        It is turned on in <code>flowgauge.json</code>:{' '}
        <code>{'{"compact": {"enabled": true, "expireSeconds": 86400}}'}</code>
      </p>
      <h3>Retention</h3>
      <p>
        <code>{'{"retention": {"days": 90, "rollupDays": 800}}'}</code>: records go after 90 days, and sums by
        interface, source and destination stay for 800. What could not be compared stays, and is counted.
      </p>
      <h3>Ledger</h3>
      <p>
        Here by names alone: is there an object, or a file of the lake, for each entry?{' '}
        <code>flowgauge ledger verify</code> reads them and compares checksums, records and packets.
      </p>
    </HelpPanel>
  );
}
