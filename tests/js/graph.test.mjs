// The relation graph, and its files as the libraries people open them with read them: graphology for GEXF and GraphML, a
// spreadsheet library for CSV.
import assert from "node:assert/strict";
import { test } from "node:test";
import Graph from "graphology";
import gexf from "graphology-gexf";
import graphml from "graphology-graphml";
import { read, utils } from "@e965/xlsx";
import { RelationGraph } from "qcc-pro";

const QCC = "企查查科技股份有限公司";
const BANK = "大连银行股份有限公司";
const ODD = `A & B <Co> "Ltd"\t'x'`;

const row = (companyName, relatedCompanyName, amount = null, publicDate = null, source = null) => ({
  companyName,
  relatedCompanyName,
  amount,
  amountWan: null,
  publicDate,
  period: null,
  source,
});

const relations = [
  row(QCC, BANK, "0.1", "2021-11", "招投标"),
  row(BANK, QCC, "0.2", "2020年报", '年报 "摘要"'),
  row(QCC, BANK, "约30", "2021-11-05", "招投标"),
  row(ODD, QCC, "-1,234.5"),
  row("=HYPERLINK(\"x\",\"y\")", "+1", null, "不详", "公告,公示"),
];

const LINKS = [
  { a: "+1", b: '=HYPERLINK("x","y")', relationCount: 1, totalWan: 0, amountCount: 0, first: null, last: null, sources: ["公告,公示"] },
  { a: ODD, b: QCC, relationCount: 1, totalWan: -1234.5, amountCount: 1, first: null, last: null, sources: [] },
  { a: QCC, b: BANK, relationCount: 3, totalWan: 0.3, amountCount: 2, first: "2020", last: "2021-11-05", sources: ['年报 "摘要"', "招投标"] },
];

const NODES = [
  { name: "+1", degree: 1, relationCount: 1, totalWan: 0, amountCount: 0 },
  { name: '=HYPERLINK("x","y")', degree: 1, relationCount: 1, totalWan: 0, amountCount: 0 },
  { name: ODD, degree: 1, relationCount: 1, totalWan: -1234.5, amountCount: 1 },
  { name: QCC, degree: 2, relationCount: 4, totalWan: -1234.2, amountCount: 3 },
  { name: BANK, degree: 1, relationCount: 3, totalWan: 0.3, amountCount: 2 },
];

/** Without the members that are null or empty: files leave out what is not known. */
const known = (object) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value.length !== 0));

test("lists companies, links, components and months", () => {
  const graph = RelationGraph.from(relations);
  assert.deepEqual(graph.companies(), NODES);
  assert.deepEqual(graph.links(), LINKS);
  assert.deepEqual(graph.neighbours(BANK), [LINKS[2]]);
  assert.deepEqual(graph.neighbours("不在其中"), []);
  assert.deepEqual(graph.components(), [[ODD, QCC, BANK], ["+1", '=HYPERLINK("x","y")']]);
  assert.deepEqual(graph.timeline("month"), [
    { period: "2020", relationCount: 1, totalWan: 0.2, amountCount: 1 },
    { period: "2021-11", relationCount: 2, totalWan: 0.1, amountCount: 1 },
    { period: null, relationCount: 2, totalWan: -1234.5, amountCount: 1 },
  ]);
  assert.deepEqual(graph.timeline("year").map(({ period }) => period), ["2020", "2021", null]);
});

test("is the same whatever the order, and grows by adding any iterable", () => {
  const graph = new RelationGraph();
  const iterate = function* () {
    yield* relations.slice(2).reverse();
  };
  assert.equal(graph.add(iterate()), graph);
  graph.add(relations.slice(0, 2));
  const other = RelationGraph.from(relations);
  for (const method of ["toCSV", "toGEXF", "toGraphML"]) assert.equal(graph[method](), other[method]());
  assert.deepEqual(graph.toJSON(), other.toJSON());
});

test("reads what rows of other origin have: amounts as numbers, fields left out, unknown ones", () => {
  const graph = RelationGraph.from([
    { companyName: "甲公司", relatedCompanyName: "乙公司", amount: 0.1, extra: { x: [1] } },
    { companyName: "😀公司", relatedCompanyName: "", amount: 1e21 },
  ]);
  assert.deepEqual(graph.links().map(({ a, b, totalWan }) => [a, b, totalWan]), [["", "😀公司", 1e21], ["乙公司", "甲公司", 0.1]]);
  assert.ok(graph.toCSV().includes('\r\n甲公司,乙公司,0.1,0.1,,,"{""x"":[1]}"\r\n'));
});

test("adds up without drift, and counts equal rows", () => {
  const graph = RelationGraph.from(Array(1000).fill(row("甲公司", "乙公司", "0.1")));
  assert.deepEqual([graph.links()[0].relationCount, graph.links()[0].totalWan], [1000, 100]);
});

test("takes more rows than one batch has", () => {
  const names = Array.from({ length: 300 }, (_, index) => `第${index}公司`);
  const rows = names.flatMap((a) => names.slice(0, 100).map((b) => row(a, b, "1.5", "2021-11", "招投标")));
  const graph = RelationGraph.from(rows);
  assert.equal(graph.companies().length, 300);
  assert.deepEqual(graph.timeline("year"), [
    { period: "2021", relationCount: 30_000, totalWan: 45_000, amountCount: 30_000 },
  ]);
});

