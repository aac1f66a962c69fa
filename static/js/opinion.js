// A screening opinion as it is read: verdict, what nobody surveyed, evidence of every theme, how firm it is.
import { gradeBadge } from "./card.js";
import { codeName } from "./codes.js";
import { conditionName, conditionsPart, isOpen, notesPart } from "./conditions.js";
import { sensitivityScale } from "./sensitivity.js";
import { isUnknown, severityOf, verdictBadge, verdictSign, verdictWords } from "./verdicts.js";
import { ruleAddress } from "./projects.js";
import { SET_ASIDE } from "./setaside.js";
import { areaWords, element, language, lengthWords, said, shareWords, t } from "./words.js";

const registerName = (kind) => codeName(kind in SET_ASIDE ? "constraint_kind" : "register", kind);

export function opinionParts({ opinion, site, legend, onZone }) {
  return [
    heading(site),
    meta(opinion, site),
    recordLine(opinion.record),
    verdictBox(opinion, legend),
    unknowns(opinion, legend),
    conditionsPart(opinion),
    notesPart(opinion),
    evidence(opinion, legend, onZone),
    sensitivityScale(opinion),
    ending(opinion),
    signatures(),
  ];
}

function heading(site) {
  const print = element("button", { type: "button", className: "button", textContent: t("打印意见") });
  print.dataset.needsValidity = "";
  print.addEventListener("click", () => window.print());
  return element(
    "header",
    { className: "opinion-head" },
    element("h2", { className: "opinion-title", textContent: site.name || t("未命名项目") }),
    print,
  );
}

function meta({ site: judged, edition }, site) {
  const told = [
    `${site.project_class} ${site.class_title}`,
    t("占地 {area}", { area: areaWords(judged.area_m2) }),
    judged.buffered_m ? t("点线按 {n} 外扩为面", { n: lengthWords(judged.buffered_m) }) : null,
    edition ? t("第 {n} 版区划", { n: edition.number }) : t("尚未发布区划"),
    judged.repaired ? t("拟选址范围已按建议修复，请核对图形") : null,
  ];
  return element(
    "p",
    { className: "meta" },
    told.filter(Boolean).map((words) => element("span", { textContent: words })),
  );
}

const MOMENT = { timeZone: "Asia/Shanghai", dateStyle: "medium", timeStyle: "medium" };

// Under which number, when and by whom the check is kept; on paper too, and so is that it is not kept.
function recordLine(record) {
  if (!record) return unrecorded();
  const at = new Intl.DateTimeFormat(language, MOMENT).format(new Date(record.at));
  return element(
    "p",
    { className: "record" },
    t("登记编号"),
    " ",
    element("a", { href: `/checks/${encodeURIComponent(record.number)}`, textContent: record.number }),
    element("span", { textContent: t("{at}（北京时间）", { at }) }),
    element("span", { textContent: t("登记人 {name}", { name: record.by }) }),
  );
}

function unrecorded() {
  return element(
    "p",
    { className: "record is-missing" },
    element("b", { textContent: t("未登记，不作审查依据") }),
    element("span", { className: "on-screen", textContent: t("登录后筛查，即有编号并长期保存。") }),
  );
}

function verdictBox(opinion, legend) {
  const { verdict, borderline } = opinion;
  return element(
    "div",
    { className: `verdict is-${verdict}` },
    element("span", { className: "verdict-sign", textContent: verdictSign(verdict), ariaHidden: "true" }),
    element(
      "h3",
      {},
      verdictWords(verdict),
      borderline ? element("span", { className: "badge is-borderline", textContent: t("临界") }) : null,
    ),
    element("p", { textContent: reasonFor(opinion, legend) }),
    element("p", {
      textContent: nextStep(opinion) + (borderline ? ` ${t("结论处在边界误差之内，请先核实区划边界。")}` : ""),
    }),
  );
}

// A theme that came with a later rulebook than the page goes by the name the answer gives.
function themeName({ theme, name, theme_name }, legend) {
  return theme in legend.themes ? legend.hazardName(theme) : t(theme_name || name || theme);
}

function findingsOf({ themes }) {
  return themes.flatMap((theme) => theme.findings.map((finding) => ({ ...finding, theme: theme.theme, theme_name: theme.name })));
}

function reasonFor(opinion, legend) {
  const { verdict } = opinion;
  const decisive = findingsOf(opinion).filter((finding) => finding.rule && finding.verdict === verdict);
  if (decisive.length) {
    const worst = decisive.reduce((most, finding) => (finding.overlap_share > most.overlap_share ? finding : most));
    const rules = new Set(decisive.map((finding) => finding.rule)).size;
    const where = t("{theme}“{zone}”", { theme: themeName(worst, legend), zone: zoneName(worst) });
    const how =
      worst.overlap_m2 > 0
        ? t("拟选址范围有 {share} 落在其中", { share: shareWords(worst.overlap_share) })
        : t("拟选址范围距其 {d}", { d: lengthWords(worst.distance_m) });
    return t("触发 {n} 条规则：{where}，{how}。", { n: rules, where, how });
  }
  if (verdict === "insufficient_data") return missingWords(opinion, legend);
  return t("已加载的规则均未触发；这不是许可。");
}

