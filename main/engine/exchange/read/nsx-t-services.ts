import { formatService, parseService, protocolName } from '../../../../shared/net/service.ts';
import type { ReadService } from './read-ruleset.ts';
import { isObject, numberIn, objectsIn, textIn, textsIn, type JsonObject } from './json.ts';

/** The protocols whose helper follows connections, by the port they begin at. */
const ALG_PROTOCOLS: Readonly<Record<string, string>> = {
  FTP: 'TCP',
  ORACLE_TNS: 'TCP',
  MS_RPC_TCP: 'TCP',
  SUN_RPC_TCP: 'TCP',
  MS_RPC_UDP: 'UDP',
  SUN_RPC_UDP: 'UDP',
  TFTP: 'UDP',
  NBNS_BROADCAST: 'UDP',
  NBDG_BROADCAST: 'UDP',
};

function l4Text(protocol: string, entry: JsonObject): string {
  const ports = textsIn(entry, 'destination_ports').join(',');
  const sources = textsIn(entry, 'source_ports').join(',');
  return `${protocol}${ports === '' ? '' : `/${ports}`}${sources === '' ? '' : ` from ${sources}`}`;
}

/** The text of a service entry, as rules write services; nothing where rules cannot say it. */
export function entryText(entry: JsonObject): string | undefined {
  const text = (): string | undefined => {
    switch (textIn(entry, 'resource_type')) {
      case 'L4PortSetServiceEntry':
        return l4Text(textIn(entry, 'l4_protocol'), entry);
      case 'ICMPTypeServiceEntry': {
        const protocol = textIn(entry, 'protocol') === 'ICMPv6' ? 'ICMPv6' : 'ICMP';
        const type = numberIn(entry, 'icmp_type');
        const code = numberIn(entry, 'icmp_code');
        if (type === undefined) return protocol;
        return `${protocol}/${type}${code === undefined ? '' : `:${code}`}`;
      }
      case 'IGMPTypeServiceEntry':
        return 'IGMP';
      case 'IPProtocolServiceEntry': {
        const number = numberIn(entry, 'protocol_number');
        return number === undefined ? undefined : protocolName(number);
      }
      case 'ALGTypeServiceEntry': {
        const protocol = ALG_PROTOCOLS[textIn(entry, 'alg')];
        return protocol === undefined ? undefined : l4Text(protocol, entry);
      }
      default:
        return undefined;
    }
  };
  const service = parseService(text() ?? '');
  return service === undefined ? undefined : formatService(service);
}

/** Reads a service of the Policy API, and says which entries rules cannot say. */
export function readNsxTService(
  service: JsonObject,
  path: string,
): { readonly service: ReadService; readonly strange: readonly string[] } {
  const nested = objectsIn(service, 'children').flatMap((child) => {
    const entry = child['ServiceEntry'];
    return isObject(entry) ? [entry] : [];
  });
  const entries = [...objectsIn(service, 'service_entries'), ...nested];
  const inside = entries.map((entry) => textIn(entry, 'nested_service_path'));
  const texts = entries.map(entryText);
  const strange = entries.filter((_, at) => texts[at] === undefined && inside[at] === '');
  const id = textIn(service, 'id');
  return {
    service: {
      id,
      path,
      name: textIn(service, 'display_name') || id,
      keys: [path],
      services: texts.filter((text) => text !== undefined),
      inside: inside.filter((each) => each !== ''),
    },
    strange: strange.map((entry) => textIn(entry, 'resource_type')),
  };
}
