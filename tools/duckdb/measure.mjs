// Loads visits into DuckDB and asks what the house's fold answers (docs/visit-log.md). Two threads.
//   node measure.mjs convert VISITS.csv VISITS.parquet DATABASE
//   node measure.mjs measure VISITS.parquet HOMES.csv DATABASE ANSWERS
// convert loads the CSV and says in JSON how long that took, then writes the Parquet file. measure prints one line of JSON with seconds and the most memory held, then writes the answers into the folder ANSWERS.
import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

const [verb, visits, ...rest] = process.argv.slice(2);
const quote = (text) => `'${text.replaceAll("'", "''")}'`;

const open = async (path) => (await DuckDBInstance.create(path, { threads: "2", preserve_insertion_order: "false" })).connect();

const timed = async (db, sql) => {
  const start = performance.now();
  await db.run(sql);
  return (performance.now() - start) / 1000;
};

if (verb === "convert") {
  const [parquet, database] = rest;
  const db = await open(database);
  const load = await timed(db, `create table visits as select * from read_csv(${quote(visits)}, header = false, columns = {
    'at': 'BIGINT', 'account': 'UINTEGER', 'person': 'UINTEGER', 'city': 'UINTEGER', 'service': 'USMALLINT',
    'kind': 'UTINYINT', 'channel': 'UTINYINT', 'level': 'UTINYINT'})`);
  await db.run(`copy visits to ${quote(parquet)} (format parquet)`);
  console.log(JSON.stringify({ load }));
  process.exit(0);
}

const [homes, database, answers] = rest;
const db = await open(database);
await db.run(`create table homes as select * from read_csv(${quote(homes)}, header = false, columns = {'account': 'UINTEGER', 'home': 'UINTEGER'})`);

const load = await timed(db, `create table visits as select * from read_parquet(${quote(visits)})`);
const day = '("at" + 28800000) // 86400000'; // of UTC+8, from 1970
let counts = 0;
const counters = ["account", "service", "city", "channel", "level"];
for (const by of counters) {
  const none = by === "service" || by === "city" ? `where ${by} <> 0` : "";
  counts += await timed(db, `create temp table by_${by} as select ${by} as code, ${day} as day, kind, count(*) as n from visits ${none} group by all`);
}
// The pairs are made once and serve all three questions, which is quicker than count(distinct) over the visits each time.
let distinct = await timed(db, "create temp table pairs as select distinct account, person from visits where person <> 0");
distinct += await timed(db, "create temp table of_account as select account as code, count(*) as n from pairs group by all");
for (const [name, home] of [["prefecture", "home"], ["province", "home // 10000"]]) {
  distinct += await timed(db, `create temp table of_${name} as select code, count(*) as n from
    (select distinct ${home} as code, person from pairs join homes using (account)) group by all`);
}
const peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))[1]) * 1024;
for (const by of counters) {
  await db.run(`copy (select code, strftime(date '1970-01-01' + day::integer, '%Y%m%d') as day, kind, n from by_${by} order by all)
    to ${quote(`${answers}/${by}.csv`)} (header false)`);
}
for (const name of ["account", "prefecture", "province"]) {
  await db.run(`copy (select code, n from of_${name} order by all) to ${quote(`${answers}/people-${name}.csv`)} (header false)`);
}
console.log(JSON.stringify({ load, counts, distinct, peak }));
process.exit(0);
