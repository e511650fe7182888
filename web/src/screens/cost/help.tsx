/**
 * Help beside the screen *Cost*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function CostHelp(): ReactNode {
  return (
    <HelpPanel header={<h2>Cost</h2>}>
      <p>
        Bytes of the records of the time range times list prices, by way, pair of zones and owner. Every record counts;
        nothing is sampled. Discounts, free amounts and taxes are not reckoned.
      </p>
      <h3>What counts</h3>
      <p>
        What interfaces sent and was accepted. At NAT gateways and interface endpoints both directions, for both are
        charged. One byte may be in several lines: into another zone, through a NAT gateway, out to the internet.
      </p>
      <dl>
        <dt>No price</dt>
        <dd>The list has none, or it depends on what records do not tell.</dd>
        <dt>Estimated</dt>
        <dd>Inferred from addresses, for no field of the records tells it. Notes say which field is missing.</dd>
        <dt>Gateway endpoints</dt>
        <dd>
          The NAT price of what went through NAT gateways to S3 and DynamoDB. A bucket in another region is not reached
          by one.
        </dd>
        <dt>The flow logs themselves</dt>
        <dd>The length of these records as text, as often as they came, for 30 days.</dd>
      </dl>
      <p>
        <code>flowgauge cost --last 30d --prices prices.json</code> reckons with prices of your own, and gives CSV.
      </p>
    </HelpPanel>
  );
}
