#!/usr/bin/env node
// Plain JavaScript, so that any Node.js can say what is missing; it runs the sources where they are, else what was built.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sources = new URL('./main.ts', import.meta.url);
const built = new URL('../dist/cli/main.js', import.meta.url);

if (isRecent(process.versions.node)) {
  module.enableCompileCache?.();
  await import(existsSync(sources) ? sources.href : built.href);
} else {
  const node = findNode();
  if (node) runBy(node);
  else refuse();
}

/** Certificates can be trusted while running from 22.19 and 24.5 on. */
function isRecent(version) {
  const [major, minor] = version.split('.').map(Number);
  return major === 22 ? minor >= 19 : major === 24 ? minor >= 5 : major > 24;
}

/** The Node.js that npm brings: a package for each platform here, and inside of "node" where that is installed. */
function findNode() {
  const windows = process.platform === 'win32';
  const { resolve } = module.createRequire(import.meta.url);
  for (const name of [`node-${windows ? 'win' : process.platform}-${process.arch}`, 'node']) {
    try {
      const node = join(dirname(resolve(`${name}/package.json`)), 'bin', windows ? 'node.exe' : 'node');
      if (existsSync(node)) return node;
    } catch {
      // Not installed: perhaps the other one is.
    }
  }
  return undefined;
}

function runBy(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal interrupts both: the command ends first, and tells how.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

function refuse() {
  const remedy = existsSync(sources)
    ? 'run "npm ci", which brings one for Linux and for Windows on x64, or use Node.js 24'
    : 'use Node.js 24, or run "npm install node@24" beside acr-cmk-monitor';
  console.error(`error: Node.js 22.19 or later is needed, and this is ${process.versions.node}: ${remedy}.`);
  process.exitCode = 2;
}
