import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Who may talk to the host: checks of the Host and Origin headers and of the token. */
export interface Guard {
  /** 256 random bits as base64url. */
  readonly token: string;
  /**
   * Whether the request was addressed to this host by a loopback name. A page of another site that
   * rebinds its own name to 127.0.0.1 fails here.
   */
  isAddressedHere(request: IncomingMessage): boolean;
  /** Whether the request comes from a page of this host, or of the allowed development server. */
  isFromOwnPage(request: IncomingMessage): boolean;
  /** Compares in constant time. */
  isToken(text: string): boolean;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * The origin of a page address, if it lies on this machine.
 *
 * @throws Error where it does not
 */
export function loopbackOrigin(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url?.hostname ?? '');
  if (url?.protocol !== 'http:' || !local) {
    throw new Error(`"${address}" is no http address of this machine`);
  }
  return url.origin;
}

/** Makes the guard of a host that listens on the port. */
export function createGuard(port: number, pageOrigin: string | undefined): Guard {
  const token = randomBytes(32).toString('base64url');
  const wanted = digest(token);
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const origins = hosts.map((host) => `http://${host}`);
  if (pageOrigin !== undefined) origins.push(loopbackOrigin(pageOrigin));
  return {
    token,
    isAddressedHere: (request) => hosts.includes(request.headers.host ?? ''),
    isFromOwnPage: (request) => origins.includes(request.headers.origin ?? ''),
    isToken: (text) => timingSafeEqual(digest(text), wanted),
  };
}
