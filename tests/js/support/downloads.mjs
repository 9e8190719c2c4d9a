// What the demo page hands out, read back by other people's libraries.
import assert from "node:assert/strict";
import xlsx from "@e965/xlsx";
import Graph from "graphology";
import gexf from "graphology-gexf";

const pairOf = (a, b) => [a, b].sort().join("\n");

/** Which pairs a file says are related, each once, sorted; and how many relations it holds, where it tells each. */
export const READERS = {
  csv: (bytes) => ofSheet(xlsx.read(bytes.toString("utf8"), { type: "string", raw: true })),
  xlsx: (bytes) => ofSheet(xlsx.read(bytes, { type: "buffer" })),
  gexf(bytes) {
    const graph = gexf.parse(Graph, bytes.toString("utf8"));
    const name = (node) => graph.getNodeAttribute(node, "label") ?? node;
    const pairs = graph.mapEdges((_edge, _attributes, source, target) => pairOf(name(source), name(target)));
    return { pairs: [...new Set(pairs)].sort() };
  },
};

function ofSheet(book) {
  const [, ...rows] = xlsx.utils.sheet_to_json(book.Sheets[book.SheetNames[0]], { header: 1, blankrows: false });
  return { pairs: [...new Set(rows.map(([a, b]) => pairOf(a, b)))].sort(), relations: rows.length };
}

/** A PNG of this size, with something drawn on it: its pixels take more than a blank sheet's would. */
export function assertPicture(bytes, width, height) {
  assert.equal(bytes.subarray(0, 8).toString("latin1"), "\x89PNG\r\n\x1a\n");
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [width, height]);
  assert.ok(bytes.length > 60_000, `${bytes.length} bytes: hardly anything is drawn`);
}

/** The pairs that have relations, as the readers tell them. */
export const pairsOf = (relations) =>
  [...new Set(relations.map(({ companyName, relatedCompanyName }) => pairOf(companyName, relatedCompanyName)))].sort();
