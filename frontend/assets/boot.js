// Starts the application, which takes the splash away, or says what to do when it cannot start.
import start from "{{app.js}}";

// Browsers ask once, and early: the account menu offers it when wanted.
const root = document.documentElement;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  globalThis.conexaoInstall = event;
  root.dataset.install = "true";
});
addEventListener("appinstalled", () => delete root.dataset.install);
if (/iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone) root.dataset.install = "true";

const splash = document.getElementById("boot");
try {
  await start({ module_or_path: "{{app.wasm}}" });
  // After the first screen, for it fetches much.
  setTimeout(() => import("{{pwa.js}}").then((pwa) => pwa.keep()).catch(() => {}), 5000);
} catch (problem) {
  console.error(problem);
  splash.querySelector("[data-boot=wait]").hidden = true;
  splash.querySelector("[data-boot=failed]").hidden = false;
  splash.querySelector("button").addEventListener("click", () => location.reload());
}
