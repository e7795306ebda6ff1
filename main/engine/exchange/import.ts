import type { ImportedRuleset } from '../../../shared/domain/imported.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { buildImport } from './read/builder.ts';
import { isNsxT, readNsxT } from './read/nsx-t.ts';
import { isNsxV, readNsxV } from './read/nsx-v.ts';
import { isSegwright, readSegwright } from './read/segwright.ts';
import { PlanProblem } from './read/terraform-plan.ts';
import { isTerraform, terraformObjects } from './read/terraform.ts';
import { readXml, type XmlNode } from './read/xml.ts';

/** Characters of all files of an import together. */
const MOST = 200 * 1024 * 1024;

/** A file to import. */
export interface ImportFile {
  readonly name: string;
  readonly text: string;
}

type Content =
  | { readonly kind: 'json'; readonly document: unknown }
  | { readonly kind: 'xml'; readonly roots: readonly XmlNode[] };

function refuse(path: string, problem: string): never {
  throw new Failure('ruleset-unreadable', { path, problem });
}

function contentOf({ name, text }: ImportFile): Content {
  const start = text
    .slice(0, 1_000)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (start.startsWith('<')) {
    const roots = readXml(text.replace(/^\ufeff/, ''));
    if (roots === undefined) refuse(name, 'it is no XML that can be read, or it has a DOCTYPE');
    return { kind: 'xml', roots };
  }
  try {
    return { kind: 'json', document: JSON.parse(text.replace(/^\ufeff/, '')) as unknown };
  } catch {
    return refuse(name, 'it is no JSON');
  }
}

function readTerraform(documents: readonly unknown[], source: string): ImportedRuleset {
  try {
    return buildImport(readNsxT(documents.map(terraformObjects), 'terraform'), source);
  } catch (thrown) {
    if (thrown instanceof PlanProblem) return refuse(source, thrown.message);
    throw thrown;
  }
}

/**
 * Reads a ruleset from the files of another system, which it is recognised by: answers, drafts and lists of
 * the NSX-T Policy API (JSON), configurations, sections, drafts and objects of NSX-v (XML), a state or plan
 * of Terraform (JSON), or Segwright's own. Several files are read as one, objects and rules together.
 *
 * @throws Failure `ruleset-unreadable`
 */
export function importRuleset(files: readonly ImportFile[]): ImportedRuleset {
  const [first] = files;
  if (first === undefined) return refuse('', 'no file was given');
  const source = files.map(({ name }) => name).join(', ');
  if (files.reduce((sum, { text }) => sum + text.length, 0) > MOST)
    return refuse(source, `it is larger than ${MOST / 1024 / 1024} MB`);
  const contents = files.map(contentOf);
  const documents = contents.flatMap((each) => (each.kind === 'json' ? [each.document] : []));
  const roots = contents.flatMap((each) => (each.kind === 'xml' ? each.roots : []));
  if (documents.length > 0 && roots.length > 0)
    return refuse(source, 'its files are of different systems');
  if (roots.length > 0) {
    if (!roots.some(isNsxV)) return refuse(source, 'no element of NSX-v is in it');
    return buildImport(readNsxV(roots), source);
  }
  const [document] = documents;
  if (documents.length === 1 && isSegwright(document)) {
    const read = readSegwright(document, source);
    return 'problem' in read ? refuse(source, read.problem) : read;
  }
  if (documents.every(isTerraform)) return readTerraform(documents, source);
  if (documents.every(isNsxT)) return buildImport(readNsxT(documents), source);
  return refuse(
    source,
    'it is nothing of the NSX Policy API, no Terraform state or plan, and no ruleset of Segwright',
  );
}