// What is missing: surveys of themes nobody may do without, and grades that no rule can read.
function missingWords({ themes }, legend) {
  const unknown = themes.filter((theme) => theme.status === "no_data");
  const unread = unknown.filter((theme) => theme.findings.some((finding) => finding.verdict === "insufficient_data"));
  const lacking = unknown.filter((theme) => theme.mandatory && !unread.includes(theme));
  const names = (some) => some.map((theme) => themeName(theme, legend)).join(t("、"));
  return [
    lacking.length && t("必查专题没有资料：{names}。", { names: names(lacking) }),
    unread.length && t("区划等级规则未收录，按资料不足处理：{names}。", { names: names(unread) }),
  ]
    .filter(Boolean)
    .join("");
}

function nextStep(opinion) {
  const conditions = opinion.conditions || [];
  const steps = conditions.filter(isOpen).map(conditionName).join(t("、"));
  const argued = conditions.length ? t("所列条件均已由区域评估关闭，仍须落实评估提出的要求。") : t("须经专题论证。");
  const words = {
    prohibited: t("请另选地块，或调整拟选址范围后重新筛查。"),
    restricted: steps ? t("须先完成：{steps}。", { steps }) : argued,
    insufficient_data: t("请补充调查或导入资料后重新筛查。"),
    permitted: t("后续仍按法定程序办理选址、评估与审批。"),
  };
  return words[opinion.verdict] || "";
}

function unknowns({ themes, data_gaps }, legend) {
  const gaps = themes.filter((theme) => theme.status === "no_data");
  const extra = data_gaps.filter((key) => !themes.some((theme) => theme.theme === key && theme.status === "no_data"));
  if (!gaps.length && !extra.length) return null;
  const rows = gaps.map((theme) =>
    element(
      "li",
      {},
      element("span", {
        className: theme.mandatory ? "must" : "",
        textContent: themeName(theme, legend) + (theme.mandatory ? t("（必查）") : ""),
      }),
      element("span", { textContent: coverageWords(theme) }),
    ),
  );
  const others = extra.map((key) => element("li", { textContent: legend.hazardName(key) }));
  return element(
    "section",
    { className: "unknowns" },
    element("h3", { textContent: t("没有资料的专题，不作判断") }),
    element("ul", {}, rows, others),
  );
}

function coverageWords({ reason, reason_en }) {
  return said(reason, reason_en);
}

function reachWords({ reach_m, reach_share, status }) {
  if (!reach_m || status === "no_data") return null;
  return t("规则还看拟选址范围外 {n} 以内，其中 {share} 有调查", { n: lengthWords(reach_m), share: shareWords(reach_share) });
}

function evidence(opinion, legend, onZone) {
  const { themes } = opinion;
  const count = (status) => themes.filter((theme) => theme.status === status).length;
  const tally = t("{n} 个专题 · 涉及 {a} · 不涉及 {b} · 没有资料 {c}", {
    n: themes.length,
    a: count("concerned"),
    b: count("not_concerned"),
    c: count("no_data"),
  });
  const heads = [t("专题"), t("区划与实测"), t("规则与依据"), t("结论")].map((words) =>
    element("th", { scope: "col", textContent: words }),
  );
  const rows = [...themes].sort(weightierFirst).flatMap((theme) => themeRows(theme, legend, onZone));
  return element(
    "section",
    { className: "opinion-part" },
    element("h3", {}, t("筛查依据"), element("small", { textContent: tally })),
    element(
      "table",
      { className: "evidence" },
      element("thead", {}, element("tr", {}, heads)),
      element("tbody", {}, rows),
    ),
  );
}

const ORDER = ["concerned", "no_data", "not_concerned"];

function weightierFirst(one, other) {
  const worst = ({ findings }) =>
    Math.max(-1, ...findings.filter(({ rule }) => rule).map(({ verdict }) => severityOf(verdict)));
  return worst(other) - worst(one) || ORDER.indexOf(one.status) - ORDER.indexOf(other.status);
}

function themeRows(theme, legend, onZone) {
  const name = element(
    "th",
    { scope: "row", rowSpan: Math.max(1, theme.findings.length) },
    themeName(theme, legend),
    element("small", { textContent: codeName("theme_status", theme.status) }),
  );
  const reach = reachWords(theme);
  if (!theme.findings.length) {
    const told = theme.status === "no_data" ? t("没有资料，不作判断") : clearWords(theme);
    const status =
      theme.status === "no_data" ? unknownBadge() : element("span", { className: "quiet", textContent: codeName("theme_status", "not_concerned") });
    return [
      element(
        "tr",
        {},
        name,
        element("td", { colSpan: 2, className: "quiet" }, told, reach && element("small", { textContent: reach })),
        element("td", {}, status),
      ),
    ];
  }
  const weighed = [...theme.findings].sort((one, other) => severityOf(other.verdict) - severityOf(one.verdict));
  return weighed.map((finding, i) => {
    const head = i ? null : name;
    const row = element(
      "tr",
      { className: i ? "sub" : "" },
      head,
      measured(finding, { legend, onZone, reach: i ? null : reach, unknown: isUnknown(theme, finding) }),
      ...(isUnknown(theme, finding)
        ? [element("td", { className: "quiet", textContent: t("没有资料，不作判断") }), element("td", {}, unknownBadge())]
        : [ruled(finding), element("td", {}, outcome(finding))]),
    );
    row.addEventListener("mouseenter", () => onZone(finding.zone, { fly: false }));
    row.addEventListener("mouseleave", () => onZone(null, { fly: false }));
    return row;
  });
}

