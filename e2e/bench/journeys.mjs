// How does the application feel on a slow machine? Logs in, goes through lists,
// a record and a form with the CPU slowed down four times, and prints as JSON,
// in milliseconds: the first load of a list until it can be used, changes of
// screen, letters typed until they are seen, 200 rows from the answer until they
// are seen, and the longest task that held the thread up.
//
// node journeys.mjs <http://address> <e-mail> <password> [rows of a page]
import { chromium } from "playwright-core";

const [address, email, password, pageful = "200"] = process.argv.slice(2);
const SLOWER = 4;
const ROUNDS = 5;
/** Quiet after which nothing more is expected, in milliseconds. */
const QUIET = 1_500;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_BIN ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** What the page measures by itself; it runs there. */
function instruments() {
  // Only the first document: a log-out must stay one.
  localStorage.setItem("conexao.session", "true");
  const bench = { busy: 0, longest: 0, typed: [], rows: [] };
  window.bench = bench;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      bench.longest = Math.max(bench.longest, entry.duration);
      bench.busy = Math.max(bench.busy, entry.startTime + entry.duration);
    }
  }).observe({ type: "longtask", buffered: true });
  // What is shorter than the threshold is not told: one frame.
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.name === "keydown") bench.typed.push(entry.duration);
  }).observe({ type: "event", durationThreshold: 16, buffered: true });

  /** The moment at which what is in the document now has been drawn. */
  bench.drawn = () =>
    new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()), 0)));
  /** Waits until `there` holds, and then for the picture. */
  bench.until = (there) =>
    new Promise((resolve) => {
      const look = () => {
        if (!there()) return false;
        watcher.disconnect();
        resolve(bench.drawn());
        return true;
      };
      const watcher = new MutationObserver(look);
      watcher.observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
      look();
    });
  /** Clicks a link; how long until the title of its screen is seen. */
  bench.route = async (selector) => {
    const before = document.querySelector("h1")?.textContent;
    const begun = performance.now();
    document.querySelector(selector).click();
    return (await bench.until(() => {
      const title = document.querySelector("h1")?.textContent;
      return title !== undefined && title !== before;
    })) - begun;
  };
  /** How many rows the list says it has; what is out of sight may not be drawn. */
  const loaded = () => Number(document.querySelector(".pager .num")?.textContent.match(/(\d+) carregado/)?.[1]);
  /** Asks for `size` rows a page; how long from the answer until they are seen. */
  bench.page = async (size) => {
    performance.clearResourceTimings();
    const choice = document.querySelector(".pager select");
    choice.value = String(size);
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    const seen = await bench.until(() => loaded() === size && document.querySelector("tbody tr[data-row]"));
    const answers = performance.getEntriesByType("resource").filter((one) => one.name.includes(`limit=${size}`));
    return seen - Math.max(...answers.map((one) => one.responseEnd));
  };
}

async function enter() {
  const context = await browser.newContext({ baseURL: address, viewport: { width: 1440, height: 900 }, locale: "pt-BR" });
  const answer = await context.request.post("/api/v1/auth/login", { data: { email, password } });
  if (!answer.ok()) throw new Error(`log-in: ${answer.status()} ${await answer.text()}`);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.addInitScript(instruments);
  return { context, page };
}

/** From an empty cache to a list that can be used. */
async function load() {
  const { context, page } = await enter();
  await page.goto("/clientes");
  const seen = await page.evaluate(() => window.bench.until(() => document.querySelector("tbody tr[data-row]")));
  await page.waitForTimeout(QUIET);
  const busy = await page.evaluate(() => window.bench.busy);
  await context.close();
  return Math.max(seen, busy);
}

const SCREENS = ["/", "/clientes", "/garantias", "/usuarios", "/clientes"];

async function journeys() {
  const { context, page } = await enter();
  await page.goto("/clientes");
  await page.locator("tbody tr[data-row]").first().waitFor();
  const routes = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const path of SCREENS) {
      const took = await page.evaluate((link) => window.bench.route(link), `.sidebar a[href="${path}"]`);
      await page.waitForTimeout(QUIET / 3);
      // The first round fetches parts of the code.
      if (round > 0) routes.push(took);
    }
  }
  const rows = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rows.push(await page.evaluate((size) => window.bench.page(size), Number(pageful)));
    await page.evaluate(() => window.bench.page(25));
    await page.waitForTimeout(QUIET / 3);
  }
  await page.evaluate(() => window.bench.typed.splice(0));
  const words = ["ana maria souza", "joao da silva"];
  for (const word of words) {
    const search = page.locator("main input[type='search']");
    await search.focus();
    await search.pressSequentially(word, { delay: 90 });
    await search.fill("");
  }
  await page.evaluate(() => window.bench.route(".page-head a[href='/clientes/novo']"));
  const name = page.locator("main input:visible").first();
  await name.focus();
  for (const word of words) await name.pressSequentially(word, { delay: 90 });
  await page.waitForTimeout(QUIET);
  const seen = await page.evaluate(() => ({ typed: window.bench.typed, longest: window.bench.longest }));
  // Letters that were not told took less than a frame.
  const letters = 3 * words.join("").length - words[1].length;
  while (seen.typed.length < Math.max(letters, 1)) seen.typed.push(16);
  await context.close();
  return { routes, rows, ...seen };
}

const at = (share) => (values) => Math.round(values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]);
const middle = at(0.5);
const most = at(0.75);
try {
  const loads = [];
  for (let n = 0; n < ROUNDS; n += 1) loads.push(await load());
  const seen = await journeys();
  console.log(JSON.stringify({
    load: middle(loads),
    route: most(seen.routes),
    route_worst: Math.round(Math.max(...seen.routes)),
    typing: most(seen.typed),
    typing_worst: Math.round(Math.max(...seen.typed)),
    rows: middle(seen.rows),
    longest: Math.round(seen.longest),
  }));
} finally {
  await browser.close();
}
