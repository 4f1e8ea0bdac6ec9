/**
 * Writes the types of the HTTP API and of the live frames from the server's own description; `drift.ts` holds ours
 * against them.  The description is written by `bin/mashang describe web/protocol/generated`.
 */
import { writeFile } from "node:fs/promises";
import openapiTypescript, { astToString } from "openapi-typescript";

for (const name of ["openapi", "frames"]) {
  const source = new URL(`./generated/${name}.json`, import.meta.url);
  const target = new URL(`./generated/${name}.ts`, import.meta.url);
  await writeFile(target, astToString(await openapiTypescript(source, { defaultNonNullable: false })));
}
