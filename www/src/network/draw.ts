/** Draws a layout: hairlines for links, discs for companies, names where there is room. */
import type { Layout, Link, Node } from "./layout";
import type { Palette, View } from "./messages";

export interface Scene {
  layout: Layout;
  view: View;
  palette: Palette;
  width: number;
  height: number;
  ratio: number;
  selected: Node | undefined;
  hovered: Node | undefined;
}

/** One path with all links would cost far more than many short ones: its crossings are worked out. */
const LINKS_PER_PATH = 250;
const MOST_LABELS = 70;

/** Draws all of it anew. */
export function draw(context: OffscreenCanvasRenderingContext2D, scene: Scene) {
  const { layout, view, palette, width, height, ratio, selected, hovered } = scene;
  const focus = selected ?? hovered;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, width, height);
  const x = (node: Node) => view.k * node.x + view.x;
  const y = (node: Node) => view.k * node.y + view.y;

  const lines = (links: readonly Link[], style: string, alpha: number, thickness: number) => {
    context.strokeStyle = style;
    context.globalAlpha = alpha;
    context.lineWidth = thickness;
    for (let start = 0; start < links.length; start += LINKS_PER_PATH) {
      context.beginPath();
      for (let index = start; index < Math.min(links.length, start + LINKS_PER_PATH); index += 1) {
        const { source, target } = links[index]!;
        context.moveTo(x(source), y(source));
        context.lineTo(x(target), y(target));
      }
      context.stroke();
    }
    context.globalAlpha = 1;
  };

  const own = focus ? layout.links.filter((link) => link.source === focus || link.target === focus) : [];
  const near = new Set(own.flatMap((link) => [link.source, link.target]));
  if (focus) near.add(focus);
  // The more lines there are, the fainter each, lest they become one blot.
  const alpha = Math.max(0.07, Math.min(0.55, 14 / Math.sqrt(layout.links.length + 1)));
  lines(layout.links, palette.link, focus ? alpha / 3 : alpha, 1);
  lines(own, palette.accent, 0.85, 1.25);

  const scale = scaleOf(scene);
  for (const node of layout.byDegree) {
    const lit = node === focus;
    context.globalAlpha = focus && !near.has(node) ? 0.22 : 1;
    context.fillStyle = lit ? palette.accent : palette.ink;
    context.beginPath();
    context.arc(x(node), y(node), Math.max(1.2, node.radius * scale), 0, 2 * Math.PI);
    context.fill();
    if (node.radius * scale > 3) {
      context.strokeStyle = palette.paper;
      context.lineWidth = 1.25;
      context.stroke();
    }
  }
  context.globalAlpha = 1;
  labels(context, scene, focus ? [...near] : layout.byDegree, focus);
}

/**
 * How large discs are drawn. They keep up with the zoom by its root only: close up, distances grow and discs hardly. In a
 * crowd they are smaller.
 */
function scaleOf({ view, layout }: Scene): number {
  return Math.sqrt(Math.min(4, Math.max(0.12, view.k))) * crowding(layout);
}

/** 1 for a few hundred companies, less for more. */
const crowding = ({ nodes }: Layout) => Math.max(0.4, Math.min(1, Math.sqrt(350 / (nodes.length + 1))));

/** The best connected first; beside its disc, right or left; a name that would touch another one is left out. */
function labels(context: OffscreenCanvasRenderingContext2D, scene: Scene, nodes: readonly Node[], focus: Node | undefined) {
  const { view, palette, width, height } = scene;
  const scale = scaleOf(scene);
  // Close up there is room for all.
  const most = MOST_LABELS * Math.min(1, crowding(scene.layout) * Math.max(1, view.k));
  const taken: [left: number, top: number, right: number, bottom: number][] = [];
  context.font = `12px ${palette.font}`;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const order = focus
    ? [...nodes].sort((a, b) => Number(b === focus) - Number(a === focus) || b.degree - a.degree)
    : nodes;
  for (const node of order) {
    if (taken.length >= most) break;
    const [x, y] = [view.k * node.x + view.x, view.k * node.y + view.y];
    if (x < -20 || x > width + 20 || y < 0 || y > height) continue;
    const [length, gap] = [context.measureText(node.name).width, node.radius * scale + 4];
    const free = [x + gap, x - gap - length].find(
      (left) =>
        left > 2 &&
        left + length < width - 2 &&
        !taken.some((box) => left < box[2] + 6 && left + length + 6 > box[0] && y - 9 < box[3] && y + 9 > box[1]),
    );
    if (free === undefined) continue;
    taken.push([free, y - 9, free + length, y + 9]);
    context.strokeStyle = palette.paper;
    context.lineWidth = 3.5;
    context.strokeText(node.name, free, y);
    context.fillStyle = node === focus ? palette.accent : palette.ink;
    context.fillText(node.name, free, y);
  }
}
