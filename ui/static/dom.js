// What the other scripts share: elements, requests, and being told when the page changes.

export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

// element("button", { type: "button", onclick: f, "aria-label": "Close" }, "✕"): text is never markup.
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// The JSON at a path below the page's, or an Error that says what the server says.
export async function request(path, method = "GET", body = undefined) {
  const json = body !== undefined && !(body instanceof Blob);
  let response;
  try {
    response = await fetch(path, {
      method,
      body: json ? JSON.stringify(body) : body,
      headers: json ? { "Content-Type": "application/json" } : {},
    });
  } catch {
    throw new Error("The server cannot be reached.");
  }
  if (response.status === 401) location.assign(`login?next=${encodeURIComponent(`${location.pathname}${location.search}`)}`);
  if (response.status === 204) return null;
  const text = await response.text();
  let found = null;
  try {
    found = JSON.parse(text);
  } catch {
    // plain text
  }
  if (response.ok) return found ?? text;
  throw new Error(typeof found?.detail === "string" ? found.detail : found ? "That cannot be meant." : text);
}

// `look` is called after each change of the page, before it is painted; what it does itself must come to rest.
const looks = [];
export function onChange(look) {
  looks.push(look);
  look();
}
new MutationObserver(() => looks.forEach((look) => look()))
  .observe(document.documentElement, { childList: true, subtree: true });

export const isWriting = () => $("#question .stop-button") !== null;

// A dialog that Escape and its buttons close; the focus goes back to where it was.
export function openDialog(title, ...content) {
  const dialog = element("dialog", { class: "panel", "aria-labelledby": "dialog-title" },
    element("header", {},
      element("h2", { id: "dialog-title" }, title),
      element("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => dialog.close() }, "✕")),
    ...content);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

const status = element("div", { id: "announcement", role: "status" });
export function announce(text) {
  if (!status.isConnected) document.body.append(status);
  status.textContent = text;
}
