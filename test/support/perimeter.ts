/**
 * Two small logs of one hour. The DFW logs web to app (also crossing the perimeter) and app to
 * database; the perimeter firewall logs web to app, and an outside client to a server that has
 * no vNIC.
 */
const at = (second: number) => `2026-03-02T08:00:${String(second).padStart(2, '0')}.000Z`;

const pass = (second: number, direction: 'IN' | 'OUT', ends: string, tag: string) =>
  `${at(second)} 0b7f00aa INET match PASS 5096 ${direction} 60 TCP ${ends} S ${tag}`;

/** Lines of the DFW: TCP/443 from 192.0.2.11 to .21 twice, TCP/1433 from .21 to .31 three times. */
export const DFW_LINES = [
  ...[1, 2].flatMap((n) => [
    pass(n, 'OUT', `192.0.2.11/4000${n}->192.0.2.21/443`, 'WEB'),
    pass(n, 'IN', `192.0.2.11/4000${n}->192.0.2.21/443`, 'APP'),
  ]),
  ...[3, 4, 5].flatMap((n) => [
    pass(n, 'OUT', `192.0.2.21/4000${n}->192.0.2.31/1433`, 'APP'),
    pass(n, 'IN', `192.0.2.21/4000${n}->192.0.2.31/1433`, 'DB'),
  ]),
  // A group's tag is told from a catch-all's by the vantages that do not bear it.
  ...[6, 7].map((n) => pass(n, 'IN', `192.0.2.41/4000${n}->192.0.2.42/22`, 'OPS')),
].join('\n');

const built = (id: number, client: string, server: string) =>
  `Mar  2 2026 08:00:0${id} fw1 : %ASA-6-302013: Built inbound TCP connection ${id} for outside:${client} (${client}) to inside:${server} (${server})`;

/** Lines of a perimeter firewall: TCP/443 from .11 to .21 twice, TCP/25 from outside to 192.0.2.77. */
export const ASA_LINES = [
  built(1, '192.0.2.11/40001', '192.0.2.21/443'),
  built(2, '192.0.2.11/40002', '192.0.2.21/443'),
  built(3, '198.51.100.9/40003', '192.0.2.77/25'),
].join('\n');
