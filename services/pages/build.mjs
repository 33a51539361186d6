// Builds the pages into a folder: node build.mjs FOLDER. The same source gives the same bytes: names carry a hash of the content.
import { build } from "esbuild";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

const pages = { operations: "FX Core operations" };
const folder = process.argv[2] ?? "dist";

const html = (title, script, style) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/${style}">
<script type="module" src="assets/${script}"></script>
</head>
<body>
<div id="app"><noscript>This page needs JavaScript. The command line fxctl shows the same.</noscript></div>
</body>
</html>
`;

for (const [page, title] of Object.entries(pages)) {
  const out = `${folder}/${page}`;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(`${out}/assets`, { recursive: true });
  const result = await build({
    entryPoints: { page: `${page}/main.tsx` }, outdir: `${out}/assets`, entryNames: "[name]-[hash]", bundle: true, minify: true, format: "esm", metafile: true,
    target: "chrome123", charset: "utf8", legalComments: "none", jsx: "automatic", jsxImportSource: "preact", define: { "process.env.NODE_ENV": '"production"' }, logLevel: "warning",
  });
  const made = Object.keys(result.metafile.outputs).map((path) => basename(path));
  const named = (end) => made.find((name) => name.endsWith(end));
  writeFileSync(`${out}/index.html`, html(title, named(".js"), named(".css")));
}
