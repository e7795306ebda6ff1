/** Colours of the map in one theme; the same as in `ui/tokens.css`, which Cytoscape cannot read. */
export interface Colours {
  readonly ground: string;
  readonly surface: string;
  readonly frame: string;
  readonly tier: string;
  readonly line: string;
  readonly ink: string;
  readonly soft: string;
  readonly accent: string;
  readonly allowed: string;
  readonly blocked: string;
  readonly blockedSoft: string;
  readonly mixed: string;
  readonly address: string;
  readonly addressSoft: string;
  readonly shared: string;
  readonly sharedSoft: string;
  readonly rule: string;
}

const LIGHT: Colours = {
  ground: '#f3f5f8',
  surface: '#ffffff',
  frame: '#e9edf4',
  tier: '#ffffff',
  line: '#b6c0ce',
  ink: '#17202b',
  soft: '#4a5666',
  accent: '#2457d6',
  allowed: '#17755a',
  blocked: '#b9302a',
  blockedSoft: '#fbe5e3',
  mixed: '#8a5a00',
  address: '#3a6ea5',
  addressSoft: '#e4eef8',
  shared: '#5d6b3c',
  sharedSoft: '#eef1e2',
  rule: '#6a3fd0',
};

const DARK: Colours = {
  ground: '#0f141b',
  surface: '#1c2430',
  frame: '#151c26',
  tier: '#1b2431',
  line: '#435064',
  ink: '#e7ecf3',
  soft: '#b3bfce',
  accent: '#6d9bff',
  allowed: '#4fc79b',
  blocked: '#ff8078',
  blockedSoft: '#43201f',
  mixed: '#e6b450',
  address: '#7fb2e6',
  addressSoft: '#1b2f44',
  shared: '#b9c78a',
  sharedSoft: '#272d1b',
  rule: '#b79bff',
};

/** The colours of the map in a theme. */
export function coloursOf(theme: 'light' | 'dark'): Colours {
  return theme === 'dark' ? DARK : LIGHT;
}

/** The typefaces of the map's texts. */
export const FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';
