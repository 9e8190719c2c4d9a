// A run in a process of its own, to be killed: names from companies(COUNT), answers in a database in files. Prints the report.
import { QccClient } from "qcc-pro";
import { levelStore } from "./level.mjs";
import { companies } from "./runs.mjs";

const [file, count, concurrency] = process.argv.slice(2);
const { store, close } = levelStore(file);
const report = await new QccClient().scan(companies(Number(count)), { store, concurrency: Number(concurrency) }).result();
const { uncovered, graph, ...rest } = report;
await close();
process.stdout.write(JSON.stringify({ ...rest, uncovered }));
