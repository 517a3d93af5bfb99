#!/usr/bin/env node
// The command's entry: arguments in, exit code out. An operator's mistake gets sentences and no stack trace;
// a bug gets its stack trace and a request to report it.

import { CommanderError } from 'commander';
import { EXIT, type ExitCode, OperationError } from '../errors.js';
import { VERSION } from '../version.js';
import { keepObjectsYoung } from './heap.js';
import { commanderExitCode, createProgram } from './program.js';
import { failureText, letReadersLeave } from './screen.js';

async function main(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  try {
    await createProgram((code) => {
      exitCode = code;
    }).parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    // commander has said what is wrong already.
    if (error instanceof CommanderError) return commanderExitCode(error.exitCode);
    if (error instanceof OperationError) {
      process.stderr.write(`${failureText(error)}\n`);
      return error.exitCode;
    }
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(
      `oathbatch ${VERSION}: this is a bug, please report it. What was sent is in the ledger; "oathbatch resume" carries on.\n${trace}\n`,
    );
    return EXIT.failed;
  }
}

keepObjectsYoung();
letReadersLeave();
process.exitCode = await main(process.argv);
