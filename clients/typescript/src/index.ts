export { conexao, ifMatch, type Conexao, type Options } from "./client.js";
export { items, type Item, type ListPath, type ListQuery } from "./paging.js";
export { ProblemError, unwrap, type FieldProblem, type Problem, type Result } from "./problem.js";
export { DEFAULT_RETRY, type Retry } from "./retry.js";
export type { components, operations, paths } from "./schema.js";
export { verifyWebhook, type VerifyOptions, type WebhookHeaders } from "./webhook.js";
