// Rows with single keys: j and k move; a approves, e edits, x chooses, o opens.
const typing = "input, select, textarea, [contenteditable]";

function rows() {
  return [...document.querySelectorAll("tr[data-row]")];
}

function go(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(document.activeElement?.closest("tr[data-row]"));
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function act(selector, method) {
  const row = document.activeElement?.closest("tr[data-row]");
  row?.querySelector(selector)?.[method]();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !document.querySelector("tr[data-row]")) return;
  if (event.key === "Escape") {
    document.activeElement?.closest("tr[data-row]")?.focus();
    return;
  }
  if (event.target.closest(typing) && !event.target.matches("[type=checkbox]")) return;
  const actions = {
    j: () => go(1),
    k: () => go(-1),
    a: () => act("[data-approve]", "click"),
    e: () => act("select", "focus"),
    x: () => act("[data-pick]", "click"),
    o: () => act("[data-open]", "click"),
  };
  if (!actions[event.key]) return;
  event.preventDefault();
  actions[event.key]();
});

// After a row was replaced, the focus stays where the person was.
let last = null;
document.addEventListener("htmx:before:request", (event) => {
  last = event.target.closest?.("tr[data-row]")?.id ?? null;
});
document.addEventListener("htmx:after:swap", () => {
  if (last) document.getElementById(last)?.focus();
  last = null;
});
