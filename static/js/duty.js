// Handing over: a shift is put on the roster, signed by whoever hands over, then by whoever takes over on their own account.
import { openDialog } from "./core/dialog.js";
import { Problem, read, send } from "./core/api.js";
import { toast } from "./core/toast.js";
import { fieldOf, formParts, localMoment, momentOf } from "./deskforms.js";
import { element, t } from "./words.js";

const SHIFT_H = 24;
const HOUR_MS = 3_600_000;

/** @param {() => unknown} done */
export async function openShifts(done) {
  const { items } = await read("/api/duty-shifts", { query: { limit: 10 } });
  const waiting = items.filter(({ taken_by }) => !taken_by).at(-1);
  return waiting ? signing(waiting, done) : planning(items[0], done);
}

function planning(last, done) {
  const begins = last ? new Date(last.ends_at) : new Date();
  const form = formParts(
    [
      fieldOf(t("开始"), { name: "begins_at", type: "datetime-local", required: true, value: localMoment(begins) }),
      fieldOf(t("结束"), { name: "ends_at", type: "datetime-local", required: true, value: localMoment(new Date(begins.getTime() + SHIFT_H * HOUR_MS)) }),
      fieldOf(t("带班领导"), { name: "leader", required: true, maxLength: 60 }),
      fieldOf(t("带班领导电话"), { name: "leader_phone", type: "tel", maxLength: 60 }),
      fieldOf(t("值班员"), { name: "officer", required: true, maxLength: 60 }),
      fieldOf(t("值班员电话"), { name: "officer_phone", type: "tel", maxLength: 60 }),
      fieldOf(t("交接事项"), { name: "matters", maxLength: 2000 }),
    ],
    t("排班"),
  );
  const dialog = openDialog({ title: t("下一班"), className: "case-dialog", parts: [form] });
  form.bind(dialog, async (said) => {
    await send("/api/duty-shifts", { ...said, begins_at: momentOf(said.begins_at), ends_at: momentOf(said.ends_at) });
    toast(t("已排班，等待交班人和接班人签字。"));
    done();
  });
}

function signing(shift, done) {
  const isTaking = Boolean(shift.handed_by);
  const facts = [
    t("{begins} 至 {ends}", { begins: localMoment(new Date(shift.begins_at)).replace("T", " "), ends: localMoment(new Date(shift.ends_at)).replace("T", " ") }),
    t("带班领导 {leader}，值班员 {officer}", { leader: shift.leader, officer: shift.officer }),
    isTaking ? t("交班人 {by} 已签字", { by: shift.handed_by }) : null,
    shift.matters && t("交接事项：{matters}", { matters: shift.matters }),
  ];
  const matters = isTaking ? [] : [fieldOf(t("交接事项"), { name: "matters", maxLength: 2000, value: shift.matters ?? "" })];
  const form = formParts(matters, isTaking ? t("接班签字") : t("交班签字"));
  form.prepend(...facts.filter(Boolean).map((words) => element("p", { textContent: words })));
  const dialog = openDialog({ title: t("交接班"), className: "case-dialog", parts: [form] });
  form.bind(dialog, async (said) => {
    /** @type {any} */
    const body = { signing: isTaking ? "taking" : "handing", ...(said.matters && { matters: said.matters }) };
    await send("/api/duty-shifts/{number}/sign", body, { path: { number: shift.id }, etag: `"${shift.version}"` });
    toast(isTaking ? t("已接班。") : t("已交班签字，等待接班人用自己的账号签字。"));
    done();
  });
}

/** @param {unknown} trouble */
export function troubleWords(trouble) {
  return trouble instanceof Problem ? trouble.message : t("没有连上服务：{reason}", { reason: /** @type {Error} */ (trouble).message });
}
