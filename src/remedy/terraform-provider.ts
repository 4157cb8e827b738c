import { type CloudName, clouds } from '../domain/estate/cloud.ts';

/** The provider azurerm; `subscription` is an expression. */
export function azurermProvider(cloud: CloudName, subscription: string, features = 'features {}'): string {
  const environment = environmentOf(cloud);
  return `provider "azurerm" {\n  ${features}\n  subscription_id = ${subscription}\n${environment && `  environment     = ${environment}\n`}}`;
}

/** The provider azapi: it takes the subscription from the ids of resources. */
export function azapiProvider(cloud: CloudName): string {
  const environment = environmentOf(cloud);
  return `provider "azapi" {${environment && `\n  environment = ${environment}\n`}}`;
}

function environmentOf(cloud: CloudName): string {
  const { terraform } = clouds[cloud];
  return terraform && `"${terraform}"`;
}
