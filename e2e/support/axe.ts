import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Frames without scripts: mail as its reader sees it. Axe could not work in them. */
const SILENT = "iframe[sandbox]";

/** Expects that axe finds nothing against WCAG 2.2 AA on the page as it stands. */
export async function axe(page: Page, scope?: string): Promise<void> {
  await settle(page);
  // Nothing but violations, in the page's own frame: tables of thousands of cells take seconds instead of minutes.
  const options = { runOnly: { type: "tag" as const, values: WCAG_22_AA }, resultTypes: ["violations" as const] };
  const builder = new AxeBuilder({ page }).setLegacyMode().options(options).exclude(SILENT);
  const { violations } = await (scope ? builder.include(scope) : builder).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n    ${node.target.join(" ")}\n    ${node.failureSummary ?? ""}`),
  );
  expect(found, "accessibility").toEqual([]);
}

/** Waits for fades to end, for axe measures colours as they are; spinners never end and are left alone. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ends = (one: Animation): boolean => Number.isFinite(one.effect?.getComputedTiming().endTime);
    await Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished));
  });
}
