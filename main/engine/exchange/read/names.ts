/** Names that are free, the wanted one first. */
export class Names {
  readonly #taken = new Set<string>();

  take(wanted: string, id: string): string {
    const base = (wanted === '' ? id : wanted).slice(0, 200);
    let name = base;
    for (let number = 2; this.#taken.has(name); number++)
      name = number === 2 ? `${base} (${id.slice(0, 40)})` : `${base} (${number})`;
    this.#taken.add(name);
    return name;
  }
}
