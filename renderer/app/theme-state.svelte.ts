import type { EngineClient } from '../../shared/ipc/contract.ts';

/** What the user may choose. */
export const THEMES = ['system', 'light', 'dark'] as const;

/** One of the choices of theme. */
export type ThemeChoice = (typeof THEMES)[number];

const KEY = 'theme';

function isTheme(text: string | null): text is ThemeChoice {
  return THEMES.some((theme) => theme === text);
}

/** The theme chosen, remembered by the engine, and the one to be drawn. */
export class ThemeState {
  choice = $state<ThemeChoice>('system');
  #systemDark = $state(false);
  /** The theme to be drawn. */
  readonly shown: 'light' | 'dark' = $derived(
    this.choice === 'system' ? (this.#systemDark ? 'dark' : 'light') : this.choice,
  );
  readonly #engine: EngineClient;

  constructor(engine: EngineClient, systemDark: MediaQueryList) {
    this.#engine = engine;
    this.#systemDark = systemDark.matches;
    systemDark.addEventListener('change', (event) => {
      this.#systemDark = event.matches;
    });
  }

  /** Reads the remembered choice. */
  async read(): Promise<void> {
    const remembered = await this.#engine.call('setting.read', { key: KEY });
    if (isTheme(remembered)) this.choice = remembered;
  }

  /** Chooses a theme and remembers it. */
  async choose(choice: ThemeChoice): Promise<void> {
    this.choice = choice;
    await this.#engine.call('setting.write', { key: KEY, value: choice });
  }

  /** Chooses the theme after the present one: light, dark, system. */
  async next(): Promise<void> {
    const order: readonly ThemeChoice[] = ['light', 'dark', 'system'];
    await this.choose(order[(order.indexOf(this.choice) + 1) % order.length] ?? 'system');
  }
}
