// The tool's own name and version, read from the package, where they are kept.

import { readFileSync } from 'node:fs';

const packageJson: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

function versionOf(json: unknown): string {
  if (typeof json === 'object' && json !== null && 'version' in json && typeof json.version === 'string') {
    return json.version;
  }
  return '0.0.0';
}

export const VERSION = versionOf(packageJson);
