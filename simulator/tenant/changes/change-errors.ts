import type { ArmAnswer } from '../arm-answer.ts';
import { errorAnswer } from '../arm-errors.ts';

/** 409: a lock at the scope or above it. */
export function scopeLocked(action: string, id: string, lock: string): ArmAnswer {
  return errorAnswer(
    409,
    'ScopeLocked',
    `The scope '${id}' cannot perform ${action} operation because following scope(s) are locked: '${lock}'. Please remove the lock and try again.`,
  );
}

/** 409: nothing can be changed in a disabled subscription. */
export function readOnlySubscription(id: string): ArmAnswer {
  return errorAnswer(
    409,
    'ReadOnlyDisabledSubscription',
    `The subscription '${id}' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.`,
  );
}

/** 403: a policy with the effect deny. */
export function disallowedByPolicy(id: string, policy: string): ArmAnswer {
  const message = `Resource '${id.slice(id.lastIndexOf('/') + 1)}' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"${policy}"}}]'.`;
  return errorAnswer(403, 'RequestDisallowedByPolicy', message);
}

/** 409: the subscription does not use the service. */
export function notRegistered(namespace: string): ArmAnswer {
  const message = `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`;
  return errorAnswer(409, 'MissingSubscriptionRegistration', message);
}

/** 400: Event Grid refuses what it was asked for. */
export function invalidEventRequest(message: string): ArmAnswer {
  return errorAnswer(400, 'InvalidRequest', message);
}
