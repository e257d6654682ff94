// The article beside the chat, at the quoted words; on a phone it slides over the chat.
import { $, $$, element, onChange } from "./dom.js";
import { onTurn } from "./address.js";
import { MARKER, linkAt, markerAt, nextTo, placeOf, quotationsOf } from "./markers.js";

const NARROW = matchMedia("(max-width: 768px)"); // as in chat.css

const button = (label, text, onclick, extra = "") =>
  element("button", { type: "button", class: `${extra}`, "aria-label": label, title: label, onclick }, text);
const previous = button("Previous quotation (left arrow)", "‹", () => step(-1), "step");
const next = button("Next quotation (right arrow)", "›", () => step(1), "step");
const place = element("span", { class: "place" });
const reader = element("div", { class: "reader", role: "region", "aria-label": "Article text", tabindex: "0" });
const pane = element("div", { id: "article-pane", "aria-label": "Article" },
  element("p", { class: "idle" }, "Choose a number in an answer", element("br"), "to read the quotation in its article."),
  element("div", { class: "bar" }, previous, place, next, button("Close the article", "✕", close, "close")),
  reader);

let shown = null; // the href of the article that is open
let opener = null; // the marker it was opened from, as a place
let loading = null; // the AbortController of a request under way

function open(link) {
  opener = placeOf(link);
  const state = { article: opener.href };
  if (shown === null) history.pushState(state, "");
  else history.replaceState(state, "");
  show(opener.href);
}

async function show(href, focus = true) {
  loading?.abort();
  loading = new AbortController();
  shown = href;
  document.body.classList.add("article-open");
  settle();
  try {
    const response = await fetch(href.replace("#quote", "&pane=1"), { signal: loading.signal });
    reader.innerHTML = await response.text();
  } catch (error) {
    if (error.name === "AbortError") return;
    reader.innerHTML = '<article><h2 tabindex="-1">The article could not be loaded</h2></article>';
  }
  if (shown !== href) return;
  reader.scrollTop = 0;
  if (focus) $("h2", reader)?.focus({ preventScroll: true });
  $("mark", reader)?.scrollIntoView({ block: "center" });
}

// Also by way of the history, so that the button, Escape and a phone's Back are one thing.
function close() {
  hide();
  history.back();
}

function hide() {
  if (shown === null) return;
  loading?.abort();
  shown = null;
  document.body.classList.remove("article-open");
  reader.replaceChildren();
  settle();
  (linkAt(opener) ?? $("#question textarea"))?.focus({ preventScroll: true });
}

function step(by) {
  const link = nextTo(opener, by);
  if (!link) return;
  opener = placeOf(link);
  history.replaceState({ article: opener.href }, "");
  show(opener.href, !document.activeElement?.matches(".step"));
}

// Over the chat the pane is a dialog, beside it a part of the page.
function settle() {
  const over = shown !== null && NARROW.matches;
  for (const behind of ["#tools", "#history", "#conversation"]) {
    const part = $(behind);
    if (part) part.toggleAttribute("inert", over || (behind === "#history" && part.dataset.closed === "yes"));
  }
  pane.setAttribute("role", over ? "dialog" : "complementary");
  if (over) pane.setAttribute("aria-modal", "true");
  else pane.removeAttribute("aria-modal");
  refresh();
}

function refresh() {
  const source = $("#source");
  if (!source) return;
  if (!source.contains(pane)) {
    source.append(pane);
    settle();
    if (history.state?.article) show(history.state.article);
  }
  for (const link of $$(`#chat ${MARKER}`)) {
    link.toggleAttribute("aria-current", false);
    if (link.getAttribute("href") === shown) link.setAttribute("aria-current", "true");
  }
  if (shown === null) return;
  opener ??= { href: shown, nth: 0, answer: 0 };
  const all = quotationsOf(opener);
  const at = all.indexOf(opener.href);
  const text = at < 0 ? "" : `Quotation ${at + 1} of ${all.length}`;
  if (place.textContent !== text) place.textContent = text;
  previous.disabled = at <= 0;
  next.disabled = at < 0 || at === all.length - 1;
}

NARROW.addEventListener("change", settle);
onChange(refresh);
onTurn(() => {
  if (shown === null || history.state?.article === shown) return;
  opener = null;
  hide();
});

addEventListener("popstate", (event) => {
  if (event.state?.article) show(event.state.article);
  else hide();
});

addEventListener("keydown", (event) => {
  if (shown === null || event.isComposing || event.defaultPrevented || $("dialog[open]")) return;
  if (event.key === "Escape") close();
  const typing = event.target.closest?.("textarea, input, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    event.preventDefault();
    step(event.key === "ArrowRight" ? 1 : -1);
  }
});

// ---- a press on a marker opens it, although each piece of a streamed answer replaces the link: what counts is
// where the pointer went down and came up

const plain = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
let pressed = null; // the href under the pointer when it went down
let opened = false; // whether its coming up has opened the article, so that the click need not

addEventListener("pointerdown", (event) => {
  pressed = plain(event) ? markerAt(event.target)?.getAttribute("href") : null;
  opened = false;
}, true);

addEventListener("pointercancel", () => { pressed = null; }, true);

addEventListener("pointerup", (event) => {
  const link = markerAt(document.elementFromPoint(event.clientX, event.clientY));
  if (!pressed || link?.getAttribute("href") !== pressed) return;
  pressed = null;
  opened = true;
  open(link);
}, true);

addEventListener("click", (event) => {
  const link = markerAt(event.target);
  if (!link || !plain(event)) return;
  event.preventDefault();
  if (!opened) open(link);
  opened = false;
}, true);
