// Copies the few library files that pages load, with their licences, from node_modules/ to vendor/.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

const wanted = {
  leaflet: {
    package: "leaflet",
    files: {
      "dist/leaflet.js": "leaflet.js",
      "dist/leaflet.css": "leaflet.css",
      "dist/images": "images",
      LICENSE: "LICENSE",
    },
  },
  geoman: {
    package: "@geoman-io/leaflet-geoman-free",
    files: {
      "dist/leaflet-geoman.min.js": "leaflet-geoman.js",
      "dist/leaflet-geoman.css": "leaflet-geoman.css",
      LICENSE: "LICENSE",
    },
  },
  "protomaps-leaflet": {
    package: "protomaps-leaflet",
    files: { "dist/protomaps-leaflet.js": "protomaps-leaflet.js", LICENSE: "LICENSE" },
  },
  htmx: { package: "htmx.org", files: { "dist/htmx.min.js": "htmx.js", LICENSE: "LICENSE" } },
  echarts: { package: "echarts", files: { LICENSE: "LICENSE" } },
  "noto-sans-sc": {
    package: "@fontsource-variable/noto-sans-sc",
    files: { "wght.css": "wght.css", files: "files", LICENSE: "LICENSE" },
  },
};

const vendor = join(here, "vendor");
rmSync(vendor, { recursive: true, force: true });
for (const [name, { package: source, files }] of Object.entries(wanted)) {
  for (const [from, to] of Object.entries(files)) {
    const target = join(vendor, name, to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(here, "node_modules", source, from), target, { recursive: true });
  }
  const { version, license } = JSON.parse(readFileSync(join(here, "node_modules", source, "package.json"), "utf8"));
  writeFileSync(join(vendor, name, "VERSION"), `${source} ${version} (${license})\n`);
}

// Of the charts' library only what our charts are made of: a third of the whole.
await build({
  stdin: {
    contents: `
      export { init } from "echarts/core";
      import { use } from "echarts/core";
      import { BarChart, LineChart } from "echarts/charts";
      import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
      import { LegacyGridContainLabel } from "echarts/features";
      import { SVGRenderer } from "echarts/renderers";
      use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, LegacyGridContainLabel, SVGRenderer]);
    `,
    resolveDir: here,
  },
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "echarts",
  target: ["chrome111", "firefox121", "safari16.4"],
  legalComments: "none",
  outfile: join(vendor, "echarts", "echarts.js"),
});

// A source map comment would make the browser's tools ask for a file that is not served.
const comment = /\n\/\/# sourceMappingURL=.*\s*$|\n\/\*# sourceMappingURL=.*\*\/\s*$/;
const commented = ["leaflet/leaflet.js", "protomaps-leaflet/protomaps-leaflet.js", "geoman/leaflet-geoman.js", "geoman/leaflet-geoman.css"];
for (const file of commented) {
  const path = join(vendor, file);
  writeFileSync(path, readFileSync(path, "utf8").replace(comment, "\n"));
}
// Styles of libraries lie under all of ours, however closely they look at a thing.
for (const file of ["leaflet/leaflet.css", "geoman/leaflet-geoman.css"]) {
  const path = join(vendor, file);
  writeFileSync(path, `@layer vendor {\n${readFileSync(path, "utf8")}}\n`);
}
console.log(`vendor: ${Object.keys(wanted).join(", ")}`);
