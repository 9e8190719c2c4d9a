/** What the page and the worker that draws the network tell one another. */

/** Where the drawing stands in its frame: a point p of the layout is seen at k·p + (x, y), in CSS pixels. */
export interface View {
  k: number;
  x: number;
  y: number;
}

export interface Palette {
  paper: string;
  ink: string;
  soft: string;
  link: string;
  accent: string;
  font: string;
}

export type ToWorker =
  | { type: "canvas"; canvas: OffscreenCanvas; still: boolean }
  | { type: "size"; width: number; height: number; ratio: number }
  | { type: "palette"; palette: Palette }
  /** Where the graph comes from, as {@link Drawing}; companies that are known keep their places. */
  | { type: "source"; port: MessagePort }
  | { type: "view"; view: View }
  | { type: "pointer"; x: number; y: number; press: boolean }
  | { type: "leave" }
  | { type: "select"; name: string | null }
  | { type: "fit" }
  | { type: "png" };

export type FromWorker =
  | { type: "hover"; name: string | null }
  | { type: "press"; name: string | null }
  /** The view that shows everything, or the company just selected. */
  | { type: "view"; view: View }
  | { type: "moving" }
  | { type: "settled" }
  | { type: "png"; blob: Blob };
