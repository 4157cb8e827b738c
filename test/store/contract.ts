import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from '../../src/monitor/ports/ports.ts';
import { alertContract } from './alert-contract.ts';
import { commitContract } from './commit-contract.ts';
import { coverageContract } from './coverage-contract.ts';
import { dueContract } from './due-contract.ts';
import { linkContract } from './link-contract.ts';
import { queryContract } from './query-contract.ts';
import { sweepContract } from './sweep-contract.ts';

/** An empty store, and how to be rid of it. */
export interface OpenStore {
  store: Store;
  close(): Promise<void>;
}

/** Gives the store of the test that runs. */
export type CurrentStore = () => Store;

/** What every store must do, whatever it is built on. */
export function describeStore(name: string, open: () => Promise<OpenStore>): void {
  describe(name, () => {
    let opened: OpenStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());
    const current: CurrentStore = () => opened.store;

    describe('commits', () => commitContract(current));
    describe('links', () => linkContract(current));
    describe('due assessments', () => dueContract(current));
    describe('alerts', () => alertContract(current));
    describe('sweeps', () => sweepContract(current));
    describe('coverage', () => coverageContract(current));
    describe('questions', () => queryContract(current));
  });
}
