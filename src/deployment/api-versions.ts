/** Api versions by namespace or type: such as the public, the government and the Chinese cloud all have. */
const versions: [RegExp, string][] = [
  [/\/microsoft\.authorization\/role\w+/, '2022-04-01'],
  [/\/microsoft\.authorization\/policy\w+/, '2021-06-01'],
  [/\/microsoft\.eventgrid\/\w+/, '2022-06-15'],
  [/\/microsoft\.insights\/diagnosticsettings/, '2021-05-01-preview'],
  [/\/microsoft\.keyvault\/\w+/, '2023-07-01'],
  [/\/microsoft\.managedidentity\/\w+/, '2023-01-31'],
  [/\/microsoft\.management\/managementgroups\/[^/]+\/descendants/, '2020-05-01'],
  [/\/microsoft\.web\/\w+/, '2023-12-01'],
];

const ofResources = '2021-04-01';

/** The api version for an id or the path of a list. */
export function toApiVersion(path: string): string {
  const last = path.slice(path.toLowerCase().lastIndexOf('/providers/')).toLowerCase();
  return versions.find(([type]) => type.test(last))?.[1] ?? ofResources;
}
