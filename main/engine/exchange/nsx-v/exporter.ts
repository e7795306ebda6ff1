import { CATEGORIES } from '../../../../shared/domain/ruleset.ts';
import type { Exporter, ExportTask, WrittenFile } from '../format.ts';
import { warnAboutDefault } from '../model/default-rule.ts';
import {
  countsOf,
  type ExportModel,
  type ModelPolicy,
  type ModelRule,
} from '../model/export-model.ts';
import { refuseNegatedUnknown } from '../model/negated.ts';
import { warnAboutVips } from '../model/vip-legs.ts';
import { warnAboutRules } from '../model/warnings.ts';
import { csvText } from '../text/csv.ts';
import { checkSection } from './check.ts';
import { defaultSection, defaultSectionStep } from './default-section.ts';
import { InlineRules } from './inline.ts';
import { bodyLines, NamedObjects } from './objects.ts';
import { draftCall, objectLoop, readCall, sectionCall, vReadme, type VStep } from './readme.ts';
import { sectionElement, shortTags, warnAboutCharacters, type VRule } from './sections.ts';
import { element, xmlDocument, type XmlElement } from './xml.ts';

const XML = 'application/xml';

/** Policies in the order NSX-v evaluates them: it knows no category, so theirs becomes the order. */
function ordered(model: ExportModel): readonly ModelPolicy[] {
  const rank = ({ policy }: ModelPolicy) => CATEGORIES.indexOf(policy.category);
  return model.policies.toSorted((a, b) => rank(a) - rank(b));
}

function sectionsOf(
  { model, report }: ExportTask,
  write: (rule: ModelRule) => readonly VRule[],
): readonly XmlElement[] {
  const policies = ordered(model);
  warnAboutCharacters(policies, report);
  const tags = shortTags(policies, report);
  const sections = policies.map((policy) => sectionElement(policy, tags, write));
  if (!report.hasErrors) {
    for (const message of sections.flatMap(checkSection))
      report.add({ severity: 'error', rule: null, field: null, message });
  }
  return sections;
}

interface SectionFiles {
  readonly files: readonly WrittenFile[];
  readonly steps: readonly VStep[];
}

/** One file a section, since one call adds one section. */
function sectionFiles(task: ExportTask, sections: readonly XmlElement[]): SectionFiles {
  const endings = sections.map((_, at) => (at === 0 ? '.xml' : `-${at + 1}.xml`));
  return {
    files: sections.map((section, at) => ({
      ending: endings[at] ?? '',
      mediaType: XML,
      text: xmlDocument(section),
    })),
    steps: sections.map((section, at) => ({
      why: `Add section "${section.attributes?.['name'] ?? ''}".`,
      lines: sectionCall(task.baseName + (endings[at] ?? '')),
    })),
  };
}

function readme(
  { report }: ExportTask,
  steps: readonly VStep[],
  notes: readonly string[],
): WrittenFile {
  const warnings = report.problems.map(({ message }) => message);
  return {
    ending: '.README.md',
    mediaType: 'text/markdown',
    text: vReadme(steps, notes, warnings),
  };
}

/** The default section cannot be named without its id, which only the manager knows: it is a file to complete. */
function defaultSectionFile({ model, baseName }: ExportTask): SectionFiles {
  if (model.defaultRule === null) return { files: [], steps: [] };
  const ending = '.default-section.xml';
  const text = xmlDocument(defaultSection(model.defaultRule));
  return {
    files: [{ ending, mediaType: XML, text }],
    steps: [defaultSectionStep(baseName + ending)],
  };
}

function writeInline(task: ExportTask): readonly WrittenFile[] {
  const rules = new InlineRules(task.model, task.report);
  const { files, steps } = sectionFiles(task, sectionsOf(task, rules.write));
  const notes = [
    'Groups stand as the addresses known when this was written: a machine that joins a group later is not in it.',
  ];
  const last = defaultSectionFile(task);
  return [...files, ...last.files, readme(task, [...steps, ...last.steps], notes)];
}

