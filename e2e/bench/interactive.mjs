// When can the log-in be used on a slow machine? Opens the address given five
// times with an empty cache and the CPU slowed down four times, and prints the
// medians as JSON: the first paint, and the moment from which the field is there
// and no task has held the thread up for longer than people notice.
import { chromium } from "playwright-core";

const [address] = process.argv.slice(2);
const TIMES = 5;
const SLOWER = 4;
/** Quiet after which nothing more is expected, in milliseconds. */
const QUIET = 2_000;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_BIN ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

async function open() {
  const context = await browser.newContext();
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.addInitScript(() => {
    window.bench = { painted: 0, field: 0, busy: 0 };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.bench.busy = Math.max(window.bench.busy, entry.startTime + entry.duration);
    }).observe({ type: "longtask", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === "first-contentful-paint") window.bench.painted = entry.startTime;
    }).observe({ type: "paint", buffered: true });
    const look = () => {
      if (document.querySelector("#email")) window.bench.field = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(address, { waitUntil: "load" });
  await page.locator("#email").waitFor();
  await page.waitForTimeout(QUIET);
  const seen = await page.evaluate(() => window.bench);
  await context.close();
  return { painted: seen.painted, interactive: Math.max(seen.field, seen.busy, seen.painted) };
}

const middle = (values) => Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]);
try {
  const runs = [];
  for (let n = 0; n < TIMES; n += 1) runs.push(await open());
  console.log(JSON.stringify({
    painted: middle(runs.map((run) => run.painted)),
    interactive: middle(runs.map((run) => run.interactive)),
  }));
} finally {
  await browser.close();
}
