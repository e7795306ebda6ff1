/** Style sheets are imported for their effect only; Vite bundles them. */
declare module '*.css';

/** The packages whose code is shipped; made when the page is bundled. */
declare module 'virtual:licences' {
  interface ShippedPackage {
    readonly name: string;
    readonly version: string;
    /** An SPDX expression. */
    readonly licence: string;
    /** Its text, `''` where the package brings none. */
    readonly text: string;
  }
  const packages: readonly ShippedPackage[];
  export default packages;
}