function writeObjects(task: ExportTask): readonly WrittenFile[] {
  const objects = new NamedObjects(task.model, task.report, task.input.base);
  const ipSets = objects.ipSets();
  const groups = objects.securityGroups();
  const sections = sectionFiles(task, sectionsOf(task, objects.write));
  objects.warnAboutMissing();
  const all = [...ipSets, ...groups];
  const table = csvText([
    ['Kind', 'Name', 'Id'],
    ...all.map(({ kind, name, id }) => [kind, name, id ?? '']),
  ]);
  const text = 'text/plain';
  const files: readonly WrittenFile[] = [
    { ending: '.1-ipsets.txt', mediaType: text, text: bodyLines(ipSets) },
    { ending: '.2-securitygroups.txt', mediaType: text, text: bodyLines(groups) },
    { ending: '.ids.csv', mediaType: 'text/csv', text: table },
  ];
  const steps: readonly VStep[] = [
    {
      why: 'Make the IP sets; every line of the file is one body.',
      lines: `${objectLoop(`${task.baseName}.1-ipsets.txt`, 'ipset')}\n${readCall('ipset')}`,
    },
    {
      why: 'Import `ipsets.xml` into the Segwright project, export again, and make the security groups; those inside others come to have ids only then, so repeat until none is missing.',
      lines: `${objectLoop(`${task.baseName}.2-securitygroups.txt`, 'securitygroup/bulk')}\n${readCall('securitygroup')}`,
    },
    {
      why: 'Import `securitygroups.xml` and export once more: the sections then hold ids.',
      lines: sections.steps.map(({ lines }) => lines).join('\n'),
    },
  ];
  const notes = [
    'A value such as `SecurityGroup:NAME` is the place of an id that is not known yet; a section with one is refused by the manager.',
    'To change the members of a security group use `/api/2.0/services/securitygroup/bulk/{id}`: the other address ignores them.',
  ];
  const last = defaultSectionFile(task);
  return [
    ...sections.files,
    ...files,
    ...last.files,
    readme(task, [...steps, ...last.steps], notes),
  ];
}

function writeDraft(task: ExportTask): readonly WrittenFile[] {
  const rules = new InlineRules(task.model, task.report);
  const sections = sectionsOf(task, rules.write);
  task.report.warn(
    'A saved configuration holds the whole firewall: loading this one removes every section that is not in it. Add the others before you load it.',
  );
  const draft = element(
    'firewallDraft',
    [
      element('description', 'Written by Segwright'),
      element('preserve', 'true'),
      element('mode', 'userdefined'),
      element('config', [
        element('contextId', 'globalroot-0'),
        element('layer3Sections', [
          ...sections,
          task.model.defaultRule === null ? undefined : defaultSection(task.model.defaultRule),
        ]),
        element('layer2Sections', []),
      ]),
    ],
    { name: 'Segwright ruleset' },
  );
  const step = {
    why: 'Save the configuration. Nothing is enforced until somebody loads it.',
    lines: draftCall(`${task.baseName}.xml`),
  };
  return [{ ending: '.xml', mediaType: XML, text: xmlDocument(draft) }, readme(task, [step], [])];
}

/** NSX-v 6.4: sections with addresses, sections with objects, or a saved configuration. */
export const nsxVExporter: Exporter = {
  format: 'nsx-v',
  system: 'NSX-v',
  needsRules: true,
  write(task) {
    const { model, report, input } = task;
    warnAboutRules(model, report);
    warnAboutVips(model, input.inventory, report);
    refuseNegatedUnknown(model, report);
    const where =
      task.variant === 'draft'
        ? 'It closes the saved configuration.'
        : 'It is in a file of its own, which needs the ids of the default section before it is loaded.';
    warnAboutDefault(model, where, report);
    const write = { objects: writeObjects, draft: writeDraft } as const;
    const files =
      task.variant === 'objects' || task.variant === 'draft'
        ? write[task.variant](task)
        : writeInline(task);
    return { files, counts: countsOf(model) };
  },
};
