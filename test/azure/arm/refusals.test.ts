import { describe, expect, it } from 'vitest';
import { toRefusal } from '../../../src/azure/arm/refusals.ts';

describe('an answer that refuses', () => {
  it.each([
    [400, ['ForbiddenByRbac']],
    [400, ['BadParameter', 'ForbiddenByFirewall']],
    [400, ['authorizationfailed']],
    [401, ['RBACAccessDenied']],
    [403, []],
    [403, ['SomethingElse']],
    [409, ['ReadOnlyDisabledSubscription']],
  ])('says with %i and %j that we may not read', (status, codes) => {
    expect(toRefusal(status, codes)).toBe('forbidden');
  });

  it.each([
    [400, 'DisallowedOperation'],
    [403, 'DisallowedProvider'],
    [409, 'MissingSubscriptionRegistration'],
  ])('says with %i %s that the subscription can hold nothing of the kind', (status, code) => {
    expect(toRefusal(status, [code])).toBe('none');
  });

  it.each([
    [400, ['BadRequest']],
    [401, ['ExpiredAuthenticationToken']],
    [404, ['AuthorizationFailed']],
    [429, ['AuthorizationFailed']],
    [500, ['AuthorizationFailed']],
    [409, []],
  ])('is none with %i and %j', (status, codes) => {
    expect(toRefusal(status, codes)).toBeUndefined();
  });
});
