// The job file's schema as JSON Schema, for editors (jobs/job.schema.json) and for finding out which keys
// stand at a place.

import { z } from 'zod';
import { jobSchema } from './schema.js';
import type { KeyPath } from './yaml-source.js';

/** Draft 7, which every editor's YAML support reads. */
function jobJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(jobSchema, { io: 'input', target: 'draft-7' });
  return {
    $schema,
    title: 'oathbatch job',
    description: `A job of oathbatch: which hardware OATH tokens shall be in a Microsoft Entra tenant, and who shall hold them. Paths are relative to the job file; \${NAME} in a text is replaced by an environment variable.`,
    ...schema,
  };
}

/**
 * The JSON Schema of a job file, as the text of jobs/job.schema.json.
 *
 * @example
 * writeFileSync('jobs/job.schema.json', jobJsonSchemaText());
 */
export function jobJsonSchemaText(): string {
  return `${JSON.stringify(jobJsonSchema(), null, 2)}\n`;
}

/** The keys that the schema knows at a place, whichever alternative they belong to. */
export function knownKeys(path: KeyPath): readonly string[] {
  let nodes: readonly unknown[] = alternatives(jobJsonSchema());
  for (const key of path) {
    nodes = nodes
      .flatMap((node) =>
        typeof key === 'number' ? [field(node, 'items')] : [field(field(node, 'properties'), key)],
      )
      .flatMap(alternatives);
  }
  return nodes.flatMap((node) => {
    const properties = field(node, 'properties');
    return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  });
}

function alternatives(node: unknown): readonly unknown[] {
  const inner = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => {
    const list: unknown = field(node, key);
    return Array.isArray(list) ? list.map((item: unknown) => item) : [];
  });
  return [node, ...inner.flatMap(alternatives)];
}

function field(node: unknown, key: string): unknown {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
  return Object.entries(node).find(([name]) => name === key)?.[1];
}
