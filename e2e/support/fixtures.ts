import { test as base, expect, type Page } from "@playwright/test";

/** Chromium reports every answer from 400 on this way; whether it is right, the journey checks. */
const HTTP_STATUS = /^Failed to load resource: the server responded with a status of/;

/**
 * The `test` of all journeys. Beside the journey's own checks it fails when
 * the page throws, logs an error (a broken content security policy is one) or
 * asks another host for anything.
 */
export const test = base.extend<{ wellBehaved: void }>({
  baseURL: async ({}, use) => {
    await use(process.env.CONEXAO_E2E_URL);
  },
  wellBehaved: [
    async ({ context, baseURL }, use) => {
      const problems: string[] = [];
      context.on("weberror", (error) => problems.push(`threw ${error.error().message}`));
      context.on("console", (message) => {
        if (message.type() === "error" && !HTTP_STATUS.test(message.text())) {
          problems.push(`logged ${message.text()}`);
        }
      });
      context.on("request", (request) => {
        const own = !/^https?:/.test(request.url()) || request.url().startsWith(`${baseURL}/`);
        if (!own) problems.push(`asked for ${request.url()}`);
      });
      await use();
      expect(problems, "the page must throw nothing, log no error and stay on its host").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect, type Page };
