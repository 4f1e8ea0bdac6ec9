/**
 * Writes the types of the HTTP API from the server's own OpenAPI document; `drift.ts` holds ours against them.
 *
 * Save the server's /openapi.json as protocol/generated/openapi.json first, then `npm run generate`.
 */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import openapiTypescript, { astToString } from "openapi-typescript";

const source = new URL("./generated/openapi.json", import.meta.url);
const target = new URL("./generated/openapi.ts", import.meta.url);

if (!existsSync(source)) {
  process.stderr.write(
    "protocol/generated/openapi.json is missing: save the server's /openapi.json there first.\n",
  );
  process.exit(1);
}
await writeFile(target, astToString(await openapiTypescript(source, { defaultNonNullable: false })));
