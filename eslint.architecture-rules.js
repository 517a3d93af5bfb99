// What makes lint rules of the tables in eslint.architecture.js. It knows nothing of this project but that
// its source lies in src/.

import { isBuiltin } from 'node:module';
import { posix, relative, sep } from 'node:path';

const ROOT = import.meta.dirname;

/** What is not the same on every run stays in the files that the table names. */
export const portsRule = (ports, loadedLate) =>
  rule((context, file) => {
    const closed = ports.filter((port) => !isOneOf(file, port.only));
    const report = (node, what, port) =>
      context.report({
        node,
        message: `${what} is ${port.what}, which belongs in ${places(port)}: ${port.instead}.`,
      });

    return {
      ...onImport((node, module, isType, names) => {
        const specifier = withPrefix(module);
        for (const port of closed) {
          const closedNames = port.names?.[specifier] ?? [];
          const unwanted = names.find((name) => closedNames.includes(name));
          const takesAll = closedNames.length > 0 && names.includes('*');
          if (takesAll || port.modules?.includes(specifier)) report(node, specifier, port);
          else if (unwanted !== undefined) report(node, unwanted, port);
        }
        if (loadedLate.includes(specifier) && node.type !== 'ImportExpression' && !isType) {
          context.report({
            node,
            message: `${specifier} takes long to load: await import() it where it is needed.`,
          });
        }
      }),
      'Program:exit'() {
        for (const { identifier } of globalReferences(context)) {
          const used = usesOf(identifier);
          const port = closed.find(({ globals = [] }) => globals.some((name) => used.includes(name)));
          if (port !== undefined) report(identifier, used.at(-1), port);
        }
      },
    };
  });

/** The files of the list never wait, take nothing of Node.js, and import values only from each other. */
export const purityRule = (pure, nodeModules) =>
  rule((context, file) => {
    if (!isOneOf(file, pure)) return {};
    const report = (node, message) => context.report({ node, message: `${file} is pure: ${message}.` });
    const allowed = Object.entries(nodeModules).flatMap(([glob, modules]) =>
      isOneOf(file, [glob]) ? modules : [],
    );

    return {
      AwaitExpression: (node) => report(node, 'it never waits'),
      'ForOfStatement[await=true]': (node) => report(node, 'it never waits'),
      ':function[async=true]': (node) => report(node, 'it has no async function'),
      ...onImport((node, module, isType) => {
        if (node.type === 'ImportExpression') {
          report(node, 'it loads nothing later');
        } else if (isBuiltin(module)) {
          if (allowed.includes(withPrefix(module))) return;
          report(node, `it imports nothing of Node.js, such as ${module}`);
        } else if (!isType && module.startsWith('.') && !isOneOf(target(file, module), pure)) {
          report(
            node,
            `it imports values only from pure files, and ${module} is not one (a type may be imported)`,
          );
        }
      }),
      'Program:exit'() {
        for (const { identifier } of globalReferences(context)) {
          if (identifier.name === 'Promise') report(identifier, 'it makes no promises');
        }
      },
    };
  });

/** A folder imports what the table allows it, by value or as types. */
export const directionRule = (mayImport, aboveAll) =>
  rule((context, file) => {
    if (file === aboveAll) return {};
    const folder = folderOf(file);
    const allowed = folder === '' ? { values: [], types: [] } : mayImport[folder];
    const report = (node, message) => context.report({ node, message });
    if (allowed === undefined) {
      return {
        Program: (node) => report(node, `src/${folder}/ has no place in the architecture: give it one.`),
      };
    }

    return onImport((node, module, isType) => {
      if (!module.startsWith('.')) return;
      const imported = target(file, module);
      const importedFolder = folderOf(imported);
      if (!imported.startsWith('src/')) {
        report(node, `${module} lies outside src/.`);
      } else if (imported === aboveAll) {
        report(node, `${module} is for the users of the library: import the file itself.`);
      } else if (importedFolder !== '' && importedFolder !== folder) {
        const isNamed = (place) => imported.startsWith(`src/${place}/`) || imported === `src/${place}.ts`;
        const who = folder === '' ? `a file at the root of src/` : `src/${folder}/`;
        if (allowed.values.some(isNamed) || (isType && allowed.types.some(isNamed))) return;
        if (allowed.types.some(isNamed)) report(node, `${who} imports src/${importedFolder}/ only as types.`);
        else report(node, `${who} does not import src/${importedFolder}/: the data flows one way.`);
      }
    });
  });

