import { defineConfig } from 'vitest/config';

/** Tests that load the function app, or change what their process shares: each file gets a process of its own. */
const apart = [
  'test/{cli,functions,docs,infra}/**/*.test.ts',
  'test/simulator/host/**/*.test.ts',
  'test/simulator/tenant/identity-endpoint.test.ts',
  'test/azure/credential.test.ts',
  'test/host-json.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'apart', include: apart } },
      // Most of a file's time goes into loading what the last one has loaded.
      {
        extends: true,
        test: { name: 'together', include: ['test/**/*.test.ts'], exclude: apart, isolate: false },
      },
    ],
  },
});
