import { parseAddress, rangeHas, parseAddressRange } from '../../../shared/net/address.ts';

const GROUP_ADDRESSES = ['224.0.0.0/4', '255.255.255.255', '0.0.0.0', 'ff00::/8', '::'].flatMap(
  (text) => parseAddressRange(text) ?? [],
);

/** Whether an address stands for no single workload: multicast, broadcast or unspecified. */
export function isGroupAddress(text: string): boolean {
  const address = parseAddress(text);
  return address === undefined || GROUP_ADDRESSES.some((range) => rangeHas(range, address));
}

/**
 * Whether a vantage is a workload. Packets to a subnet's broadcast address are logged IN at every
 * workload of the subnet with that address as their destination; the subnet's mask is not in the
 * log, so an address that ends in 255 and never opened anything is taken for one.
 */
export function isWorkload(text: string, opened: number): boolean {
  if (isGroupAddress(text)) return false;
  return opened > 0 || !/^\d+\.\d+\.\d+\.255$/.test(text);
}
