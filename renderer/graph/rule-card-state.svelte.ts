/* eslint-disable svelte/prefer-svelte-reactivity -- maps and sets here are replaced as a whole or are not shown */
import type { FlowFilter } from '../../shared/domain/filter.ts';
import type { ServiceSeen } from '../../shared/domain/graph.ts';
import type { RuleAction, RuleDraft, RuleProposal } from '../../shared/domain/ruleset.ts';
import { formatService, parseService } from '../../shared/net/service.ts';
import { Latest } from '../app/latest.svelte.ts';
import type { Workbench } from '../app/workbench.svelte.ts';
import { formatUtc, plural } from '../ui/format.ts';

const TAG = /^[A-Za-z0-9_-]{1,32}$/;

/** The card of one rule being drawn: what is proposed, and what the user makes of it. */
export class RuleCardState {
  readonly proposal = new Latest<RuleProposal>();
  readonly seen = new Latest<readonly ServiceSeen[]>();
  name = $state('');
  action = $state<RuleAction>('ALLOW');
  appliedTo = $state.raw<readonly string[]>([]);
  logged = $state(true);
  tag = $state('');
  /** Services the rule shall have. */
  services = $state.raw<readonly string[]>([]);
  /** Services the user typed, which nobody has seen. */
  typed = $state.raw<readonly string[]>([]);
  anyService = $state(false);
  /** What is being typed in the field for another service. */
  other = $state('');
  /** Why what was typed is no service; `null` where it is one. */
  otherProblem = $state<string | null>(null);
  /** Whether the card is filled. */
  ready = $state(false);
  busy = $state(false);
  readonly #workbench: Workbench;

  /** Why the rule cannot be accepted yet; `null` where it can. */
  readonly problem: string | null = $derived.by(() => {
    if (this.proposal.failure !== null) return this.proposal.failure.message;
    if (this.proposal.value === null) return 'Waiting for the proposal …';
    if (this.name.trim() === '') return 'Give the rule a name.';
    if (!TAG.test(this.tag)) return 'A tag is 1 to 32 letters, digits, _ or -.';
    if (this.services.length === 0 && !this.anyService)
      return 'Choose a service, type one, or tick "Any service".';
    return null;
  });

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Asks for the proposal and the services seen, and fills the card. */
  async load(source: string, target: string, filter: FlowFilter): Promise<void> {
    const { engine, toasts } = this.#workbench;
    toasts.dismissTopic('history');
    await Promise.all([
      this.proposal.run((signal) => engine.call('rule.propose', { source, target }, { signal })),
      this.seen.run((signal) =>
        engine.call('graph.services', { filter, source, target }, { signal }),
      ),
    ]);
    const { value } = this.proposal;
    if (value !== null) {
      this.name = value.name;
      this.tag = value.tag;
      this.appliedTo = value.appliedTo;
    }
    this.services = (this.seen.value ?? [])
      .filter((service) => service.state !== 'blocked')
      .map((service) => service.service);
    this.ready = true;
  }

  /** Takes a service into the rule or out of it. */
  toggle(service: string): void {
    this.services = this.services.includes(service)
      ? this.services.filter((each) => each !== service)
      : [...this.services, service];
    if (this.services.length > 0) this.anyService = false;
  }

  /** Adds a service as typed, such as `TCP/443`. Returns the sentence to show where it is none. */
  type(text: string): string | null {
    const service = parseService(text.trim());
    if (service === undefined)
      return `"${text.trim()}" is no service. Write TCP/443, UDP/53, TCP/8000-8010 or ICMP.`;
    const written = formatService(service);
    const known = [...this.typed, ...(this.seen.value ?? []).map((each) => each.service)];
    if (!known.includes(written)) this.typed = [...this.typed, written];
    if (!this.services.includes(written)) this.toggle(written);
    return null;
  }

  /** Takes the service being typed into the rule. Returns whether it is one. */
  addOther(): boolean {
    this.otherProblem = this.type(this.other);
    if (this.otherProblem !== null) return false;
    this.other = '';
    return true;
  }

  /** Makes the rule mean any service, or the ones ticked. */
  setAnyService(any: boolean): void {
    this.anyService = any;
    if (any) this.services = [];
  }

  #notes(): string {
    const chosen = (this.seen.value ?? []).filter((each) => this.services.includes(each.service));
    if (chosen.length === 0) return 'Drawn on the map without observed services.';
    const sessions = chosen.reduce((sum, each) => sum + each.sessions, 0);
    const first = formatUtc(Math.min(...chosen.map((each) => each.first)));
    const last = formatUtc(Math.max(...chosen.map((each) => each.last)));
    return `Drawn on the map from ${plural(sessions, 'session')} seen ${first} to ${last} UTC.`;
  }

  /** The rule as the card stands. */
  draft(proposal: RuleProposal): RuleDraft {
    return {
      name: this.name.trim(),
      sources: proposal.sources,
      destinations: proposal.destinations,
      services: this.services,
      appliedTo: this.appliedTo,
      action: this.action,
      direction: 'IN_OUT',
      ipVersion: 'IPV4_IPV6',
      logged: this.logged,
      tag: this.tag,
      notes: this.#notes(),
      disabled: false,
    };
  }

  /** Adds the rule to the ruleset. Returns whether that worked. */
  async accept(): Promise<boolean> {
    const proposal = this.proposal.value;
    if (this.problem !== null || proposal === null || this.busy) return false;
    this.busy = true;
    const { history, ruleset, toasts } = this.#workbench;
    const before = new Set(ruleset.rules.map((rule) => rule.id));
    const added = await ruleset.change({
      kind: 'add-rule',
      policy: proposal.policy,
      rule: this.draft(proposal),
    });
    this.busy = false;
    if (!added) return false;
    ruleset.selectedId = ruleset.rules.find((rule) => !before.has(rule.id))?.id ?? null;
    toasts.say(`Rule "${this.name.trim()}" added to policy ${proposal.policy}.`, {
      tone: 'good',
      topic: 'history',
      action: { label: 'Undo', run: () => void history.undo() },
    });
    return true;
  }
}
