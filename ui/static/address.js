// The page's address names its conversation, so that a reload, Back and a link find it again.
import { $ } from "./dom.js";

export const idNow = () => new URL(location.href).searchParams.get("c");

export function addressOf(id) {
  const address = new URL(location.href);
  address.search = new URLSearchParams({ c: id });
  address.hash = "";
  return address;
}

const listeners = [];
export const onTurn = (listener) => listeners.push(listener);

// Shows the conversation that the address names by now.
export function turned() {
  $("#turned")?.click();
  for (const listener of listeners) listener();
}

export function turnTo(id) {
  if (id !== idNow()) history.pushState({}, "", addressOf(id));
  turned();
}

// The exchange that the next question takes the place of; null for none.
export function setEdited(number) {
  const address = new URL(location.href);
  if (number === null) address.searchParams.delete("edit");
  else address.searchParams.set("edit", number);
  history.replaceState(history.state, "", address);
}

setEdited(null);
let shown = idNow();
onTurn(() => { shown = idNow(); });
addEventListener("popstate", () => { if (idNow() !== shown) turned(); });
