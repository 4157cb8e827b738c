import type { Posture } from '../domain/estate/posture.ts';
import { toBicepDocument, toShellDocument, toTerraformDocument } from '../remedy/document.ts';
import { toSubject } from '../remedy/subject.ts';
import { toValues } from '../remedy/values.ts';
import { assess } from '../remedy/verify.ts';
import { findRule } from './catalog.ts';

/** How to mend what a rule found, with the names of the registry, its key holder, key and identity. */
export interface Remedy {
  rule: string;
  title: string;
  summary: string;
  /** What to know before anything is done. */
  warnings: string[];
  /** A script for bash. */
  az: string;
  /** A file of Bicep; only comments where Bicep can't do it. */
  bicep?: string;
  /** A file of Terraform; only comments where Terraform can't do it. */
  terraform?: string;
  /** Commands that show the result, one a line. */
  verify: string;
  /** What `acr-cmk assess` then says of the rule: its id, outcome and reason. */
  expect: string;
}

/** The remedy of a rule for a registry; undefined for an unknown rule. `reason` is that of the verdict. */
export function toRemedy(rule: string, posture: Posture, reason?: string): Remedy | undefined {
  const found = findRule(rule);
  if (!found) return undefined;
  const subject = toSubject(posture, reason);
  const { summary, warnings, az, bicep, terraform, verify, expect } = found.mend(subject);
  const { title } = found;
  const head = { rule, title, warnings, subject, values: toValues(subject) };
  return {
    rule,
    title,
    summary,
    warnings: [...warnings],
    az: toShellDocument(head, az),
    bicep: toBicepDocument(head, bicep),
    terraform: toTerraformDocument(head, terraform),
    verify: (verify.some((line) => line.startsWith('acr-cmk ')) ? verify : [...verify, assess(subject)]).join(
      '\n',
    ),
    expect: `${rule} ${expect}`,
  };
}
