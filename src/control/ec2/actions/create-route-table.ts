/**
 * CreateRouteTable: a table of a VPC, with its local routes.
 *
 * In:    a VPC, tags. Out: the table. Fails: `InvalidVpcID.*`, those of tags.
 * @see EC2 API Reference, "CreateRouteTable", August 2026
 */
import { randomUUID } from 'node:crypto';
import type { CreateRouteTableRequest, CreateRouteTableResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { addRouteTable } from '../route-tables.ts';
import { tagsFor } from '../tags.ts';

export const createRouteTable = writeAction<CreateRouteTableRequest, CreateRouteTableResult>({
  name: 'CreateRouteTable',
  run(input, context) {
    const vpc = itemWithId(context.resources, 'Vpcs', input.VpcId);
    const tags = tagsFor('route-table', input.TagSpecifications);
    return {
      RouteTable: addRouteTable(context, vpc, false, tags),
      ClientToken: input.ClientToken ?? randomUUID(),
    };
  },
});
