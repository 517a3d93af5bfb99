import { join } from 'node:path';
import ts from 'typescript';

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  target: ts.ScriptTarget.ES2023,
  types: [],
};

/** A value that somebody else's published type has to take. */
export interface TypedValue {
  /** The module that has the type, as it is imported. */
  readonly from: string;
  readonly type: string;
  readonly value: unknown;
}

/**
 * What the compiler says of values against the types that their readers publish: a missing key, a key that nobody
 * knows, a text where a number belongs. Nothing where all of them are taken.
 */
export function complaintsAbout(values: readonly TypedValue[]): readonly string[] {
  const text = values
    .map(({ from, type, value }, index) => {
      const literal = JSON.stringify(value);
      return `import type { ${type} } from '${from}';\nexport const value${index}: ${type} = ${literal};\n`;
    })
    .join('');
  // A file that is not there, in a folder from which the modules are found.
  const file = join(import.meta.dirname, 'typed-values.ts');
  const disk = ts.createCompilerHost(OPTIONS);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => name === file || disk.fileExists(name),
    readFile: (name) => (name === file ? text : disk.readFile(name)),
    getSourceFile: (name, language, ...rest) =>
      name === file ? ts.createSourceFile(name, text, language) : disk.getSourceFile(name, language, ...rest),
  };
  const program = ts.createProgram([file], OPTIONS, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
