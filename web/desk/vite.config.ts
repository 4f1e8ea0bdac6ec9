/**
 * Builds the desk into dist/: pages under /desk/, everything they load under /desk/assets/.
 *
 * Chromium 109 is the oldest browser served; nothing is fetched from a third party at run time. In development
 * the API and the live socket are passed on to a running server (MASHANG_SERVER, by default the one of bin/up).
 */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { inOurWords } from "./library";

const server = process.env.MASHANG_SERVER ?? "http://127.0.0.1:8700";

export default defineConfig({
  base: "/desk/",
  plugins: [inOurWords(), react()],
  build: {
    target: "chrome109",
    cssTarget: "chrome109",
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    chunkSizeWarningLimit: 1200,
  },
  server: {
    proxy: {
      "/api": server,
      "/files": server,
      "/live": { target: server, ws: true },
    },
  },
  test: { include: ["test/**/*.test.{ts,tsx}"], environment: "node", testTimeout: 30_000 },
});
