/**
 * Help beside the screen *SQL*.
 */
import Box from '@cloudscape-design/components/box';
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function SqlHelp(): ReactNode {
  return (
    <HelpPanel header={<h2>SQL</h2>}>
      <p>
        Ask with one statement that reads: <Box variant="code">SELECT</Box>, <Box variant="code">WITH</Box>,{' '}
        <Box variant="code">DESCRIBE</Box> or <Box variant="code">SUMMARIZE</Box>. The SQL is DuckDB's; the table is{' '}
        <Box variant="code">flow_logs</Box>, and has the records of the time range at the top, those of open windows
        too.
      </p>
      <h3>Columns</h3>
      <p>
        Fields with <Box variant="code">_</Box> for <Box variant="code">-</Box>, as{' '}
        <Box variant="code">pkt_srcaddr</Box>, and <Box variant="code">start_time</Box> and{' '}
        <Box variant="code">end_time</Box> as times in UTC. <Box variant="code">end</Box> is a word of SQL: write{' '}
        <Box variant="code">"end"</Box>. <Box variant="code">DESCRIBE flow_logs</Box> shows what your flow logs hold.
      </p>
      <h3>Parameters</h3>
      <p>
        <Box variant="code">$name</Box> in the SQL becomes a field of the form. Its value is bound, never pasted into
        the text.
      </p>
      <h3>Limits</h3>
      <p>
        A query that takes too long or too much memory is ended, and says so. The screen shows so many rows; an export,
        which comes from the server as it is made, has all of them. Leaving the screen cancels the query.
      </p>
      <h3>What it cannot do</h3>
      <p>Read or write files, reach the network, change settings or data. Such SQL is refused before it runs.</p>
      <h3>Keys</h3>
      <p>
        Ctrl+Enter runs, Ctrl+Space completes, Escape closes the list, Tab leaves the editor. The table scrolls with the
        arrow keys when it has the focus.
      </p>
      <h3>Elsewhere</h3>
      <p>
        The same on the command line: <Box variant="code">flowgauge query</Box>. The address of this page has the
        question and the time range: send it to somebody who may log in.
      </p>
    </HelpPanel>
  );
}
