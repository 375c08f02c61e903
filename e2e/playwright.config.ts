import { defineConfig, devices } from "@playwright/test";

// The system's Chromium, kept from talking to anybody but the server under test.
const chromium = {
  executablePath: process.env.CHROMIUM_BIN ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
  ],
};

const desktop = { ...devices["Desktop Chrome"], viewport: { width: 1440, height: 900 } };

/**
 * Every journey runs on `light`. One that looks different in the dark or on a
 * phone says so with the tags @dark and @phone and runs there too.
 */
export default defineConfig({
  testDir: "tests",
  // Pictures show the demo data, untouched by the other journeys.
  testMatch: process.env.UPDATE_PICTURES === "1" ? "screens.spec.ts" : "*.spec.ts",
  outputDir: "test-results",
  globalSetup: "./support/global-setup.ts",
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: false,
  workers: 2,
  // On a machine that others use as well, a journey may fail for want of time: once
  // more, and it is told as flaky. By hand, whatever fails is to be looked at.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.PLAYWRIGHT_HTML ? [["list"], ["html", { open: "never" }]] : [["list"]],
  use: {
    locale: "pt-BR",
    timezoneId: "America/Sao_Paulo",
    // It fetches every file there is; its own journeys let it.
    serviceWorkers: "block",
    launchOptions: chromium,
    screenshot: "only-on-failure",
    // Recording every journey costs time; there only what is tried again is recorded.
    trace: process.env.CI ? "on-first-retry" : "retain-on-failure",
  },
  projects: [
    { name: "light", use: { ...desktop, colorScheme: "light" } },
    { name: "dark", grep: /@dark/, use: { ...desktop, colorScheme: "dark" } },
    {
      name: "phone",
      grep: /@phone/,
      use: {
        ...devices["Pixel 7"],
        viewport: { width: 390, height: 844 },
        deviceScaleFactor: 2,
        colorScheme: "light",
      },
    },
  ],
});
