// The list of conversations, at the left; on a narrow page it slides over the chat.
import { $, element, onChange, openDialog, request } from "./dom.js";
import { addressOf, idNow, onTurn, turnTo } from "./address.js";
import { onAnswered } from "./listening.js";

const NARROW = matchMedia("(max-width: 1000px)"); // as in chat.css

const search = element("input", {
  type: "search", placeholder: "Search conversations", "aria-label": "Search conversations", oninput: later,
});
const list = element("ul");
const none = element("p", { class: "none", role: "status" });
const panel = element("nav", { id: "conversations", "aria-label": "Conversations" },
  element("div", { class: "top" },
    element("button", { type: "button", id: "fresh", onclick: begin }, "New conversation"),
    element("button", { type: "button", class: "close", "aria-label": "Close the conversations", onclick: () => slide(false) }, "✕")),
  search, list, none);
export const opener = element("button", {
  type: "button", id: "show-history", "aria-expanded": "false", onclick: () => slide(true),
}, "Conversations");

let timer = 0;
function later() {
  clearTimeout(timer);
  timer = setTimeout(load, 200);
}

export async function load() {
  const query = search.value.trim();
  const found = await request(`conversations?q=${encodeURIComponent(query)}`).catch(() => null);
  if (!found || query !== search.value.trim()) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  list.replaceChildren(...found.map(line));
  none.textContent = found.length ? "" : query ? "No conversation has these words." : "What you ask is kept here.";
  if (focused) $(`[data-id="${CSS.escape(focused)}"]`, list)?.focus();
}

function line({ id, title, updated }) {
  const day = new Date(updated);
  const link = element("a", {
    href: addressOf(id), "data-id": id, "aria-current": id === idNow() ? "page" : null, title: day.toLocaleString(),
    onclick: (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      slide(false);
      turnTo(id);
    },
  }, title);
  const more = element("button", {
    type: "button", class: "more", "data-id": `${id} more`, "aria-label": `Options of “${title}”`,
    onclick: () => options(id, title),
  }, "⋯");
  return element("li", {}, link, more);
}

function begin() {
  slide(false);
  turnTo(newId());
  $("#question textarea")?.focus();
}

function options(id, title) {
  const name = element("input", { id: "conversation-title", value: title, maxlength: "120", autocomplete: "off" });
  const problem = element("p", { class: "problem", role: "alert" });
  const path = `conversations/${id}`;
  const attempt = async (doing) => {
    try {
      await doing();
      dialog.close();
      load();
    } catch (error) {
      problem.textContent = error.message;
    }
  };
  const rename = element("form", { onsubmit: (event) => {
    event.preventDefault();
    attempt(() => request(path, "PATCH", { title: name.value }));
  } },
  element("label", { for: "conversation-title" }, "Title"), name, element("button", { type: "submit" }, "Rename"));
  const remove = element("button", { type: "button", class: "plain", onclick: () => {
    remove.replaceWith(element("span", { role: "alert" }, "Delete it for good? ",
      element("button", { type: "button", class: "danger", onclick: () => attempt(async () => {
        await request(path, "DELETE");
        if (id === idNow()) begin();
      }) }, "Delete")));
  } }, "Delete…");
  const dialog = openDialog("Conversation", rename,
    element("p", { class: "buttons" },
      element("a", { href: `${path}/export?format=md` }, "Export as Markdown"),
      element("a", { href: `${path}/export?format=json` }, "Export as JSON"),
      remove),
    problem);
}

// ---- on a narrow page

function slide(open) {
  const column = $("#history");
  if (!column || !NARROW.matches) return;
  document.body.classList.toggle("history-open", open);
  opener.setAttribute("aria-expanded", String(open));
  settle();
  (open ? $("button", panel) : opener).focus();
}

function settle() {
  const column = $("#history");
  if (!column) return;
  const open = document.body.classList.contains("history-open");
  if (!NARROW.matches && open) document.body.classList.remove("history-open");
  const closed = NARROW.matches && !open;
  column.dataset.closed = closed ? "yes" : "no";
  column.toggleAttribute("inert", closed);
  for (const behind of ["#tools", "#conversation"]) $(behind)?.toggleAttribute("inert", NARROW.matches && open);
}

NARROW.addEventListener("change", settle);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("history-open") && !$("dialog[open]")) slide(false);
});
onChange(() => {
  const column = $("#history");
  if (!column || column.contains(panel)) return;
  column.append(panel);
  settle();
});
onTurn(load);
onAnswered(load);
load();
