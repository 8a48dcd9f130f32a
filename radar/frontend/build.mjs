// Bundles the pages' scripts into ../static/radar/dist, which is not committed.
import { build } from "esbuild";

await build({
  entryPoints: {
    theme: "src/theme.ts",
    site: "src/site.ts",
    radar: "src/radar.ts",
    lake: "src/lake/page.ts",
    mission: "src/mission.ts",
    missions: "src/missions.ts",
    readings: "src/readings.ts",
    analytics: "src/analytics.ts",
    live: "src/live.ts",
  },
  outdir: "../static/radar/dist",
  bundle: true,
  minify: true,
  sourcemap: false,
  format: "iife",
  target: ["es2022"],
  legalComments: "eof",
  logLevel: "warning",
});
