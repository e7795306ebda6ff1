import type { Rule, RuleAction } from '../../shared/domain/ruleset.ts';
import { formatService, parseService } from '../../shared/net/service.ts';

const TAG = /^[A-Za-z0-9_-]{1,32}$/;

function splitServices(text: string): readonly string[] {
  return text.split(/[\s;]+/).filter((part) => part !== '');
}

/** The fields of a rule as they are being edited. */
export class RuleForm {
  readonly rule: Rule;
  name = $state('');
  /** Services parted by blanks, as `TCP/443 UDP/53`; none means any service. */
  services = $state('');
  action = $state<RuleAction>('ALLOW');
  logged = $state(true);
  tag = $state('');
  notes = $state('');
  disabled = $state(false);

  /** What is wrong with each field; `null` where nothing is. */
  readonly problems: Readonly<Record<'name' | 'services' | 'tag', string | null>> = $derived.by(
    () => {
      const odd = splitServices(this.services).find((text) => parseService(text) === undefined);
      return {
        name: this.name.trim() === '' ? 'A rule needs a name.' : null,
        services:
          odd === undefined
            ? null
            : `"${odd}" is no service. Write TCP/443, UDP/53, TCP/8000-8010 or ICMP.`,
        tag: TAG.test(this.tag) ? null : 'A tag is 1 to 32 letters, digits, _ or -.',
      };
    },
  );
  readonly valid: boolean = $derived(
    Object.values(this.problems).every((problem) => problem === null),
  );
  readonly dirty: boolean = $derived.by(
    () => JSON.stringify(this.result()) !== JSON.stringify(this.rule),
  );

  constructor(rule: Rule) {
    this.rule = rule;
    this.revert();
  }

  /** Takes back what was typed. */
  revert(): void {
    const { name, services, action, logged, tag, notes, disabled } = this.rule;
    Object.assign(this, {
      name,
      services: services.join(' '),
      action,
      logged,
      tag,
      notes,
      disabled,
    });
  }

  /** The rule as the fields have it. */
  result(): Rule {
    const services = splitServices(this.services).map((text) => {
      const service = parseService(text);
      return service === undefined ? text : formatService(service);
    });
    const { action, logged, tag, notes, disabled } = this;
    return { ...this.rule, name: this.name.trim(), services, action, logged, tag, notes, disabled };
  }
}
