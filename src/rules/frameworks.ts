/** A control of a published framework that a rule supports. */
export interface Control {
  framework: string;
  /** Its number in that framework. */
  control: string;
  title: string;
  /** What ties the rule to it: the built-in Azure Policy that is mapped to it, or the control's own text. */
  basis: string;
  /** Where that is published. */
  link: string;
}

interface Framework {
  name: string;
  /** Page on which built-in policies are mapped to its controls. */
  mapping: string;
}

type FrameworkControl = Pick<Control, 'control' | 'title'> & { framework: Framework };

const samples = 'https://learn.microsoft.com/azure/governance/policy/samples';
const initiatives =
  'https://github.com/Azure/azure-policy/blob/master/built-in-policies/policySetDefinitions/Regulatory%20Compliance';

const mcsbFramework = {
  name: 'Microsoft cloud security benchmark v1',
  mapping: `${samples}/azure-security-benchmark`,
};
const cisFramework = {
  name: 'CIS Azure Foundations v3.0.0',
  mapping: `${initiatives}/CIS_Azure_Foundations_v3.0.0.json`,
};
const nistFramework = { name: 'NIST SP 800-53 Rev. 5', mapping: `${samples}/nist-sp-800-53-r5` };
const pciFramework = { name: 'PCI DSS v4.0.1', mapping: `${initiatives}/PCI_DSS_v4.0.1.json` };
const hipaaFramework = { name: 'HIPAA HITRUST', mapping: `${samples}/hipaa-hitrust` };

/** Microsoft cloud security benchmark. */
export const mcsb = {
  ns2: { framework: mcsbFramework, control: 'NS-2', title: 'Secure cloud services with network controls' },
  dp5: {
    framework: mcsbFramework,
    control: 'DP-5',
    title: 'Use customer-managed key option in data at rest encryption when required',
  },
  dp6: { framework: mcsbFramework, control: 'DP-6', title: 'Use a secure key management process' },
  dp8: {
    framework: mcsbFramework,
    control: 'DP-8',
    title: 'Ensure security of key and certificate repository',
  },
  lt3: { framework: mcsbFramework, control: 'LT-3', title: 'Enable logging for security investigation' },
};

/** CIS Azure Foundations. */
export const cis = {
  keyVaultRecoverable: {
    framework: cisFramework,
    control: '3.3.5',
    title: 'Ensure the Key Vault is Recoverable',
  },
  keyVaultLogging: {
    framework: cisFramework,
    control: '6.1.4',
    title: "Ensure that logging for Azure Key Vault is 'Enabled'",
  },
};

/** NIST SP 800-53. */
export const nist = {
  ac4: { framework: nistFramework, control: 'AC-4', title: 'Information Flow Enforcement' },
  au6c4: { framework: nistFramework, control: 'AU-6 (4)', title: 'Central Review and Analysis' },
  au6c5: { framework: nistFramework, control: 'AU-6 (5)', title: 'Integrated Analysis of Audit Records' },
  au12: { framework: nistFramework, control: 'AU-12', title: 'Audit Record Generation' },
  au12c1: {
    framework: nistFramework,
    control: 'AU-12 (1)',
    title: 'System-wide and Time-correlated Audit Trail',
  },
  cp9: { framework: nistFramework, control: 'CP-9', title: 'System Backup' },
  sc7: { framework: nistFramework, control: 'SC-7', title: 'Boundary Protection' },
  sc7c3: { framework: nistFramework, control: 'SC-7 (3)', title: 'Access Points' },
  sc12: {
    framework: nistFramework,
    control: 'SC-12',
    title: 'Cryptographic Key Establishment and Management',
  },
};

/** PCI DSS. */
export const pci = {
  adminActions: {
    framework: pciFramework,
    control: '10.2.1.2',
    title: 'Audit logs capture all actions taken by any individual with administrative access',
  },
};

/** HIPAA, by HITRUST. */
export const hipaa = {
  continuity: {
    framework: hipaaFramework,
    control: '1635.12b1Organizational.2-12.b',
    title: 'Information Security Aspects of Business Continuity Management',
  },
  monitoring: { framework: hipaaFramework, control: '1211.09aa3System.4-09.aa', title: 'Monitoring' },
};

/** Built-in policies that look at what a rule looks at. */
export const policies = {
  registryKey:
    '5b9159ae-1701-4a6f-9a7a-aa9c8ddd0580, Container registries should be encrypted with a customer-managed key',
  registryNetwork:
    'd0793b48-0edc-4296-a390-4c75d1bdfd71, Container registries should not allow unrestricted network access',
  vaultSoftDelete: '1e66c121-a66a-4b1f-9b83-0fd99bf0fc2d, Key vaults should have soft delete enabled',
  vaultDeletionProtection:
    '0b60c0b2-2dc2-4e1c-b5c9-abbed971de53, Key vaults should have deletion protection enabled',
  vaultLogs: 'cf820ca0-f99e-4f3e-84fb-66e913812d21, Resource logs in Key Vault should be enabled',
  hsmLogs:
    'a2a5b911-5617-447e-a49e-59dbe0e0434b, Resource logs in Azure Key Vault Managed HSM should be enabled',
};

/** Controls to which a built-in policy with the same check is mapped. */
export function mapped(policy: string, ...controls: FrameworkControl[]): Control[] {
  return controls.map(({ framework, control, title }) => ({
    framework: framework.name,
    control,
    title,
    basis: `Azure Policy ${policy}`,
    link: framework.mapping,
  }));
}

/** A control of the benchmark's data protection whose own text asks for what the rule checks. */
export function stated({ framework, control, title }: FrameworkControl, demand: string): Control[] {
  const link = 'https://learn.microsoft.com/security/benchmark/azure/mcsb-data-protection';
  return [{ framework: framework.name, control, title, basis: `its text: ${demand}`, link }];
}
