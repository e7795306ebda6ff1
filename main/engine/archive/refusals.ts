/**
 * Why a member is not read because of its name; nothing where it is read. Nothing is ever written
 * under such a name, but whoever packed it meant harm or made a mistake.
 */
export function nameRefusal(name: string): string | undefined {
  if (name === '' || name.includes('\0')) return 'a name that is none';
  if (/^([\\/]|[A-Za-z]:)/.test(name)) return 'an absolute name';
  if (name.split(/[\\/]/).includes('..')) return 'a name that leads out of the archive';
  return undefined;
}
