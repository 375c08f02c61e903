// Keeps the service worker (sw.js) and tells the application of a newer build.
// Fetched when the first screen is there; without a worker all else works.

const VERSION = "{{version}}";
const HOUR = 3_600_000;
const workers = navigator.serviceWorker;
let wanted = false;

const tell = (worker) => worker && worker.postMessage({ kind: "page", version: VERSION });

function watch(registration) {
  tell(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const next = registration.installing;
    next.addEventListener("statechange", () => {
      if (next.state === "installed" && workers.controller) tell(next);
    });
  });
  const look = () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {});
  };
  document.addEventListener("visibilitychange", look);
  setInterval(look, HOUR);
  // The person agreed to the newer build; nothing is loaded anew before that.
  addEventListener("conexao-take-over", () => {
    wanted = true;
    if (registration.waiting) registration.waiting.postMessage({ kind: "take-over" });
    else location.reload();
  });
}

export async function keep() {
  if (!workers) return;
  workers.addEventListener("message", (event) => {
    if (!event.data || event.data.kind !== "update") return;
    document.documentElement.dataset.update = "true";
    dispatchEvent(new Event("conexao-update"));
  });
  // Another tab may have agreed: this page is older than its worker then.
  workers.addEventListener("controllerchange", () => (wanted ? location.reload() : tell(workers.controller)));
  try {
    const registration = await workers.register("/sw.js", { updateViaCache: "none" });
    if (registration) watch(registration);
  } catch (problem) {
    console.warn(problem);
  }
}
