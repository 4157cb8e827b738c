import type { Subject } from './subject.ts';

/** How one rule's finding is mended; the texts work on values that are declared above them. */
export interface Plan {
  summary: string;
  warnings: readonly string[];
  /** Commands of the Azure command line. */
  az: string;
  /** Resources of Bicep, or a comment that says what Bicep can't do. */
  bicep: string;
  /** Resources of Terraform, or a comment that says what Terraform can't do. */
  terraform: string;
  /** Commands that show the result; `acr-cmk assess` comes after them. */
  verify: readonly string[];
  /** Outcome and reason that the rule then has. */
  expect: string;
}

/** Plans the remedy of one rule. */
export type PlanRemedy = (subject: Subject) => Plan;
