import type { Dictionary } from './dictionary.ts';

/** A vm-support bundle's folder: `esx-HOST-YYYY-MM-DD--HH.MM`. */
const BUNDLE_FOLDER = /(?:^|[/\\!])esx-([^/\\!]+?)-\d{4}-\d{2}-\d{2}--\d{2}\.\d{2}/;

/** File names under which NSX logs packets, rotated or not. */
const DFW_NAME = /(?:^|[/\\!])(?:dfwpktlogs|firewallpkt|firewall[_-]pktlog)[^/\\!]*$/i;

/** The code of the host whose bundle a path lies in; 0 where the path tells none. */
export function hostOfPath(path: string, hosts: Dictionary): number {
  const host = BUNDLE_FOLDER.exec(path)?.[1];
  return host === undefined ? 0 : hosts.codeOfText(host);
}

/** Whether a file's name says that it holds the firewall's packet log. */
export function hasDfwName(path: string): boolean {
  return DFW_NAME.test(path);
}
