/** Companies and links in the plane: a force layout that takes additions while it moves. */
import {
  type Simulation,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
} from "d3-force";

export interface Node extends SimulationNodeDatum {
  name: string;
  degree: number;
  radius: number;
  x: number;
  y: number;
}

export interface Link extends SimulationLinkDatum<Node> {
  source: Node;
  target: Node;
  weight: number;
}

export class Layout {
  nodes: Node[] = [];
  /** The same, the best connected first, so that small discs are drawn over large ones. */
  byDegree: Node[] = [];
  links: Link[] = [];
  #byName = new Map<string, Node>();
  readonly #simulation: Simulation<Node, Link>;
  readonly #link = forceLink<Node, Link>([]).distance((link) => 26 + link.source.radius + link.target.radius);

  constructor() {
    this.#simulation = forceSimulation<Node, Link>([])
      .force("link", this.#link)
      .force("charge", forceManyBody<Node>().strength((node) => -30 - 7 * node.radius).theta(1).distanceMax(900))
      .force("x", forceX<Node>().strength(0.045))
      .force("y", forceY<Node>().strength(0.06))
      .velocityDecay(0.45)
      .stop();
  }

  update(names: string[], degrees: Uint32Array, ends: Uint32Array, weights: Float64Array) {
    const before = this.#byName;
    const nodes = names.map((name, index): Node => {
      const degree = degrees[index] ?? 0;
      const radius = 2.5 + 1.35 * Math.sqrt(degree);
      const known = before.get(name);
      return known ? Object.assign(known, { degree, radius }) : { name, degree, radius, x: NaN, y: NaN };
    });
    this.#byName = new Map(nodes.map((node) => [node.name, node]));
    this.links = [];
    weights.forEach((weight, index) => {
      const source = nodes[ends[2 * index]!];
      const target = nodes[ends[2 * index + 1]!];
      if (source && target) this.links.push({ source, target, weight });
    });
    // A newcomer starts beside a partner that has its place already.
    for (const { source, target } of this.links) {
      if (Number.isNaN(source.x) && !Number.isNaN(target.x)) beside(source, target);
      else if (Number.isNaN(target.x) && !Number.isNaN(source.x)) beside(target, source);
    }
    // Enough steps to come to rest; of a large network each takes long, and the first hundred make most of the picture.
    this.#simulation.alphaDecay(1 - 0.001 ** (1 / Math.max(110, 300 - nodes.length / 8)));
    const fresh = nodes.some((node) => !before.has(node.name));
    const changed = fresh || nodes.length !== this.nodes.length;
    this.nodes = nodes;
    this.byDegree = [...nodes].sort((a, b) => b.degree - a.degree);
    // NaN: the simulation then puts the node on its spiral, the same one each time.
    this.#simulation.nodes(nodes);
    this.#link.links(this.links);
    this.#simulation.alpha(Math.max(this.#simulation.alpha(), before.size === 0 ? 1 : changed ? 0.5 : 0.15));
  }

  get moving() {
    return this.nodes.length > 0 && this.#simulation.alpha() > this.#simulation.alphaMin();
  }

  tick() {
    this.#simulation.tick();
  }

  find(name: string | null): Node | undefined {
    return name === null ? undefined : this.#byName.get(name);
  }

  /** The node at a point, or one no further than `reach` from it. */
  at(x: number, y: number, reach: number): Node | undefined {
    let found: Node | undefined;
    let least = Infinity;
    for (const node of this.nodes) {
      const distance = Math.hypot(node.x - x, node.y - y) - node.radius;
      if (distance < reach && distance < least) {
        least = distance;
        found = node;
      }
    }
    return found;
  }
}

function beside(node: Node, other: Node) {
  // The angle comes from the name, so that the same run draws the same picture.
  let hash = 7;
  for (const letter of node.name) hash = (hash * 31 + letter.codePointAt(0)!) % 6283;
  node.x = other.x + 20 * Math.cos(hash / 1000);
  node.y = other.y + 20 * Math.sin(hash / 1000);
}
