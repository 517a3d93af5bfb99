// Asks GitHub Actions who this workflow is: the token that a federated credential in Entra trusts.
// https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-cloud-providers

import { z } from 'zod';
import type { Transport } from './transport.js';

export interface GithubRequest {
  /** `ACTIONS_ID_TOKEN_REQUEST_URL`, which is there when the workflow has the permission `id-token: write`. */
  readonly requestUrl: string;
  /** `ACTIONS_ID_TOKEN_REQUEST_TOKEN` */
  readonly requestToken: string;
}

/** What a federated credential in Entra expects: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust */
const AUDIENCE = 'api://AzureADTokenExchange';

const answerShape = z.object({ value: z.string().min(1) });

/** A fresh assertion; it lives for minutes. */
export async function githubAssertion(transport: Transport, request: GithubRequest): Promise<string> {
  const url = new URL(request.requestUrl);
  url.searchParams.set('audience', AUDIENCE);
  const result = await transport.send({
    method: 'GET',
    url: url.href,
    headers: { authorization: `Bearer ${request.requestToken}`, accept: 'application/json' },
  });
  if (result.kind !== 'answer') throw new Error(`GitHub cannot be asked for an id token: ${result.reason}`);
  const parsed = result.status === 200 ? answerShape.safeParse(parse(result.body)) : undefined;
  if (parsed?.success !== true) throw new Error(`GitHub gave no id token: HTTP ${result.status}`);
  return parsed.data.value;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Not JSON is no token: the caller says so.
    return undefined;
  }
}
