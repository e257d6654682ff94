// For those who listen: the finished answer once, instead of every piece of it.
import { $, $$, announce, isWriting, onChange } from "./dom.js";

let writing = false;
const listeners = [];
export const onAnswered = (listener) => listeners.push(listener); // told true as an answer begins, false as it ends

// The last answer without its list of sources.
function lastAnswer() {
  const answer = $$('#chat [data-testid="bot"] .md').at(-1);
  const parts = [...(answer?.children ?? [])];
  const end = parts.findIndex((part) => part.tagName === "HR");
  return parts.slice(0, end < 0 ? parts.length : end).map((part) => part.textContent).join(" ");
}

onChange(() => {
  // Gradio labels each message with its Markdown source, and has every piece of it read out.
  for (const message of $$("#chat [data-testid][aria-label]")) message.removeAttribute("aria-label");
  const log = $('#chat [role="log"]');
  $('#chat a[href="library"][target]')?.removeAttribute("target"); // it would open another tab
  $("#chat .examples[role=list]")?.setAttribute("role", "group"); // it has buttons in it
  const now = isWriting();
  if (log?.getAttribute("aria-live") !== "off") log?.setAttribute("aria-live", "off");
  if (log?.getAttribute("aria-busy") !== String(now)) log?.setAttribute("aria-busy", String(now));
  if (log && !log.hasAttribute("tabindex")) log.setAttribute("tabindex", "0");
  if (now === writing) return;
  writing = now;
  if (!writing) announce(lastAnswer());
  for (const listener of listeners) listener(writing);
});
