// Edition packages: one that is handed in is checked first, and made a draft once somebody has compared the fingerprints.
import { facts } from "../card.js";
import { upload } from "../core/api.js";
import { element, t } from "../words.js";

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

const mono = (words) => element("code", { className: "fingerprint", textContent: words });

function show(told) {
  const { edition, fingerprint, key, own, published_by, reason, zones, layers, edition_in_force, fingerprint_in_force, draft } = told;
  const here = edition_in_force == null ? t("本机还没有启用过版次") : element("span", {}, `${t("第 {number} 版", { number: edition_in_force })} `, mono(fingerprint_in_force));
  const parts = [
    element("p", { textContent: t("核对无误：每一个字节都与签名时相同。") }),
    facts([
      [t("版次"), t("第 {number} 版", { number: edition })],
      [t("数据包指纹"), mono(fingerprint)],
      [t("本机现行"), here],
      [t("签名公钥"), element("span", {}, mono(key), own ? ` ${t("（本机）")}` : "")],
      [t("启用"), [published_by, reason].join(" · ")],
      [t("内容"), [t("{n} 个区", { n: zones }), t("{n} 个图层", { n: layers })].join(" · ")],
    ]),
  ];
  const done = draft && element("p", {}, element("a", { href: `/zones/edit?draft=${draft}`, textContent: t("已成为第 {draft} 号草稿；启用后指纹应与数据包相同", { draft }) }));
  at("package-told").replaceChildren(...parts, ...(done ? [done] : []));
  at("package-apply").hidden = Boolean(draft) || fingerprint === fingerprint_in_force;
  if (fingerprint === fingerprint_in_force) at("package-told").append(element("p", { textContent: t("指纹与本机现行版次相同，不用导入。") }));
}

async function hand(apply) {
  const { elements } = at("package-form");
  const body = new FormData();
  body.append("file", elements.file.files[0]);
  const key = elements.key.value.replace(/\s/g, "").toLowerCase();
  if (key) body.append("key", key);
  if (apply) body.append("apply", "true");
  at("package-apply").hidden = true;
  at("package-told").textContent = t("正在核对…");
  try {
    show(await upload("/api/zones/packages", body));
  } catch (trouble) {
    at("package-told").replaceChildren(element("p", { className: "trouble", textContent: trouble.message }));
  }
}

at("package-form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  hand(false);
});
at("package-form")?.addEventListener("input", () => {
  at("package-apply").hidden = true;
});
at("package-apply")?.addEventListener("click", () => hand(true));