function clearWords({ theme }) {
  return SET_ASIDE[theme] ? t("拟选址范围不在已载入的范围内") : t("拟选址范围不在已发布的区划内");
}

function unknownBadge() {
  return element("span", { className: "badge is-no_data" }, element("span", { textContent: "?" }), t("没有资料"));
}

function outcome(finding) {
  return finding.rule
    ? verdictBadge(finding.verdict)
    : element("span", { className: "quiet", textContent: t("无规则限制") });
}

function zoneName(finding) {
  if (finding.object) return finding.object.name || `${registerName(finding.object.kind)} ${finding.object.id}`;
  return finding.zone_name || finding.name || finding.zone;
}

function measured(finding, { legend, onZone, reach: around, unknown }) {
  const name = unknown ? finding.zone : zoneName(finding);
  const link = finding.object
    ? element("span", { className: "object-name", textContent: name })
    : element("button", { type: "button", className: "zone-link", textContent: name });
  if (!finding.object) {
    link.addEventListener("click", () => onZone(finding.zone, { fly: true }));
    link.addEventListener("focus", () => onZone(finding.zone, { fly: false }));
  }
  const reach =
    finding.overlap_m2 > 0
      ? t("重叠 {area}，占拟选址范围 {share}", {
          area: areaWords(finding.overlap_m2),
          share: shareWords(finding.overlap_share),
        })
      : t("不重叠，相距 {d}", { d: lengthWords(finding.distance_m) });
  const sliver = finding.sliver ? element("small", { textContent: t("重叠极窄，可能是边界误差，仍照常计入") }) : null;
  const mark = finding.object
    ? `${registerName(finding.object.kind)} ${finding.object.id}`
    : `${finding.zone} · v${finding.zone_version}`;
  const version = element("small", { textContent: mark });
  return element(
    "td",
    {},
    link,
    " ",
    unknown ? null : gradeBadge(legend, finding),
    element("small", { textContent: reach }),
    sliver,
    around && element("small", { textContent: around }),
    version,
  );
}

function procedureOf(finding) {
  return (finding.procedure || []).map((step, i) => said(step, finding.procedure_en?.[i]));
}

function ruled(finding) {
  const message = said(finding.message, finding.message_en);
  if (!finding.rule) return element("td", { className: "quiet", textContent: message || "—" });
  const basis = said(finding.basis, finding.basis_en);
  const steps = procedureOf(finding).join(t("、"));
  const local = finding.local ? ` · ${t("本地")}` : "";
  return element(
    "td",
    {},
    [
      message || basis,
      message ? element("small", { textContent: basis }) : null,
    ].filter(Boolean),
    element(
      "small",
      {},
      `${t("规则")} `,
      element("a", { className: "rule-address", href: ruleAddress(finding.rule), textContent: finding.rule }),
      ` · ${codeName("basis_kind", finding.basis_kind)}${local}`,
    ),
    steps ? element("small", { textContent: `${t("程序")} · ${steps}` }) : "",
  );
}

function ruleVersion({ number, version }) {
  return `${number ? t("第 {n} 版规则库", { n: number }) : t("规则库")} ${version}`;
}

function ending({ edition, rulebook }) {
  const print = (mark) => element("code", { textContent: (mark || "").slice(0, 16), title: mark || "" });
  const edited = edition
    ? [
        t("第 {n} 版区划", { n: edition.number }),
        ` ${(edition.published_at || "").slice(0, 10)} `,
        print(edition.fingerprint),
      ]
    : [t("尚未发布区划")];
  return element(
    "footer",
    { className: "ending" },
    element(
      "p",
      {},
      ...edited,
      " · ",
      element("a", { href: "/rulebook/versions", textContent: ruleVersion(rulebook) }),
      " ",
      print(rulebook.fingerprint),
    ),
    element(
      "p",
      {},
      element("b", { textContent: t("筛查意见，不替代法定评估") }),
      t("。本意见依据已发布区划与已加载规则自动生成，供辅助研判，不作为行政许可依据。"),
    ),
  );
}

// Only on paper: who drew it up, who checked it, where the seal goes.
function signatures() {
  const lines = [t("编制人"), t("复核人"), t("单位（盖章）"), t("日期")];
  return element(
    "dl",
    { className: "signatures" },
    lines.map((line) => element("div", {}, element("dt", { textContent: line }), element("dd"))),
  );
}
