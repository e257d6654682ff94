// The article pane beside the chat, and what Gradio's chat lacks: a page's address that names its
// conversation, markers that work while an answer streams, and names for those who listen.
"use strict";

(() => {
  const NARROW = matchMedia("(max-width: 768px)"); // as in byline.css
  const MARKER = 'a[href^="article?"]';
  const $ = (selector) => document.querySelector(selector);

  // ---- the conversation's id, in the address so that a reload finds it again

  const address = new URL(location.href);
  if (!address.searchParams.has("c")) {
    const random = crypto.getRandomValues(new Uint8Array(16));
    address.searchParams.set("c", Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join(""));
    history.replaceState(history.state, "", address);
  }

  // ---- the pane

  const pane = document.createElement("aside");
  pane.id = "article-pane";
  pane.innerHTML = `
    <p class="idle">Choose a number in an answer<br>to read the quotation in its article.</p>
    <button type="button" class="close" aria-label="Close the article">✕</button>
    <div class="reader"></div>`;
  const reader = pane.querySelector(".reader");
  pane.querySelector(".close").addEventListener("click", close);

  let shown = null; // the href of the article that is open
  let opener = null; // the marker it was opened from, as a place (see placeOf)
  let loading = null; // the AbortController of a request under way

  function open(link) {
    opener = placeOf(link);
    const state = { article: opener.href };
    if (shown === null) history.pushState(state, "");
    else history.replaceState(state, "");
    show(opener.href);
  }

  async function show(href) {
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
    reader.querySelector("h2")?.focus({ preventScroll: true });
    reader.querySelector("mark")?.scrollIntoView({ block: "center" });
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

  addEventListener("popstate", (event) => {
    if (event.state?.article) show(event.state.article);
    else hide();
  });

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown !== null && !event.isComposing) close();
  });

  // Over the chat the pane is a dialog, beside it a part of the page.
  function settle() {
    const over = shown !== null && NARROW.matches;
    for (const behind of [$("#masthead"), $("#conversation")]) if (behind) behind.inert = over;
    pane.setAttribute("role", over ? "dialog" : "complementary");
    pane.setAttribute("aria-label", "Article");
    pane.toggleAttribute("aria-modal", over);
    refresh();
  }
  NARROW.addEventListener("change", settle);

  // ---- markers: each piece of a streamed answer replaces the message, and the links in it, so a
  // link is known by its href and its number among those with the same href

  const linksTo = (href) => [...document.querySelectorAll(`#chat ${MARKER}`)].filter(
    (link) => link.getAttribute("href") === href);
  const markerAt = (node) => node?.closest?.(`#chat ${MARKER}`);
  const linkAt = (place) => place && (linksTo(place.href)[place.nth] ?? linksTo(place.href)[0]);

  function placeOf(link) {
    const href = link.getAttribute("href");
    return { href, nth: linksTo(href).indexOf(link) };
  }

  const plain = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  let pressed = null; // the href under the pointer when it went down
  let opened = false; // whether its coming up has opened the article, so that the click need not

  addEventListener("pointerdown", (event) => {
    pressed = plain(event) ? markerAt(event.target)?.getAttribute("href") : null;
    opened = false;
    if (!markerAt(event.target)) focused = null;
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

  // ---- after each change of the page, before it is painted

  const status = document.createElement("div");
  status.id = "announcement";
  status.setAttribute("role", "status");

  let focused = null; // the marker that has the focus, as a place
  let streaming = false;

  addEventListener("focusin", (event) => {
    const link = markerAt(event.target);
    focused = link ? placeOf(link) : null;
  });

  function refresh() {
    const source = $("#source");
    if (!source) return;
    if (!source.contains(pane)) {
      source.append(pane);
      document.body.append(status);
      settle();
      if (history.state?.article) show(history.state.article);
    }
    for (const link of document.querySelectorAll(`#chat ${MARKER}`)) {
      if (!link.querySelector("sup")) link.setAttribute("aria-label", `Quotation ${link.textContent}`);
      if (link.getAttribute("href") === shown) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    if (focused && document.activeElement === document.body) linkAt(focused)?.focus({ preventScroll: true });
    // Gradio labels each message with its Markdown source, and has every piece of it read out.
    for (const message of document.querySelectorAll("#chat [data-testid][aria-label]")) {
      message.removeAttribute("aria-label");
    }
    const log = $('#chat [role="log"]');
    log?.setAttribute("aria-live", "off");
    log?.setAttribute("aria-busy", String(streaming));
    const writing = $("#question .stop-button") !== null;
    if (streaming && !writing) announce();
    streaming = writing;
  }

  // The finished answer, once, without its list of sources.
  function announce() {
    const answer = [...document.querySelectorAll('#chat [data-testid="bot"] .md')].at(-1);
    const parts = [...(answer?.children ?? [])];
    const end = parts.findIndex((part) => part.tagName === "HR");
    status.textContent = parts.slice(0, end < 0 ? parts.length : end).map((part) => part.textContent).join(" ");
  }

  new MutationObserver(refresh).observe(document.documentElement, { childList: true, subtree: true });
  refresh();
})();
