// Writes shields.json: what shields' own badge-maker draws, for the test that ours stands in a row with it.
//
//     npm install badge-maker@5.0.2 && node make_shields.mjs >shields.json

import { makeBadge } from "badge-maker";

const messages = ["arXiv:2606.01751v1", "arXiv:hep-th/9901001v3", "CNPMIFD4", "zenodo:WAVE.fi/10-7v1", "i", "a b ~|@%"];
const logo = "data:image/svg+xml;base64,PHN2Zy8+";
const numbers = (svg, pattern) => [...svg.matchAll(pattern)].map((found) => found.slice(1).map(Number));
const rows = [];
for (const style of ["flat", "flat-square", "plastic", "for-the-badge"])
  for (const message of messages) {
    const svg = makeBadge({ label: "pith", message, style, logoBase64: logo });
    rows.push({
      style,
      message,
      size: numbers(svg, /<svg [^>]*width="([\d.]+)" height="([\d.]+)"/g)[0],
      mark: numbers(svg, /<image x="([\d.]+)" y="([\d.]+)"/g)[0],
      radius: numbers(svg, / rx="([\d.]+)"/g).flat()[0] ?? 0,
      texts: [...svg.matchAll(/<text ((?!aria)[^>]*)>/g)].map(([, attributes]) =>
        ["x", "y", "textLength"].map((name) => Number(new RegExp(`(?:^| )${name}="([\\d.]+)"`).exec(attributes)[1])),
      ),
      edge: numbers(svg, /<rect x="([\d.]+)"/g).flat()[0],
    });
  }
process.stdout.write(`[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n]\n`);
