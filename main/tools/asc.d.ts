/**
 * The part of AssemblyScript's compiler that the build calls. Its own declarations would redefine
 * JavaScript's built-in types for the whole program.
 */
declare const asc: {
  main(
    args: readonly string[],
    options: { readonly writeFile: (name: string, contents: Uint8Array | string) => void },
  ): Promise<{ readonly error: Error | null; readonly stderr: { toString(): string } }>;
};

export default asc;
