/**
 * Writes the types of the HTTP API from the server's own OpenAPI document.
 *
 * Run `mashang openapi > ../openapi.json` (or save /openapi.json) first; then `npm run generate`.
 */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import openapiTypescript, { astToString } from "openapi-typescript";

const source = new URL("../openapi.json", import.meta.url);
const target = new URL("./generated/openapi.ts", import.meta.url);

if (!existsSync(source)) {
  process.stderr.write("web/openapi.json is missing: save the server's /openapi.json there first.\n");
  process.exit(1);
}
await mkdir(new URL("./generated/", import.meta.url), { recursive: true });
await writeFile(target, astToString(await openapiTypescript(source)));
