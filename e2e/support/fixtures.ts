import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";

import { Api } from "./api.ts";
import { open, type Who } from "./login.ts";

/** Chromium reports every answer from 400 on this way; whether it is right, the journey checks. */
const HTTP_STATUS = /^Failed to load resource: the server responded with a status of/;

/** Mail is shown in a frame without scripts; what Playwright puts into every document is refused there, too. */
const SILENT_FRAME = /^Blocked script execution in 'about:srcdoc' because the document's frame is sandboxed/;

interface Fixtures {
  /** The API as the administrator, to prepare what a journey needs. */
  api: Api;
  /** Opens an address as somebody else, in a browser of their own. */
  colleague: (who: Who, path: string) => Promise<Page>;
  problems: string[];
  wellBehaved: void;
}

/**
 * The `test` of all journeys. Beside the journey's own checks it fails when a
 * page throws, logs an error (a broken content security policy is one) or
 * asks another host for anything.
 */
export const test = base.extend<Fixtures>({
  baseURL: async ({}, use) => {
    await use(process.env.CONEXAO_E2E_URL);
  },
  problems: async ({}, use) => {
    await use([]);
  },
  wellBehaved: [
    async ({ context, baseURL, problems }, use) => {
      watch(context, baseURL, problems);
      await use();
      expect(problems, "the page must throw nothing, log no error and stay on its host").toEqual([]);
    },
    { auto: true },
  ],
  api: async ({ baseURL, playwright }, use) => {
    const request = await playwright.request.newContext({ baseURL: baseURL ?? "" });
    await use(await Api.as(request, "helena"));
    await request.dispose();
  },
  colleague: async ({ browser, baseURL, problems }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (who, path) => {
      const context = await browser.newContext();
      contexts.push(context);
      watch(context, baseURL, problems);
      const page = await context.newPage();
      await open(page, path, who);
      return page;
    });
    for (const context of contexts) await context.close();
  },
});

function watch(context: BrowserContext, baseURL: string | undefined, problems: string[]): void {
  context.on("weberror", (error) => problems.push(`threw ${error.error().message}`));
  context.on("console", (message) => {
    const expected = [HTTP_STATUS, SILENT_FRAME].some((known) => known.test(message.text()));
    if (message.type() === "error" && !expected) {
      problems.push(`logged ${message.text()}`);
    }
  });
  context.on("request", (request) => {
    const own = !/^https?:/.test(request.url()) || request.url().startsWith(`${baseURL}/`);
    if (!own) problems.push(`asked for ${request.url()}`);
  });
}

export { expect, type Page };
