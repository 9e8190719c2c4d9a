/**
 * The network off the page's own thread: the layout is worked out and drawn here, onto a canvas the page has handed over,
 * so that however large it is the page itself never waits.
 */
import type { Drawing } from "../engine/messages";
import { type Scene, draw } from "./draw";
import { Layout } from "./layout";
import type { FromWorker, Palette, ToWorker, View } from "./messages";

/** How near a finger or pointer has to come to a disc, in CSS pixels. */
const REACH = 8;

const VIEW_MS = 250;

const layout = new Layout();
const scene: Scene = {
  layout,
  view: { k: 1, x: 0, y: 0 },
  palette: { paper: "#fff", ink: "#000", soft: "#888", link: "#888", accent: "#a00", font: "sans-serif" },
  width: 0,
  height: 0,
  ratio: 1,
  selected: undefined,
  hovered: undefined,
};
let canvas: OffscreenCanvas | undefined;
let context: OffscreenCanvasRenderingContext2D | null = null;
/** Without motion only the end of it is shown. */
let still = false;
/** Whether the view follows what is drawn; until the visitor moves it. */
let following = true;
let asked = false;
/** When the page was last told the view. */
let told = 0;
/** The company selected, whether or not it is in the graph. */
let wanted: string | null = null;

const tell = (message: FromWorker) => postMessage(message);

function refresh() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(frame);
}

function frame() {
  asked = false;
  const begin = performance.now();
  const moving = layout.moving;
  if (moving) {
    // As many steps as fit a frame; without motion, a good while of them.
    const end = begin + (still ? 120 : 9);
    do layout.tick();
    while (layout.moving && performance.now() < end);
    if (following) {
      scene.view = everything();
      // Only for the next zoom to begin at: now and then is enough.
      if (!layout.moving || begin - told > VIEW_MS) show(scene.view);
    }
    if (!layout.moving) tell({ type: "settled" });
  }
  if (context && !(still && layout.moving)) draw(context, scene);
  // However slow the machine, others get as much of it: a run goes on meanwhile.
  if (layout.moving) setTimeout(refresh, performance.now() - begin);
}

function show(view: View) {
  scene.view = view;
  told = performance.now();
  tell({ type: "view", view });
}

/** The view in which all companies are seen. */
function everything(width = scene.width, height = scene.height): View {
  if (layout.nodes.length === 0) return { k: 1, x: width / 2, y: height / 2 };
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of layout.nodes) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  // Names stand beside their discs, the buttons above.
  const [beside, above] = [Math.min(190, 0.3 * width), 70];
  const room = Math.min((width - beside) / Math.max(1, right - left), (height - above) / Math.max(1, bottom - top));
  const k = Math.max(0.02, Math.min(2, room));
  return {
    k,
    x: width / 2 - (k * (left + right)) / 2,
    y: height / 2 + 10 - (k * (top + bottom)) / 2,
  };
}

function under(x: number, y: number) {
  const { view } = scene;
  return layout.at((x - view.x) / view.k, (y - view.y) / view.k, REACH / view.k);
}

function take({ names, degrees, ends, weights }: Drawing) {
  layout.update(names, degrees, ends, weights);
  scene.selected = layout.find(wanted);
  scene.hovered = undefined;
  if (layout.moving) tell({ type: "moving" });
  refresh();
}

async function png() {
  const [width, height] = [1600, 1000];
  const sheet = new OffscreenCanvas(2 * width, 2 * height);
  const pen = sheet.getContext("2d");
  if (!pen) return;
  draw(pen, { ...scene, width, height, ratio: 2, view: everything(width, height), hovered: undefined });
  tell({ type: "png", blob: await sheet.convertToBlob({ type: "image/png" }) });
}

onmessage = ({ data: message }: MessageEvent<ToWorker>) => {
  switch (message.type) {
    case "canvas":
      canvas = message.canvas;
      context = canvas.getContext("2d");
      still = message.still;
      break;
    case "size": {
      const { width, height, ratio } = message;
      Object.assign(scene, { width, height, ratio });
      if (canvas) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
      }
      if (following) show(everything());
      break;
    }
    case "palette":
      scene.palette = message.palette satisfies Palette;
      break;
    case "source":
      message.port.onmessage = ({ data }: MessageEvent<Drawing>) => take(data);
      return;
    case "view":
      scene.view = message.view;
      following = false;
      break;
    case "pointer": {
      const node = under(message.x, message.y);
      if (message.press) tell({ type: "press", name: node?.name ?? null });
      if (node === scene.hovered) return;
      scene.hovered = node;
      tell({ type: "hover", name: node?.name ?? null });
      break;
    }
    case "leave":
      scene.hovered = undefined;
      break;
    case "select": {
      wanted = message.name;
      scene.selected = layout.find(wanted);
      break;
    }
    case "fit":
      following = true;
      show(everything());
      break;
    case "png":
      void png();
      return;
  }
  refresh();
};
