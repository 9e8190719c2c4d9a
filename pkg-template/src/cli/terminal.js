/** What is written, and where: colours on a terminal only, columns that are right for Chinese characters. */
import pc from "picocolors";
import stringWidth from "string-width";

export { stringWidth };

/** Colours for one stream: none in a pipe, or where NO_COLOR is set; in a pipe too where FORCE_COLOR is. */
export function colours(stream) {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return pc.createColors(false);
  return pc.createColors((FORCE_COLOR && FORCE_COLOR !== "0") || (stream.isTTY === true && TERM !== "dumb"));
}

export const stdout = (line) => void process.stdout.write(`${line}\n`);
export const stderr = (line) => void process.stderr.write(`${line}\n`);

/** Standard output may be gone or full. Whoever closed it (`| head`) wants no more of it; a full disk must be told. */
export function watchOutput() {
  process.stdout.on("error", (error) => {
    if (error.code === "EPIPE") return;
    stderr(`stdout: ${error.message}`);
    process.exit(1);
  });
  // Nobody is left to be told.
  process.stderr.on("error", () => {});
}

export const columnsOf = (stream) => (stream.isTTY && stream.columns > 0 ? stream.columns : Infinity);

const GAP = 2;

/**
 * A table without lines. Columns are `{ title, right?, wrap? }`; where the terminal is too narrow, those that wrap give way.
 * @param {{ title: string, right?: boolean, wrap?: boolean }[]} columns
 * @param {string[][]} rows
 */
export function table(columns, rows, { width = columnsOf(process.stdout), head = (text) => text } = {}) {
  const texts = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) => Math.max(...texts.map((row) => stringWidth(row[index]))));
  narrow(widths, columns, width - GAP * (columns.length - 1));
  const lines = texts.flatMap((row, number) => {
    const cells = row.map((text, index) => wrap(text, widths[index]));
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) => {
      const parts = cells.map((cell, index) => pad(cell[line] ?? "", widths[index], columns[index].right));
      const joined = parts.join(" ".repeat(GAP)).trimEnd();
      return number === 0 ? head(joined) : joined;
    });
  });
  return lines.join("\n");
}

/** Takes from the widest column that wraps until all fit, or none can give way any more. */
function narrow(widths, columns, width) {
  const least = 8;
  const sum = () => widths.reduce((total, one) => total + one, 0);
  while (sum() > width) {
    const able = columns.map(({ wrap: may }, index) => (may && widths[index] > least ? widths[index] : 0));
    const most = Math.max(...able);
    if (most === 0) return;
    widths[able.indexOf(most)] -= 1;
  }
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function wrap(text, width) {
  if (stringWidth(text) <= width) return [text];
  const lines = [""];
  for (const { segment } of graphemes.segment(text)) {
    const last = lines.length - 1;
    if (lines[last] !== "" && stringWidth(lines[last] + segment) > width) lines.push(segment);
    else lines[last] += segment;
  }
  return lines;
}

export function pad(text, width, right = false) {
  const space = " ".repeat(Math.max(0, width - stringWidth(text)));
  return right ? space + text : text + space;
}

const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;

/** Text from outside as a terminal may be shown it: a name must not move the cursor. */
export const shown = (text) => String(text).replace(CONTROLS, "\ufffd");
