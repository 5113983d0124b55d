// Runs the queries of an exported edition (docs/duckdb.md) and prints what each gives, one line of JSON an exhibit:
// {"exhibit", "columns", "rows"}, whole numbers as text so that none is rounded; {"exhibit", "error"} where a query fails.
//   node queries.mjs FOLDER [EXHIBIT …]
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";

const [folder, ...wanted] = process.argv.slice(2);
if (!folder) {
  console.error(`usage: node ${fileURLToPath(import.meta.url)} FOLDER [EXHIBIT …]`);
  process.exit(2);
}
process.chdir(folder);
const db = await (await DuckDBInstance.create(":memory:", { threads: "2" })).connect();
await db.run(readFileSync("queries/tables.sql", "utf8"));
const all = readdirSync("queries").filter((name) => name !== "tables.sql" && name.endsWith(".sql")).map((name) => name.slice(0, -4));
for (const exhibit of wanted.length ? wanted : all.sort()) {
  try {
    const answer = await db.runAndReadAll(readFileSync(`queries/${exhibit}.sql`, "utf8"));
    console.log(JSON.stringify({ exhibit, columns: answer.columnNames(), rows: answer.getRowsJson() }));
  } catch (error) {
    console.log(JSON.stringify({ exhibit, error: error.message }));
  }
}
process.exit(0);
