// Draws the map of dependencies out of the tables below it, which say the same.

function colours() {
  const probe = document.body.appendChild(document.createElement("span"));
  const read = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const names = ["text", "muted", "surface", "sunken", "field-line", "accent", "accent-weak", "info", "info-weak", "bad", "bad-weak"];
  const found = Object.fromEntries(names.map((name) => [name, read(name)]));
  probe.remove();
  return found;
}

function looks(c) {
  const node = (border, fill, shape) => ({ "border-color": border, "background-color": fill, shape });
  return [
    { selector: "node", style: {
      width: "data(size)", height: "data(size)", "border-width": 2, label: "data(name)", color: c.text,
      "font-size": 11, "min-zoomed-font-size": 7, "text-valign": "bottom", "text-margin-y": 4,
      "text-wrap": "ellipsis", "text-max-width": 110, "text-outline-color": c.surface, "text-outline-width": 2,
      ...node(c["field-line"], c.sunken, "ellipse"),
    } },
    { selector: "node[kind = 'application']", style: node(c.accent, c["accent-weak"], "round-rectangle") },
    { selector: "node[kind = 'group']", style: node(c.info, c["info-weak"], "diamond") },
    { selector: "node[kind != 'asset']", style: { "font-size": 18, "text-max-width": 180 } },
    { selector: "node[circle > 0]", style: { "border-color": c.bad, "background-color": c["bad-weak"] } },
    { selector: "node[?centre]", style: { "border-width": 5, "font-weight": "bold" } },
    { selector: "edge", style: {
      width: "data(width)", "line-color": c["field-line"], "line-opacity": 0.6, "curve-style": "bezier",
      "target-arrow-shape": "triangle", "target-arrow-color": c["field-line"], "arrow-scale": 0.8,
    } },
    { selector: "edge[?circle]", style: { "line-color": c.bad, "target-arrow-color": c.bad } },
    { selector: ".far", style: { opacity: 0.15 } },
    { selector: "edge.near", style: { "line-opacity": 1, "line-color": c.accent, "target-arrow-color": c.accent } },
    { selector: "node:selected", style: { "border-color": c.accent, "border-width": 5, "font-weight": "bold" } },
  ];
}

function elements(map) {
  const nodes = [...map.querySelectorAll("tr[data-node]")].map((row) => ({
    group: "nodes",
    position: { x: Number(row.dataset.x), y: Number(row.dataset.y) },
    data: {
      id: row.dataset.node, kind: row.dataset.kind, name: row.querySelector("th").textContent.trim(),
      circle: Number(row.dataset.circle), centre: "centre" in row.dataset,
      size: 18 + 7 * Math.log2(1 + Number(row.dataset.assets)),
    },
  }));
  const edges = [...map.querySelectorAll("tr[data-source]")].map((row) => ({
    group: "edges",
    data: {
      source: row.dataset.source, target: row.dataset.target, circle: "circle" in row.dataset,
      width: 1 + Math.log2(Number(row.dataset.dependencies)) / 2,
    },
  }));
  return [...nodes, ...edges];
}

function say(panel, row, node) {
  const link = (from, text) => {
    const made = document.createElement("a");
    made.href = from.href;
    made.textContent = text;
    return made;
  };
  const name = document.createElement("b");
  name.textContent = node.data("name");
  const facts = document.createElement("span");
  facts.className = "muted";
  const needs = node.outgoers("node").length, needed = node.incomers("node").length;
  facts.textContent = `${row.cells[1].textContent.trim()} · needs ${needs} · needed by ${needed}`;
  panel.replaceChildren(name, facts, link(row.querySelector("th a"), "Open"), link(row.querySelector("[data-around]"), "Around it"));
}

let drawn = null;

function draw() {
  drawn?.destroy();
  drawn = null;
  const map = document.getElementById("map");
  const canvas = map?.querySelector("[data-canvas]");
  if (!canvas || !window.cytoscape) return;
  const cy = window.cytoscape({
    container: canvas, elements: elements(map), style: looks(colours()), layout: { name: "preset", padding: 40 },
    minZoom: 0.05, maxZoom: 3, boxSelectionEnabled: false, selectionType: "single",
  });
  drawn = cy;
  if (cy.zoom() > 1.2) cy.zoom(1.2).center();
  const panel = document.getElementById("map-chosen");
  const hint = [...panel.childNodes].map((n) => n.cloneNode(true));
  const row = (node) => map.querySelector(`tr[data-node="${node.id()}"]`);
  cy.on("select", "node", ({ target }) => {
    cy.elements().addClass("far").removeClass("near");
    target.closedNeighborhood().removeClass("far");
    target.connectedEdges().addClass("near");
    say(panel, row(target), target);
  });
  cy.on("unselect", "node", () => {
    cy.elements().removeClass("far near");
    panel.replaceChildren(...hint.map((n) => n.cloneNode(true)));
  });
  cy.on("dbltap", "node", ({ target }) => row(target).querySelector("[data-around]").click());
  // The wheel belongs to the page; with Ctrl or ⌘ it belongs to the map.
  canvas.addEventListener("wheel", (event) => cy.userZoomingEnabled(event.ctrlKey || event.metaKey), { capture: true, passive: true });
  canvas.addEventListener("touchstart", () => cy.userZoomingEnabled(true), { capture: true, passive: true });
  const buttons = document.getElementById("map-buttons");
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const what = event.target.closest("[data-map]")?.dataset.map;
    const middle = { x: cy.width() / 2, y: cy.height() / 2 };
    if (what === "in" || what === "out") cy.zoom({ level: cy.zoom() * (what === "in" ? 1.3 : 1 / 1.3), renderedPosition: middle });
    if (what === "fit") cy.fit(undefined, 40);
    if (what === "image") save(cy);
  });
}

function save(cy) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(cy.png({ output: "blob", full: true, scale: 2, maxWidth: 6000, bg: colours().surface }));
  link.download = "dependency-map.png";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

draw();
document.addEventListener("htmx:after:swap", () => {
  if (!drawn || !document.contains(drawn.container())) draw();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn?.style(looks(colours())));