test("is empty without relations", () => {
  const graph = new RelationGraph();
  for (const list of [graph.companies(), graph.links(), graph.neighbours("甲"), graph.components(), graph.timeline("year")]) {
    assert.deepEqual(list, []);
  }
  assert.deepEqual(graph.toJSON(), { directed: false, multigraph: false, graph: {}, nodes: [], links: [] });
  assert.equal(gexf.parse(Graph, graph.toGEXF()).order, 0);
  assert.equal(graphml.parse(Graph, graph.toGraphML()).order, 0);
});

test("refuses what is no relation, naming it, and takes nothing of that call", () => {
  const graph = new RelationGraph();
  for (const wrong of [[{}], [null], ["甲"], [row("甲", 7)], [row("甲", "乙", {})], 7, undefined]) {
    assert.throws(() => graph.add(wrong), { name: "QccError", kind: "invalid-argument" });
  }
  assert.throws(() => graph.add([row("甲", "乙"), row("甲", undefined)]), /1/);
  assert.throws(() => graph.timeline("week"), { name: "QccError", kind: "invalid-argument" });
  assert.deepEqual(graph.companies(), []);
});

test("graphology reads the GEXF", () => {
  const graph = gexf.parse(Graph, RelationGraph.from(relations).toGEXF());
  assert.equal(graph.type, "undirected");
  const nodes = NODES.map(({ name, ...rest }) => [name, { label: name, ...rest }]);
  assert.deepEqual(graph.mapNodes((name, attributes) => [name, attributes]), nodes);
  const edges = graph.mapEdges((_, attributes, a, b) => ({ a, b, ...attributes }));
  assert.deepEqual(edges, LINKS.map((link) => known({ ...link, weight: link.relationCount })));
});

test("graphology reads the GraphML", () => {
  const graph = graphml.parse(Graph, RelationGraph.from(relations).toGraphML());
  assert.equal(graph.type, "undirected");
  const nodes = NODES.map(({ name, ...rest }, place) => [`n${place}`, { name, label: name, ...rest }]);
  assert.deepEqual(graph.mapNodes((id, attributes) => [id, attributes]), nodes);
  const name = (id) => graph.getNodeAttribute(id, "name");
  const edges = graph.mapEdges((_, attributes, a, b) => ({ a: name(a), b: name(b), ...attributes }));
  const expected = LINKS.map((link) => known({ ...link, weight: link.relationCount, sources: link.sources.join("; ") }));
  assert.deepEqual(edges, expected);
});

test("a spreadsheet reads the CSV and finds no formula in it", () => {
  const csv = RelationGraph.from(relations).toCSV();
  assert.equal(csv.codePointAt(0), 0xfeff);
  assert.equal(RelationGraph.from(relations).toCSV({ bom: false }), csv.slice(1));
  // `raw` keeps the cells as texts; formulas are found all the same.
  for (const raw of [true, false]) {
    const workbook = read(new TextEncoder().encode(csv), { type: "array", raw });
    const sheet = workbook.Sheets[workbook.SheetNames[0]];
    assert.deepEqual(Object.keys(sheet).filter((cell) => sheet[cell].f !== undefined), []);
    const rows = utils.sheet_to_json(sheet, { header: 1, defval: "", raw });
    assert.deepEqual(rows[0], ["companyName", "relatedCompanyName", "amount", "amountWan", "publicDate", "source"]);
    assert.deepEqual(rows[1].slice(0, 2), ["'=HYPERLINK(\"x\",\"y\")", "+1".padStart(3, "'")]);
    assert.equal(rows.length, relations.length + 1);
    assert.equal(Number(rows.find((cells) => cells[0] === ODD)[3]), -1234.5);
    assert.deepEqual(rows.find((cells) => cells[0] === BANK).slice(2, 6).map(String), ["0.2", "0.2", "2020年报", '年报 "摘要"']);
  }
  const bait = read(new TextEncoder().encode(csv.replaceAll("'=", "=")), { type: "array" });
  assert.ok(Object.values(bait.Sheets[bait.SheetNames[0]]).some((cell) => cell.f), "this library would find a formula");
});

test("node-link JSON names nodes as links do", () => {
  const { nodes, links, ...rest } = JSON.parse(JSON.stringify(RelationGraph.from(relations)));
  assert.deepEqual(rest, { directed: false, multigraph: false, graph: {} });
  assert.deepEqual(nodes, NODES.map(({ name, ...others }) => ({ id: name, ...others })));
  assert.deepEqual(links, LINKS.map(({ a, b, ...others }) => ({ source: a, target: b, ...others })));
});

test("survives what XML cannot hold and what is no Unicode", () => {
  const graph = RelationGraph.from([row("a\u0001", "a\u0002", "😀", "\udc00", "\ud800")]);
  assert.deepEqual(graph.companies().map(({ name }) => name), ["a\u0001", "a\u0002"]);
  assert.ok(graph.toCSV().endsWith("\r\na\u0001,a\u0002,😀,,\ufffd,\ufffd\r\n"));
  assert.deepEqual(gexf.parse(Graph, graph.toGEXF()).nodes(), ["a\ufffd#0", "a\ufffd#1"]);
  assert.equal(graphml.parse(Graph, graph.toGraphML()).size, 1);
  assert.deepEqual(graph.links()[0].sources, ["\ufffd"]);
});
