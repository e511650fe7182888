/**
 * DescribeNetworkInterfaceAttribute: one attribute of an interface.
 *
 * In:    an interface, the name of an attribute. Out: its value.
 * Fails: `InvalidNetworkInterfaceID.NotFound`, `InvalidParameterValue` for an attribute that is none.
 * @see EC2 API Reference, "DescribeNetworkInterfaceAttribute", August 2026
 */
import type {
  DescribeNetworkInterfaceAttributeRequest,
  DescribeNetworkInterfaceAttributeResult,
} from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { missingParameter } from '../errors.ts';
import { itemWithId } from '../find-items.ts';
import { vpcError } from '../vpc-errors.ts';

export const describeNetworkInterfaceAttribute = readAction<
  DescribeNetworkInterfaceAttributeRequest,
  DescribeNetworkInterfaceAttributeResult
>({
  name: 'DescribeNetworkInterfaceAttribute',
  run({ Attribute: attribute, NetworkInterfaceId: id }, { resources }) {
    const item = itemWithId(resources, 'NetworkInterfaces', id);
    switch (attribute) {
      case undefined:
        throw missingParameter('Attribute');
      case 'attachment':
        return {
          NetworkInterfaceId: id,
          ...(item.Attachment === undefined ? {} : { Attachment: item.Attachment }),
        };
      case 'description':
        return { NetworkInterfaceId: id, Description: { Value: item.Description ?? '' } };
      case 'groupSet':
        return { NetworkInterfaceId: id, Groups: item.Groups ?? [] };
      case 'sourceDestCheck':
        return { NetworkInterfaceId: id, SourceDestCheck: { Value: item.SourceDestCheck ?? true } };
      case 'associatePublicIpAddress':
        return { NetworkInterfaceId: id, AssociatePublicIpAddress: false };
      default:
        throw vpcError('unknownAttribute', attribute);
    }
  },
});
