import packageJson from '../../package.json' with { type: 'json' };

/** Segwright's own version. */
export const VERSION: string = packageJson.version;
