#!/bin/sh
# Before anything is deployed: are we signed in, is a signing secret there, and does an old vault have to come back?
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=infra/hooks/steps.sh
. infra/hooks/steps.sh

# It is part of the resource group's name.
is_usable_name() {
  case "$AZURE_ENV_NAME" in *.) return 1 ;; esac
  [ "${#AZURE_ENV_NAME}" -le 32 ]
}

step 'look for the Azure CLI (install it from https://aka.ms/azure-cli)' command -v az
step 'know the subscription (azd up asks for it; else: azd env set AZURE_SUBSCRIPTION_ID ID)' \
  test -n "${AZURE_SUBSCRIPTION_ID:-}"
step 'use an environment name of at most 32 characters that does not end in a dot' is_usable_name
step 'use the subscription in the Azure CLI (sign in with: az login)' \
  az account show --subscription "$AZURE_SUBSCRIPTION_ID" --output none

if [ -n "${ALERT_WEBHOOK_URL:-}" ] && [ -z "${ALERT_WEBHOOK_SECRET:-}" ]; then
  ask 'make a secret to sign alerts with' openssl rand -base64 32
  step 'keep that secret in the environment' azd env set ALERT_WEBHOOK_SECRET "whsec_$answer"
fi

if [ "${PRIVATE_NETWORK:-false}" = true ]; then
  step 'register Microsoft.App, which networks of function apps need' az provider register \
    --namespace Microsoft.App --subscription "$AZURE_SUBSCRIPTION_ID" --wait --output none
fi

ask 'look for a vault of this environment that was deleted' az keyvault list-deleted \
  --subscription "$AZURE_SUBSCRIPTION_ID" --resource-type vault \
  --query "[?contains(properties.vaultId, '/resourceGroups/rg-$AZURE_ENV_NAME/')].name" --output tsv
if [ -n "$answer" ]; then recover=true; else recover=false; fi
step 'note whether it has to be brought back' azd env set RECOVER_VAULT "$recover"

if [ "${PRIVATE_NETWORK:-false}" = true ] && [ -z "${ALLOWED_ADDRESSES:-}" ]; then
  echo 'Private networking without ALLOWED_ADDRESSES: the code can only be deployed from inside the virtual network.' >&2
fi
