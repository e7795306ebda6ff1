/** The part of WebAssembly that is used; Node's own types leave it to the DOM's. */
declare namespace WebAssembly {
  type Module = object;

  interface Memory {
    readonly buffer: ArrayBuffer;
  }

  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }

  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>;
  function instantiate(
    module: Module,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): Promise<Instance>;
}
