import { Failure } from '../../../shared/failure/failure.ts';

const QUOTED = 60;

/** Gathers what the reader of a document must know, and cuts texts that are too long. */
export class ExportReport {
  readonly #sentences = new Set<string>();

  /** The sentences, each once, in the order they were said. */
  get sentences(): readonly string[] {
    return [...this.#sentences];
  }

  /** Adds a sentence. */
  warn(sentence: string): void {
    this.#sentences.add(sentence);
  }

  /** The text, or its first `most` characters and a warning that names it as `what`. */
  cut(text: string, most: number, what: string): string {
    const characters = Array.from(text);
    if (characters.length <= most) return text;
    this.warn(`${what} is longer than ${most} characters, the most NSX-T takes, and was cut.`);
    return characters.slice(0, most).join('');
  }
}

/** A name in quotes, shortened where it would fill the sentence. */
export function quote(name: string): string {
  const characters = Array.from(name);
  return characters.length <= QUOTED ? `"${name}"` : `"${characters.slice(0, QUOTED).join('')}…"`;
}

/** The failure of a rule that NSX-T cannot express. */
export function impossible(rule: string, problem: string): Failure {
  return new Failure('export-impossible', { rule, format: 'NSX-T', problem });
}
