// Bundles the pages' scripts into ../static/radar/dist, which is not committed.
import { build } from "esbuild";

await build({
  entryPoints: ["src/theme.ts", "src/site.ts", "src/radar.ts"],
  outdir: "../static/radar/dist",
  bundle: true,
  minify: true,
  sourcemap: false,
  format: "iife",
  target: ["es2022"],
  legalComments: "eof",
  logLevel: "warning",
});
