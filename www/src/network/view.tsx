/** The network on the page: hands its canvas to the worker, moves the view, tells what is pointed at and pressed. */
import { useSignalEffect } from "@preact/signals";
import { select } from "d3-selection";
import { type D3ZoomEvent, type ZoomBehavior, zoom, zoomIdentity } from "d3-zoom";
import { useEffect, useRef } from "preact/hooks";
import { transfer } from "comlink";
import { colourOf } from "../colour";
import { engine, picture } from "../engine";
import { selected } from "../results";
import { theme } from "../settings";
import { words } from "../words";
import type { FromWorker, Palette, ToWorker } from "./messages";
import NetworkWorker from "./worker?worker";

/** What the buttons beside the drawing do. */
export interface NetworkHandle {
  zoomBy(factor: number): void;
  fit(): void;
  png(): Promise<Blob>;
}

export function NetworkView({ handle }: { handle: { current: NetworkHandle | null } }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const worker = useRef<Worker | null>(null);
  const send = (message: ToWorker, transfer: Transferable[] = []) => worker.current?.postMessage(message, transfer);

  useEffect(() => {
    const element = canvas.current!;
    const live = (worker.current = new NetworkWorker());
    const surface = element.transferControlToOffscreen();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    send({ type: "canvas", canvas: surface, still }, [surface]);
    // The engine sends the graph straight to the worker that draws it.
    const { port1, port2 } = new MessageChannel();
    send({ type: "source", port: port1 }, [port1]);
    void engine.drawOn(transfer(port2, [port2]));
    const unwatch = watch(element, send);
    const behaviour = zooming(element, send);
    let deliver: ((blob: Blob) => void) | undefined;
    live.onmessage = ({ data: message }: MessageEvent<FromWorker>) => {
      if (message.type === "view") place(element, behaviour, message.view);
      else if (message.type === "hover") element.classList.toggle("pointing", message.name !== null);
      else if (message.type === "press") selected.value = message.name;
      else if (message.type === "moving") delete element.dataset["settled"];
      else if (message.type === "settled") element.dataset["settled"] = "";
      else deliver?.(message.blob);
    };
    handle.current = {
      zoomBy: (factor) => behaviour.scaleBy(select(element), factor),
      fit: () => send({ type: "fit" }),
      png: () =>
        new Promise((resolve) => {
          deliver = resolve;
          send({ type: "png" });
        }),
    };
    return () => {
      handle.current = null;
      unwatch();
      live.terminate();
    };
  }, []);

  useSignalEffect(() => {
    theme.value;
    // The style sheet follows the choice in another effect, perhaps after this one.
    requestAnimationFrame(() => canvas.current && send({ type: "palette", palette: palette(canvas.current) }));
  });
  useSignalEffect(() => send({ type: "select", name: selected.value }));

  return (
    <canvas
      ref={canvas}
      class="network-canvas"
      role="img"
      aria-label={words.value.network.describe(picture.value.companies, picture.value.links)}
    />
  );
}

/** Keeps the worker's canvas as large as its frame, in its screen's pixels, and in the colours of the page. */
function watch(element: HTMLCanvasElement, send: (message: ToWorker) => void): () => void {
  const sizes = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = element;
    if (width > 0) send({ type: "size", width, height, ratio: Math.min(2, devicePixelRatio) });
  });
  sizes.observe(element);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const repaint = () => send({ type: "palette", palette: palette(element) });
  dark.addEventListener("change", repaint);
  return () => {
    sizes.disconnect();
    dark.removeEventListener("change", repaint);
  };
}

function palette(element: HTMLElement): Palette {
  const colour = (name: string) => colourOf(element, name);
  return {
    paper: colour("--sheet"),
    ink: colour("--ink"),
    soft: colour("--soft"),
    link: colour("--thread"),
    accent: colour("--seal"),
    font: getComputedStyle(element).fontFamily,
  };
}

function zooming(element: HTMLCanvasElement, send: (message: ToWorker) => void): ZoomBehavior<HTMLCanvasElement, unknown> {
  const behaviour = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([0.02, 12])
    // The wheel and one finger scroll the page, as anywhere else on it.
    .filter((event: Event) => {
      if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey;
      if (window.TouchEvent && event instanceof TouchEvent) return event.touches.length > 1;
      return !(event instanceof MouseEvent && event.button !== 0);
    })
    .on("zoom", (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
      const { k, x, y } = event.transform;
      if (!placing) send({ type: "view", view: { k, x, y } });
    });
  select(element).call(behaviour);
  const pointer = (event: MouseEvent, press: boolean) =>
    send({ type: "pointer", x: event.offsetX, y: event.offsetY, press });
  element.addEventListener("pointermove", (event) => pointer(event, false));
  element.addEventListener("pointerleave", () => send({ type: "leave" }));
  element.addEventListener("click", (event) => pointer(event, true));
  return behaviour;
}

let placing = false;

/** Tells the zooming where the worker has put the view, without it telling the worker. */
function place(
  element: HTMLCanvasElement,
  behaviour: ZoomBehavior<HTMLCanvasElement, unknown>,
  { k, x, y }: { k: number; x: number; y: number },
) {
  placing = true;
  behaviour.transform(select(element), zoomIdentity.translate(x, y).scale(k));
  placing = false;
}