/** A rule without options, told the file's path from the root of the project, with slashes. */
function rule(visitors) {
  return {
    meta: { type: 'problem', schema: [] },
    create: (context) => visitors(context, relative(ROOT, context.filename).split(sep).join('/')),
  };
}

/**
 * Visits everything that names another module: import, export from, import(), import type, import = require().
 * `names` are what it takes from there; `*` is everything.
 */
function onImport(visit) {
  const visitSource = (node, source, isType, names = ['*']) => {
    if (typeof source?.value === 'string') visit(node, source.value, isType, names);
  };
  const importedNames = (specifiers) => specifiers.map(({ imported }) => imported?.name ?? '*');
  const exportedNames = (specifiers) => specifiers.map(({ local }) => local.name);
  return {
    ImportDeclaration: (node) =>
      visitSource(node, node.source, node.importKind === 'type', importedNames(node.specifiers)),
    ExportNamedDeclaration: (node) =>
      visitSource(node, node.source, node.exportKind === 'type', exportedNames(node.specifiers)),
    ExportAllDeclaration: (node) => visitSource(node, node.source, node.exportKind === 'type'),
    ImportExpression: (node) => visitSource(node, node.source, false),
    TSImportType: (node) => visitSource(node, node.source, true),
    TSExternalModuleReference: (node) =>
      visitSource(node.parent, node.expression, node.parent.importKind === 'type'),
  };
}

/** Every use of a name that the file does not declare itself. */
function globalReferences(context) {
  const { globalScope } = context.sourceCode.scopeManager;
  const known = globalScope.variables.flatMap(({ defs, references }) =>
    defs.length === 0 ? references : [],
  );
  return [...globalScope.through, ...known].filter(({ isValueReference = true }) => isValueReference);
}

/** How a global is used, in the words of the table: `Date`, and perhaps `Date.now` or `new Date()`. */
function usesOf({ name, parent }) {
  const uses = [name];
  if (parent.type === 'MemberExpression' && parent.object.name === name) {
    uses.push(`${name}.${parent.computed ? parent.property.value : parent.property.name}`);
  }
  if (parent.callee?.name === name && parent.arguments.length === 0) {
    uses.push(parent.type === 'NewExpression' ? `new ${name}()` : `${name}()`);
  }
  return uses;
}

function withPrefix(module) {
  return isBuiltin(module) && !module.startsWith('node:') ? `node:${module}` : module;
}

/** The file that a relative import means. */
function target(file, module) {
  return posix.join(posix.dirname(file), module).replace(/\.js$/, '.ts');
}

/** `plan` for src/plan/limits/x.ts, and the empty string for a file at the root of src/. */
function folderOf(file) {
  const [, folder, ...rest] = file.split('/');
  return rest.length === 0 ? '' : folder;
}

/** Whether one of the globs means the file, and none of those that begin with an exclamation mark. */
function isOneOf(file, globs) {
  const isMeant = (glob) => globPattern(glob).test(file);
  const [excepted, named] = [
    globs.filter((glob) => glob.startsWith('!')),
    globs.filter((glob) => !glob.startsWith('!')),
  ];
  return named.some(isMeant) && !excepted.some((glob) => isMeant(glob.slice(1)));
}

/** `**` stands for anything, `*` for anything but a slash. */
function globPattern(glob) {
  const pattern = glob.replaceAll('.', '\\.').replaceAll(/\*+/g, (stars) => (stars === '*' ? '[^/]*' : '.*'));
  return new RegExp(`^${pattern}$`);
}

function places({ only }) {
  return only.length === 0 ? 'no file' : only.join(', ');
}
