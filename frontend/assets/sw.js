// The service worker: keeps the files of the application, so that it opens
// without a network, shows push messages and opens what they are about.
// Answers of the API are never kept: what is said of people stays on the server.

const VERSION = "{{version}}";
const NAME = `conexao-${VERSION}`;
const FILES = {{files}};

// Longer than this nobody waits for a network that hardly is one.
const PATIENCE = 4000;

async function install() {
  const cache = await caches.open(NAME);
  await cache.addAll([...FILES, new Request("/", { cache: "reload" })]);
}

// The files of the build before this one stay: pages of it may still be open.
async function tidy() {
  const names = (await caches.keys()).filter((name) => name.startsWith("conexao-") && name !== NAME);
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));

// A page says which build it is. Of the same one, the worker takes over; to an
// older page it says that there is something newer, and waits to be asked.
self.addEventListener("message", (event) => {
  const told = event.data || {};
  if (told.kind === "take-over" || (told.kind === "page" && told.version === VERSION)) self.skipWaiting();
  else if (told.kind === "page" && event.source) event.source.postMessage({ kind: "update" });
});

const shell = async () => (await caches.open(NAME)).match("/");

// The network first, so that a page is never older than the server.
async function page(request) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(shell);
  const asked = fetch(request).then(
    async (answer) => ([502, 503, 504].includes(answer.status) && (await shell())) || answer,
    async (problem) => {
      const kept = await shell();
      if (kept) return kept;
      throw problem;
    },
  );
  return (await Promise.race([asked, late])) || asked;
}

// Names carry the hash of the content, so what is kept is what is wanted.
async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const screen = request.mode === "navigate" && !/^\/(api|docs|healthz|readyz|metrics)(\/|$)|\.\w+$/.test(pathname);
  if (screen) event.respondWith(page(request));
  else if (pathname.startsWith("/assets/")) event.respondWith(file(request));
});

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data ? event.data.json() : {};
  } catch {
    // A message of another kind is shown without its text.
  }
  const shown = self.registration.showNotification(told.title || "Conexão", {
    body: told.body || "",
    tag: told.tag,
    icon: "{{icon-192.png}}",
    data: { url: told.url },
  });
  event.waitUntil(shown);
});

// Only pages of this installation are opened.
function inside(url) {
  try {
    const wanted = new URL(url, self.location.origin);
    return wanted.origin === self.location.origin ? wanted.href : self.location.origin;
  } catch {
    return self.location.origin;
  }
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = inside(event.notification.data && event.notification.data.url);
  const open = async () => {
    const pages = await self.clients.matchAll({ type: "window" });
    const page = pages.find((one) => one.url === url) || pages[0];
    if (!page) return self.clients.openWindow(url);
    await page.focus();
    return page.url === url ? page : page.navigate(url).catch(() => self.clients.openWindow(url));
  };
  event.waitUntil(open());
});
