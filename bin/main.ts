import { demoCommand, liveCommand } from '../simulator/demo/commands.ts';
import { runCommandLine } from '../src/cli/main.ts';

process.exitCode = await runCommandLine([demoCommand, liveCommand]);
