// A run in a process of its own, to be killed: names from companies(COUNT), answers in a SQLite file. Prints the report.
import KeyvSqlite from "@keyv/sqlite";
import Keyv from "keyv";
import { QccClient } from "qcc-pro";
import { companies } from "./runs.mjs";

const [file, count, concurrency] = process.argv.slice(2);
const store = new Keyv({ store: new KeyvSqlite(`sqlite://${file}`) });
const report = await new QccClient().scan(companies(Number(count)), { store, concurrency: Number(concurrency) }).result();
const { uncovered, graph, ...rest } = report;
await store.disconnect();
process.stdout.write(JSON.stringify({ ...rest, uncovered }));
