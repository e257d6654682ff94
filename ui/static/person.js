// Who is logged in, where there is a login; the link leads to the page to log out on.
import { element, request } from "./dom.js";

export const person = element("a", { id: "person", href: "login", hidden: true });

request("person").then(({ name }) => {
  if (!name) return; // there is no login here
  person.textContent = name;
  person.setAttribute("aria-label", `Logged in as ${name}: log out`);
  person.hidden = false;
}).catch(() => {});
