// Ids of conversations: nobody comes upon another's by chance. No module, so that the address names one before
// anything can be asked.
"use strict";

globalThis.newId = () => Array.from(
  crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

if ("here" in document.currentScript.dataset) {
  const address = new URL(location.href);
  if (!address.searchParams.get("c")) {
    address.searchParams.set("c", newId());
    history.replaceState(history.state, "", address);
  }
}
