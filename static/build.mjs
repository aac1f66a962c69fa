// Joins and packs what pages load into built/, where every name changes with the content, and packs vendor/ where it lies.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "built");
const BROWSERS = ["chrome111", "firefox121", "safari16.4"];
const LEAST_BYTES = 1000; // below this a file travels in one packet anyway
const CARRIED = /standalone/; // what a single-file map carries is put into it by the service
const CLASSIC = "js/appearance.js";
const FRAME = "js/shell.js"; // every page loads it, but those
const ALONE = "js/fonts.js"; // that stand outside of the frame and load this

const below = (folder) => readdirSync(join(here, folder), { recursive: true }).map((name) => `${folder}/${name}`.replaceAll("\\", "/"));
const read = (name) => readFileSync(join(here, name));
const digest = (content) => createHash("sha256").update(content).digest("hex");

const scripts = below("js").filter((name) => name.endsWith(".js") && !name.endsWith(".test.js"));
const sheets = below("css").filter((name) => name.endsWith(".css"));
const bundles = JSON.parse(read("bundles.json").toString("utf-8"));
const files = {};
const along = {};

rmSync(out, { recursive: true, force: true });

// A library that a script asks for by address has one that changes with it, like those that pages ask for. What the frame
// needs is needed by whatever comes with it: so it is one part, and not one for each set of pages that name some of it.
const asPagesAsk = (entries, ofFrame) => ({
  name: "as-pages-ask",
  setup({ onLoad }) {
    onLoad({ filter: /\/js\/.*\.js$/ }, ({ path }) => {
      const written = withLastingAddresses(readFileSync(path, "utf-8"));
      const more = entries.some((name) => join(here, name) === path) ? ofFrame : [];
      return { contents: [written, ...more.map((name) => `import ${JSON.stringify(join(here, name))};`)].join("\n"), loader: "js" };
    });
  },
});

const withLastingAddresses = (script) =>
  script.replace(
    /"\/static\/(vendor\/[\w./-]+\.(?:js|css))"/g,
    (_, name) => `"/static/${name}?v=${digest(read(name)).slice(0, 16)}"`,
  );

const common = { absWorkingDir: here, bundle: true, minify: true, target: BROWSERS, charset: "utf8", legalComments: "none" };

async function neededByFrame() {
  const { metafile } = await build({ ...common, entryPoints: [FRAME], format: "esm", write: false, metafile: true });
  return Object.keys(metafile.inputs).filter((name) => name !== FRAME);
}

async function joinScripts() {
  const pages = scripts.filter((name) => name.startsWith("js/pages/") && !CARRIED.test(name));
  const framed = [FRAME, ...["aliases", "batch", "copy", "requests"].map((name) => `js/${name}.js`), ...pages];
  const { metafile } = await build({
    ...common,
    entryPoints: [ALONE, ...framed],
    outdir: "built",
    outbase: ".",
    entryNames: "[dir]/[name]-[hash]",
    chunkNames: "js/part-[hash]",
    format: "esm",
    splitting: true,
    metafile: true,
    plugins: [asPagesAsk(framed, await neededByFrame())],
  });
  const needs = (name, found = new Set()) => {
    for (const { path, kind } of metafile.outputs[name].imports)
      if (kind === "import-statement" && !found.has(path)) needs(path, found.add(path));
    return found;
  };
  for (const [name, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (!entryPoint) continue;
    files[entryPoint] = name;
    along[entryPoint] = [name, ...needs(name)];
  }
  const { outputFiles } = await build({ ...common, entryPoints: [CLASSIC], format: "iife", write: false });
  files[CLASSIC] = kept("js/appearance", "js", outputFiles[0].contents);
}

async function joinSheets() {
  const joined = new Set(Object.values(bundles).flat());
  const alone = sheets.map((name) => name.slice("css/".length, -".css".length)).filter((name) => !joined.has(name));
  const wanted = { ...bundles, ...Object.fromEntries(alone.map((name) => [name, [name]])) };
  for (const names of namedByPages()) wanted[names.join("+")] = names.flatMap((name) => bundles[name] ?? [name]);
  for (const [name, parts] of Object.entries(wanted)) {
    const contents = parts.map((part) => `@import "./css/${part}.css";`).join("\n");
    const { outputFiles } = await build({ ...common, stdin: { contents, resolveDir: here, loader: "css" }, write: false });
    const found = kept(`css/${name.split("+")[0]}`, "css", outputFiles[0].contents);
    files[`css/${name}`] = found;
    if (alone.includes(name)) files[`css/${name}.css`] = found;
  }
}

// What a page names in one breath comes in one file: {{ styles("text", "tables") }}.
function namedByPages() {
  const templates = join(here, "..", "app", "templates");
  const pages = readdirSync(templates, { recursive: true }).filter((name) => name.endsWith(".html"));
  const calls = pages.flatMap((name) => readFileSync(join(templates, name), "utf-8").match(/(?<=\{\{ styles\()[^)]+/g) ?? []);
  return [...new Set(calls)].map((call) => call.split(",").map((word) => word.trim().replaceAll('"', ""))).filter(({ length }) => length > 1);
}

function kept(name, kind, content) {
  const path = `built/${name}-${digest(content).slice(0, 8)}.${kind}`;
  mkdirSync(dirname(join(here, path)), { recursive: true });
  writeFileSync(join(here, path), content);
  return path;
}

function pack(folder) {
  for (const name of below(folder)) {
    if (!/\.(?:js|css|svg)$/.test(name)) continue;
    const content = read(name);
    if (content.length < LEAST_BYTES) continue;
    const told = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
    writeFileSync(join(here, `${name}.br`), brotliCompressSync(content, told));
    writeFileSync(join(here, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
}

// The same digest as app/http/static_files.py makes: whoever changes a source gets the sources until this ran again.
function digestOfSources() {
  const whole = createHash("sha256");
  for (const name of ["build.mjs", "bundles.json", ...scripts, ...sheets].sort())
    whole.update(`${name}\0`).update(read(name)).update("\0");
  return whole.digest("hex");
}

await joinScripts();
await joinSheets();
pack("built");
pack("vendor");
writeFileSync(join(out, "manifest.json"), JSON.stringify({ sources: digestOfSources(), files, along }, null, 1));
console.log(`built: ${Object.keys(files).length} files`);
