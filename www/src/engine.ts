/** The page's hold on its engine, a worker: what is asked of it goes through here, and what it tells comes out as signals. */
import { proxy, wrap } from "comlink";
import { signal } from "@preact/signals";
import type { ScanProgress } from "qcc-pro";
import type { Engine } from "./engine/engine";
import type { Detour, EngineEvent, Found, Picture } from "./engine/messages";
import EngineWorker from "./engine/worker?worker";

/** The demo's server writes its gateway into the page. A page from a plain static host has none. */
const gateway = document.querySelector<HTMLMetaElement>('meta[name="qcc-gateway"]')?.content;

export const sourceKind = gateway === undefined ? "sandbox" : "gateway";

export const found = signal<Found>({ version: 0, relations: 0, shown: 0, sources: [], years: [] });
export const picture = signal<Picture>({ companies: 0, links: 0, ranking: [], timeline: [] });
/** Of the run that is under way, or was last. */
export const progress = signal<{ progress: ScanProgress; detours: Detour[] } | null>(null);

/** Whether the engine could not be started: then nothing on the page can be done. */
export const broken = signal(false);

const worker = new EngineWorker();
worker.addEventListener("error", () => (broken.value = true));
export const engine = wrap<Engine>(worker);

void engine.open(gateway === undefined ? null : new URL(gateway, location.href).href, proxy(told));

function told(event: EngineEvent) {
  if (event.type === "found") found.value = event.found;
  else if (event.type === "picture") picture.value = event.picture;
  else progress.value = event;
}
