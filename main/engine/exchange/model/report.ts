import type { ExportProblem } from '../../../../shared/domain/export.ts';
import type { Rule } from '../../../../shared/domain/ruleset.ts';

const QUOTED = 60;

/** The part of a rule a problem needs. */
export type RuleName = Pick<Rule, 'id' | 'name'>;

/** Gathers what the reader of a document must know, and what stops the document. */
export class ExportReport {
  readonly #problems: ExportProblem[] = [];
  readonly #seen = new Set<string>();
  /** The system written for, as sentences call it. */
  readonly system: string;
  #errors = 0;

  constructor(system: string) {
    this.system = system;
  }

  /** Errors before warnings, each in the order they were found. */
  get problems(): readonly ExportProblem[] {
    const of = (severity: ExportProblem['severity']) =>
      this.#problems.filter((problem) => problem.severity === severity);
    return [...of('error'), ...of('warning')];
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  /** Says why a rule cannot be written; `problem` is a sentence without its full stop. */
  refuse(rule: RuleName, field: string, problem: string): void {
    const message = `Rule "${rule.name}" cannot be written as ${this.system}: ${problem}.`;
    this.add({ severity: 'error', rule: rule.id, field, message });
  }

  /** Says something about the whole document. */
  warn(message: string): void {
    this.add({ severity: 'warning', rule: null, field: null, message });
  }

  /** Says something about a rule. */
  warnOf(rule: RuleName, field: string | null, message: string): void {
    this.add({ severity: 'warning', rule: rule.id, field, message });
  }

  /** Adds a problem, once. */
  add(problem: ExportProblem): void {
    const key = JSON.stringify([problem.rule, problem.field, problem.message]);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#problems.push(problem);
    if (problem.severity === 'error') this.#errors++;
  }

  /** The text, or its first `most` characters and a warning that names it as `what`. */
  cut(text: string, most: number, what: string, rule: RuleName | null = null): string {
    if (text.length <= most) return text;
    const characters = Array.from(text);
    if (characters.length <= most) return text;
    const message = `${what} is longer than ${most} characters, the most ${this.system} takes, and was cut.`;
    this.add({ severity: 'warning', rule: rule?.id ?? null, field: null, message });
    return characters.slice(0, most).join('');
  }
}

/** A name in quotes, shortened where it would fill the sentence. */
export function quote(name: string): string {
  const characters = Array.from(name);
  return characters.length <= QUOTED ? `"${name}"` : `"${characters.slice(0, QUOTED).join('')}…"`;
}
