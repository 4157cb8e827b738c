#!/bin/sh
# Before azd removes the resource group: what lies outside of it, so that nothing is left but the vault.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=infra/hooks/steps.sh
. infra/hooks/steps.sh

# Deletes the role assignments of a principal that the further arguments pick.
delete_assignments() {
  principal=$1
  shift
  ids=$(az role assignment list --assignee "$principal" "$@" --query '[].id' --output tsv) || return 1
  for id in $ids; do az role assignment delete --ids "$id" || return 1; done
}

# Deletes custom roles of this monitor; their names end in what tells monitors apart.
delete_roles() {
  names=$(az role definition list --custom-role-only true --scope "$1" \
    --query "[?starts_with(roleName, 'ACR CMK monitor ') && contains(roleName, '($AZURE_ENV_NAME, $prefix')].name" --output tsv) || return 1
  for name in $names; do az role definition delete --name "$name" --scope "$1" || return 1; done
}

# Whatever GUARDRAILS says now: switching them off leaves them assigned.
delete_guardrails() {
  names=$(az policy assignment list --scope "$1" \
    --query "[?metadata.assignedBy=='ACR CMK monitor ($AZURE_ENV_NAME, $prefix)'].name" --output tsv) || return 1
  for name in $names; do az policy assignment delete --name "$name" --scope "$1" || return 1; done
}

delete_events_group() {
  exists=$(az group exists --subscription "$1" --name "$EVENTS_RESOURCE_GROUP") || return 1
  if [ "$exists" = true ]; then az group delete --subscription "$1" --name "$EVENTS_RESOURCE_GROUP" --yes; fi
}

# Without outputs no event was subscribed to.
delete_event_subscription() {
  if [ -z "${EVENT_SUBSCRIPTION_NAME:-}" ]; then return 0; fi
  az eventgrid system-topic event-subscription delete --subscription "$1" --resource-group "$2" \
    --system-topic-name "$3" --name "$EVENT_SUBSCRIPTION_NAME" --yes
}

delete_policy() {
  if [ -z "${EVENT_POLICY_NAME:-}" ]; then return 0; fi
  writer=$(az policy assignment list --scope "$1" --query "[?name=='$EVENT_POLICY_NAME'].identity.principalId" --output tsv) || return 1
  if [ -n "$writer" ]; then
    delete_assignments "$writer" --scope "$1" || return 1
    delete_assignments "$writer" --subscription "$AZURE_SUBSCRIPTION_ID" --all || return 1
    az policy assignment delete --name "$EVENT_POLICY_NAME" --scope "$1" || return 1
  fi
  az policy definition delete --name "$EVENT_POLICY_NAME" --management-group "$MANAGEMENT_GROUP_ID"
}

# Of a deployment that did not end there are no outputs.
find_reader() {
  exists=$(az group exists --subscription "$AZURE_SUBSCRIPTION_ID" --name "$AZURE_RESOURCE_GROUP") || return 1
  if [ "$exists" = true ]; then
    az identity list --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" \
      --query "[?starts_with(name, 'id-') && !starts_with(name, 'id-events-')].principalId" --output tsv
  fi
}

# Deletes the right of the monitor's identity to read, where there is an identity.
delete_reading() {
  if [ -n "$READER_PRINCIPAL_ID" ]; then delete_assignments "$READER_PRINCIPAL_ID" "$@"; fi
}

if [ -z "${AZURE_SUBSCRIPTION_ID:-}" ]; then
  echo '- nothing was deployed: the environment has no subscription'
  exit 0
fi
prefix=$(printf '%.8s' "$AZURE_SUBSCRIPTION_ID" | tr 'A-F' 'a-f')
AZURE_RESOURCE_GROUP=${AZURE_RESOURCE_GROUP:-rg-$AZURE_ENV_NAME}
READER_PRINCIPAL_ID=${READER_PRINCIPAL_ID:-}
role_scope="/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP"
if [ -z "$READER_PRINCIPAL_ID" ]; then
  ask 'find the identity of a deployment that did not end' find_reader
  READER_PRINCIPAL_ID=$answer
  role_scope="/subscriptions/$AZURE_SUBSCRIPTION_ID"
fi

find_scope
while IFS='	' read -r subscription group topic _; do
  step "delete the event subscription on $topic" delete_event_subscription "$subscription" "$group" "$topic" </dev/null
done <"$work/topics.tsv"

if [ -n "${MANAGEMENT_GROUP_ID:-}" ]; then
  scope="/providers/Microsoft.Management/managementGroups/$MANAGEMENT_GROUP_ID"
  step 'delete the policy for new subscriptions' delete_policy "$scope"
  step "delete the right to read $MANAGEMENT_GROUP_ID" delete_reading --scope "$scope"
  step "delete the guardrails of $MANAGEMENT_GROUP_ID" delete_guardrails "$scope"
fi

for subscription in $(printf '%s' "$watched" | tr ',' ' '); do
  step "delete the events of $subscription" delete_events_group "$subscription"
  if [ -z "${MANAGEMENT_GROUP_ID:-}" ]; then
    step "delete the right to read $subscription" delete_reading --subscription "$subscription" --scope "/subscriptions/$subscription"
    step "delete the guardrails of $subscription" delete_guardrails "/subscriptions/$subscription"
  fi
done

if [ -n "${MANAGEMENT_GROUP_ID:-}" ]; then
  step 'delete the custom roles of the management group' delete_roles "$scope"
fi
step 'delete the custom roles' delete_roles "$role_scope"
