/**
 * Keeps the first page for the time without a network, so that it opens and says so.
 *
 * It is never in the way of an update: the page itself always comes from the network when there is one, files are kept
 * by names that change with their content, and a new build brings a new worker that throws the old files away.
 *
 * Does not: keep an answer of the server, or see any other page than the customer's own (its scope is `/?`, a prefix
 * that no address of the desk has).
 */
/** Of this build, put in by build.mjs. */
declare const BUILD: string;
declare const SHELL: string[];

const worker = self as unknown as ServiceWorkerGlobalScope;
const KEPT = `mashang-${BUILD}`;
const PAGE = "/";

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll([PAGE, ...SHELL])));
  void worker.skipWaiting();
});

worker.addEventListener("activate", (event) => {
  const throwAway = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("mashang-") && name !== KEPT);
    await Promise.all(old.map((name) => caches.delete(name)));
  };
  event.waitUntil(throwAway());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(fetch(request).catch(keptPage));
  else if (pathname.startsWith("/assets/")) event.respondWith(keptOrFetched(request));
});

async function keptPage(): Promise<Response> {
  return (await caches.match(PAGE)) ?? Response.error();
}

async function keptOrFetched(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
