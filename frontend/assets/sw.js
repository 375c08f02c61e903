// The service worker: shows push messages and opens what they are about.
// What makes the application work without a network has its place below, as
// a `fetch` handler; nothing here stores anything.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

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
