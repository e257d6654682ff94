// Markers: links from an answer to its quotations. Each piece of a streamed answer replaces them, so one is
// known by its place: its href, which answer it is in, and its number among those with the same href there.
import { $, $$, onChange } from "./dom.js";

export const MARKER = 'a[href^="article?"]';
const answers = () => $$("#chat .bot-row");
const hrefOf = (link) => link.getAttribute("href");

export const markerAt = (node) => node?.closest?.(`#chat ${MARKER}`);

export function placeOf(link) {
  const row = link.closest(".bot-row");
  const href = hrefOf(link);
  const same = $$(MARKER, row).filter((each) => hrefOf(each) === href);
  return { href, answer: answers().indexOf(row), nth: same.indexOf(link) };
}

export function linkAt(place) {
  if (!place) return null;
  const row = answers()[place.answer];
  const same = row ? $$(MARKER, row).filter((each) => hrefOf(each) === place.href) : [];
  return same[place.nth] ?? same[0] ?? $$(`#chat ${MARKER}`).find((each) => hrefOf(each) === place.href) ?? null;
}

// The hrefs of all quotations of the answer that a place is in, in the order of their numbers.
export function quotationsOf(place) {
  const row = linkAt(place)?.closest(".bot-row");
  if (!row) return [];
  const number = (href) => Number(new URLSearchParams(href.slice(8).replace("#quote", "")).get("n"));
  return [...new Set($$(MARKER, row).map(hrefOf))].sort((one, other) => number(one) - number(other));
}

// The marker of the quotation so many further on in the same answer; null where there is none.
export function nextTo(place, by) {
  const all = quotationsOf(place);
  const href = all[all.indexOf(place?.href) + by];
  const row = linkAt(place)?.closest(".bot-row");
  return href ? $$(MARKER, row).find((each) => hrefOf(each) === href) : null;
}

let focused = null; // the marker that has the focus, as a place

addEventListener("focusin", (event) => {
  const link = markerAt(event.target);
  focused = link ? placeOf(link) : null;
});
addEventListener("pointerdown", (event) => {
  if (!markerAt(event.target)) focused = null;
}, true);

onChange(() => {
  for (const link of $$(`#chat ${MARKER}`)) {
    if (!$("sup", link) && !link.hasAttribute("aria-label")) {
      link.setAttribute("aria-label", `Quotation ${link.textContent}`);
    }
  }
  if (focused && document.activeElement === document.body) linkAt(focused)?.focus({ preventScroll: true });
});
