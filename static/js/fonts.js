// The font of the pages, where this computer has none with Chinese signs: piece by piece, as they are needed.
import { element } from "./words.js";

const SHEET = "/static/vendor/noto-sans-sc/wght.css";
// By full name and by PostScript name: browsers look for the one or the other.
const KNOWN = [
  "PingFang SC",
  "PingFangSC-Regular",
  "Microsoft YaHei",
  "MicrosoftYaHei",
  "Noto Sans SC",
  "NotoSansSC-Regular",
  "Source Han Sans SC",
  "SourceHanSansSC-Regular",
  "Noto Sans CJK SC",
  "NotoSansCJKsc-Regular",
  "HarmonyOS Sans SC",
];

new FontFace("anzhi-known", KNOWN.map((name) => `local("${name}")`).join(", "))
  .load()
  .catch(() => document.head.append(element("link", { rel: "stylesheet", href: SHEET })));
