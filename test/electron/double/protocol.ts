import { afterReady, beforeReady, record, strict, violation } from './state.ts';

interface Privileges {
  readonly standard?: boolean;
  readonly secure?: boolean;
  readonly supportFetchAPI?: boolean;
}

type Handler = (request: Request) => Response | Promise<Response>;

const HOST_SUFFIX = '.electron-double.invalid';
const schemes = new Map<string, Privileges>();
const handlers = new Map<string, Handler>();
let registered = false;

/** Stock Chromium cannot navigate to own schemes: they become hosts of a domain that cannot exist. */
export function toBrowserUrl(address: string): string {
  const { protocol: scheme, host, pathname, search, hash } = new URL(address);
  if (!handlers.has(scheme.slice(0, -1))) return address;
  return `https://${scheme.slice(0, -1)}--${host}${HOST_SUFFIX}${pathname}${search}${hash}`;
}

/** The reverse of {@link toBrowserUrl}; other addresses stay as they are. */
export function toAppUrl(address: string): string {
  if (!URL.canParse(address)) return address;
  const { hostname, pathname, search, hash } = new URL(address);
  const [scheme, host] = hostname.split('--');
  if (scheme === undefined || host?.endsWith(HOST_SUFFIX) !== true) return address;
  return `${scheme}://${host.slice(0, -HOST_SUFFIX.length)}${pathname}${search}${hash}`;
}

/** Asks the app's handler; `undefined` is a network error. */
export async function respond(request: Request, byFetch: boolean): Promise<Response | undefined> {
  const scheme = new URL(request.url).protocol.slice(0, -1);
  const handler = handlers.get(scheme);
  if (handler === undefined) return undefined;
  const { standard, secure, supportFetchAPI } = schemes.get(scheme) ?? {};
  if (standard !== true || secure !== true)
    violation(`${scheme}: is not registered as standard and secure`);
  if (byFetch && supportFetchAPI !== true) violation(`fetch() of ${scheme}: needs supportFetchAPI`);
  try {
    const response: unknown = await handler(request);
    if (response instanceof Response) return response;
    return violation(`the handler of ${scheme}: did not return a Response`);
  } catch (thrown) {
    record.violations.push(`the handler of ${scheme}: threw ${String(thrown)}`);
    return undefined;
  }
}

/** The module `protocol`. */
export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(list: readonly { scheme: string; privileges?: Privileges }[]): void {
    beforeReady('protocol.registerSchemesAsPrivileged');
    if (registered) violation('protocol.registerSchemesAsPrivileged can be called only once');
    registered = true;
    for (const { scheme, privileges } of list) schemes.set(scheme, privileges ?? {});
  },
  handle(scheme: string, handler: Handler): void {
    afterReady('protocol.handle');
    if (handlers.has(scheme)) violation(`Failed to register protocol: ${scheme}`);
    if (!schemes.has(scheme)) violation(`${scheme}: was not registered as privileged`);
    handlers.set(scheme, handler);
  },
  isProtocolHandled: (scheme: string) => handlers.has(scheme),
});
