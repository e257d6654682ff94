// The quotation of a marker that the pointer, or the focus by Tab, rests on: seen before it is opened.
import { $, element } from "./dom.js";
import { markerAt } from "./markers.js";

const REST = 180; // milliseconds before it is shown, and before it goes
const box = element("div", { id: "preview", role: "tooltip", hidden: true });
const known = new Map(); // href -> HTML
let href = null; // of the marker that it is of, or is about to be
let timer = 0;

async function show(link) {
  const wanted = href;
  if (!known.has(wanted)) {
    try {
      const response = await fetch(wanted.replace("#quote", "&preview=1"));
      if (response.ok) known.set(wanted, await response.text());
    } catch {
      return;
    }
  }
  if (href !== wanted || !known.has(wanted)) return;
  const now = link.isConnected ? link : document.querySelector(`#chat a[href="${CSS.escape(wanted)}"]`);
  if (!now) return;
  box.innerHTML = known.get(wanted);
  if (!box.isConnected) $("#conversation").append(box);
  box.hidden = false;
  now.setAttribute("aria-describedby", "preview");
  const at = now.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const above = at.top - height - 8;
  box.style.left = `${Math.max(8, Math.min(at.left - 24, innerWidth - width - 8))}px`;
  box.style.top = `${above > 8 ? above : at.bottom + 8}px`;
}

function hide() {
  clearTimeout(timer);
  href = null;
  box.hidden = true;
  $('#chat a[aria-describedby="preview"]')?.removeAttribute("aria-describedby");
}

function soon(link) {
  const wanted = link.getAttribute("href");
  if (wanted === href) {
    clearTimeout(timer);
    if (box.hidden) timer = setTimeout(() => show(link), REST);
    return;
  }
  hide();
  href = wanted;
  timer = setTimeout(() => show(link), REST);
}

function leave() {
  clearTimeout(timer);
  timer = setTimeout(hide, REST);
}

addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const link = markerAt(event.target);
  if (link && !$("sup", link)) soon(link);
  else if (box.contains(event.target)) clearTimeout(timer);
  else if (href) leave();
});
addEventListener("pointerdown", hide, true);
addEventListener("scroll", hide, true);

let tabbed = false;
addEventListener("keydown", (event) => {
  tabbed = event.key === "Tab";
  if (event.key === "Escape" && !box.hidden) event.preventDefault(); // and leave the article open
  if (event.key === "Escape" || event.key === "Enter") hide();
}, true);
addEventListener("focusin", (event) => {
  const link = markerAt(event.target);
  if (link && tabbed && !$("sup", link)) soon(link);
  else if (!link) hide();
});
