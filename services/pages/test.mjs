// Bundles the tests into a folder and runs them: node test.mjs kit|browser. Those of the browser expect PAGES_BASE, the address of the server.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

const kind = process.argv[2] ?? "kit";
const found = readdirSync(`tests/${kind}`).filter((name) => name.endsWith(".test.ts")).map((name) => `tests/${kind}/${name}`);
if (!found.length) throw new Error(`no tests in tests/${kind}`);
const out = "node_modules/.fxcore/" + kind;
await build({
  entryPoints: found, outdir: out, outExtension: { ".js": ".mjs" }, bundle: true, platform: "node", format: "esm", sourcemap: "inline", logLevel: "warning",
  external: ["playwright-core", "esbuild"], jsx: "automatic", jsxImportSource: "preact",
});
const files = readdirSync(out).filter((name) => name.endsWith(".mjs")).filter((name) => found.some((f) => f.endsWith(name.replace(".mjs", ".ts")))).map((name) => `${out}/${name}`);
const chosen = process.env.PAGES_RUN ? [`--test-name-pattern=${process.env.PAGES_RUN}`] : [];
const ended = spawnSync(process.execPath, ["--enable-source-maps", "--test", "--test-concurrency=1", "--test-reporter=spec", ...chosen, ...files], { stdio: "inherit" });
process.exit(ended.status ?? 1);
