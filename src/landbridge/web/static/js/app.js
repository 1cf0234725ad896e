// Small helpers over pages that also work without them.
import "./times.js";
import "./upload.js";
import "./review.js";

// On a narrow screen the navigation scrolls sideways: show where the page is.
document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// What is there to be copied is selected by one click.
for (const field of document.querySelectorAll("[data-select]")) {
  field.addEventListener("focus", () => field.select());
}

const menus = "details.menu[open], details.ask[open]";

// A menu closes when the person goes elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(menus)) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll(menus)) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// An action replaces the part of the page it was in: the focus goes to what it changed.
document.addEventListener("htmx:after:swap", () => {
  if (document.activeElement !== document.body) return;
  (document.querySelector("[autofocus]") ?? document.getElementById("state"))?.focus({ preventScroll: true });
});

// One box picks all of the page.
document.addEventListener("change", (event) => {
  const name = event.target.dataset?.all;
  if (!name) return;
  for (const box of document.querySelectorAll(`input[name="${name}"]`)) box.checked = event.target.checked;
});
