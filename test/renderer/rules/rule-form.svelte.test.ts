import { describe, expect, it } from 'vitest';
import { RuleForm } from '../../../renderer/rules/rule-form.svelte.ts';
import { aRule } from '../support/scripted.ts';

describe('the form of a rule', () => {
  it('has nothing to save before anything is changed', () => {
    const form = new RuleForm(aRule('web'));
    expect(form.dirty).toBe(false);
    expect(form.valid).toBe(true);
    expect(form.result()).toEqual(aRule('web'));
  });

  it('writes services the one way they are written', () => {
    const form = new RuleForm(aRule('web'));
    form.services = 'tcp/443  udp/53;ICMP';
    expect(form.result().services).toEqual(['TCP/443', 'UDP/53', 'ICMP']);
  });

  it('says which service is none, and which tag NSX would refuse', () => {
    const form = new RuleForm(aRule('web'));
    form.services = 'TCP/443 TCP/99999';
    form.tag = 'no blanks here';
    expect(form.problems.services).toContain('"TCP/99999" is no service');
    expect(form.problems.tag).not.toBeNull();
    expect(form.valid).toBe(false);
    form.revert();
    expect(form.valid).toBe(true);
  });

  it('takes no services for any service', () => {
    const form = new RuleForm(aRule('web'));
    form.services = ' ';
    expect(form.result().services).toEqual([]);
    expect(form.dirty).toBe(true);
  });
});
