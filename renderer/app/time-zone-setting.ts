import type { EngineClient } from '../../shared/ipc/contract.ts';
import { timeZone } from '../ui/time-zone.svelte.ts';

const KEY = 'time-zone';

/** Shows times as the user chose in an earlier session; UTC where nothing was chosen. */
export async function readTimeZone(engine: EngineClient): Promise<void> {
  timeZone.isLocal = (await engine.call('setting.read', { key: KEY })) === 'local';
}

/** Shows times in this computer's zone or in UTC, and remembers it. */
export async function chooseTimeZone(engine: EngineClient, isLocal: boolean): Promise<void> {
  timeZone.isLocal = isLocal;
  await engine.call('setting.write', { key: KEY, value: isLocal ? 'local' : 'utc' });
}
