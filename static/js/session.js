// The sign-in of this page: the token that goes with every write, and signing in again in place without losing work.
import { openDialog } from "./core/dialog.js";
import { element, language, t } from "./words.js";

const READING = new Set(["GET", "HEAD", "OPTIONS"]);
let again = null;

/** @returns {HTMLMetaElement | null} */
const mark = () => document.querySelector('meta[name="csrf-token"]');

export function csrfHeader(method = "GET") {
  const token = mark()?.content;
  return token && !READING.has(method.toUpperCase()) ? { "X-CSRF-Token": token } : {};
}

function keep(token) {
  const meta = mark() ?? element("meta", { name: "csrf-token" });
  meta.content = token ?? "";
  if (!meta.isConnected) document.head.append(meta);
}

// Sends a request again where a new sign-in, or the token of a sign-in made in another tab, may let it through.
export async function fetchWithSession(request) {
  const answer = await request();
  if (answer.status === 401) return (await signInAgain()) ? request() : answer;
  if (answer.status === 403 && (await stale(answer))) return request();
  return answer;
}

async function stale(answer) {
  const problem = await answer.clone().json().catch(() => ({}));
  if (problem.code !== "csrf") return false;
  const session = await fetch("/api/session", { headers: { Accept: "application/json" } });
  if (!session.ok) return false;
  const { csrf } = await session.json();
  if (!csrf || csrf === mark()?.content) return false;
  keep(csrf);
  return true;
}

function signInAgain() {
  again ??= askToSignIn().finally(() => {
    again = null;
  });
  return again;
}

function askToSignIn() {
  return new Promise((resolve) => {
    const trouble = element("p", { className: "trouble", role: "alert", hidden: true });
    const name = element("input", { type: "text", id: "again-username", name: "username", autocomplete: "username", required: true });
    const password = element("input", { type: "password", id: "again-password", name: "password", autocomplete: "current-password", required: true });
    const later = element("button", { className: "button", type: "button" }, t("取消"));
    const form = element(
      "form",
      { className: "door-form" },
      element("label", { htmlFor: "again-username" }, t("用户名")),
      name,
      element("label", { htmlFor: "again-password" }, t("密码")),
      password,
      element("div", { className: "row" }, later, element("button", { className: "button primary", type: "submit" }, t("登录"))),
    );
    const why = t("登录已过期，或此操作需要登录。登录后会接着完成刚才的操作，页面上的内容不会丢失。");
    const dialog = openDialog({
      title: t("请登录"),
      parts: [element("p", { className: "quiet", textContent: why }), trouble, form],
      onClose: (answer) => resolve(answer === "in"),
    });
    later.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      trouble.textContent = await enter(name.value, password.value);
      trouble.hidden = !trouble.textContent;
      if (trouble.hidden) dialog.close("in");
      else password.select();
    });
  });
}

// Signs in; answers what is wrong, or nothing.
async function enter(username, password) {
  try {
    const answer = await fetch("/api/session", {
      method: "POST",
      headers: { Accept: "application/json", "Accept-Language": language, "Content-Type": "application/json" },
      body: JSON.stringify({ username, password }),
    });
    const body = await answer.json();
    if (answer.ok) keep(body.csrf);
    if (answer.status === 429) return t("尝试次数过多；请在 {seconds} 秒后再试", { seconds: answer.headers.get("Retry-After") });
    return answer.ok ? "" : body.detail;
  } catch (trouble) {
    return t("没有连上服务：{reason}", { reason: trouble.message });
  }
}
