/**
 * AWS's list prices, as far as anything here is reckoned in money.
 *
 * In:    nothing. Out: the prices, in the form that `--prices FILE` takes.
 * Holds: us-east-1, US dollars, before discounts. They are from memory of public pages of autumn 2026 and no authority:
 *        every answer says their date, and the user's own file goes before them.
 */
import type { Prices } from './prices.ts';

export const LIST_PRICES: Prices = {
  asOf: '2026-11',
  region: 'us-east-1',
  currency: 'USD',
  status: 'list prices from memory of public pages; verify before quoting',
  vendedLogs: {
    cloudwatch: [
      { upToTB: 10, perGB: 0.5 },
      { upToTB: 30, perGB: 0.25 },
      { upToTB: 50, perGB: 0.1 },
      { upToTB: null, perGB: 0.05 },
    ],
    s3: [
      { upToTB: 10, perGB: 0.25 },
      { upToTB: 30, perGB: 0.15 },
      { upToTB: 50, perGB: 0.075 },
      { upToTB: null, perGB: 0.05 },
    ],
  },
  cloudwatchStoragePerGBMonth: 0.03,
  athenaPerTBScanned: 5,
  athenaMinimumMB: 10,
  s3: {
    storagePerGBMonth: {
      STANDARD: 0.023,
      STANDARD_IA: 0.0125,
      GLACIER_IR: 0.004,
      GLACIER: 0.0036,
      DEEP_ARCHIVE: 0.00099,
    },
    minimumDays: { STANDARD_IA: 30, GLACIER_IR: 90, GLACIER: 90, DEEP_ARCHIVE: 180 },
    minimumBilledKB: { STANDARD_IA: 128, GLACIER_IR: 128 },
    perObjectOverheadKB: { GLACIER: 40, DEEP_ARCHIVE: 40 },
    putPer1000: 0.005,
    getPer1000: 0.0004,
    transitionPer1000: { STANDARD_IA: 0.01, GLACIER_IR: 0.02, GLACIER: 0.03, DEEP_ARCHIVE: 0.05 },
  },
  network: {
    natGatewayPerHour: 0.045,
    natGatewayPerGB: 0.045,
    crossZonePerGBEachWay: 0.01,
    interRegionPerGB: 0.02,
    internetOutPerGB: 0.09,
    transitGatewayPerGB: 0.02,
    interfaceEndpointPerGB: 0.01,
    gatewayEndpointPerGB: 0,
  },
};
