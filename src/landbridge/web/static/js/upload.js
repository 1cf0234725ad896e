// The drop zone of a new discovery: several files, their sizes, and the progress of sending.
const units = ["B", "KiB", "MiB", "GiB"];

function size(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit ? value.toFixed(1) : value} ${units[unit]}`;
}

function setUp(form) {
  const input = form.querySelector("input[type=file]");
  const zone = form.querySelector("[data-drop]");
  const chosen = form.querySelector("[data-chosen]");
  const list = form.querySelector("[data-list]");
  const template = document.querySelector("template[data-file]");
  const sending = form.querySelector("[data-sending]");
  const failure = form.querySelector("[data-failure]");
  let files = [];

  function show() {
    list.replaceChildren(
      ...files.map((file, index) => {
        const line = template.content.cloneNode(true);
        for (const name of line.querySelectorAll("[data-name]")) name.textContent = file.name;
        line.querySelector("[data-size]").textContent = size(file.size);
        line.querySelector("[data-remove]").addEventListener("click", () => keep(files.toSpliced(index, 1)));
        return line;
      }),
    );
    chosen.hidden = files.length === 0;
    const total = files.reduce((sum, file) => sum + file.size, 0);
    form.querySelector("[data-total]").textContent = `${files.length}, ${size(total)}`;
  }

  function keep(next) {
    files = next;
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    input.files = transfer.files;
    show();
  }

  function add(more) {
    const known = new Set(files.map((f) => `${f.name}|${f.size}|${f.lastModified}`));
    keep([...files, ...[...more].filter((f) => !known.has(`${f.name}|${f.size}|${f.lastModified}`))]);
  }

  input.addEventListener("change", () => {
    const picked = [...input.files];
    add(picked);
  });
  if (input.files.length) add([...input.files]); // chosen before this ran, or kept by a reload
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    add(event.dataTransfer.files);
  });

  function fail(title, detail, remedy) {
    sending.hidden = true;
    const panel = document.createElement("section");
    panel.className = "panel bad";
    panel.setAttribute("role", "alert");
    const body = document.createElement("div");
    const heading = document.createElement("h2");
    heading.textContent = title;
    body.append(heading);
    for (const text of [detail, remedy]) {
      const line = document.createElement("p");
      line.textContent = text;
      body.append(line);
    }
    panel.append(body);
    failure.replaceChildren(panel);
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    failure.replaceChildren();
    const request = new XMLHttpRequest();
    const bar = sending.querySelector("progress");
    request.upload.addEventListener("progress", (step) => {
      if (!step.lengthComputable) return;
      bar.value = (100 * step.loaded) / step.total;
      sending.querySelector("[data-sent]").textContent = `${size(step.loaded)} of ${size(step.total)}`;
    });
    request.upload.addEventListener("load", () => {
      sending.querySelector("[data-state]").textContent = "Storing";
    });
    request.addEventListener("load", () => {
      if (request.status < 400) {
        location.assign(request.responseURL);
        return;
      }
      let problem = {};
      try {
        problem = JSON.parse(request.responseText);
      } catch {
        problem = { title: "The server did not answer as expected" };
      }
      fail(problem.title, problem.detail ?? "", problem.remedy ?? "");
    });
    request.addEventListener("error", () =>
      fail("The connection broke off", "The files were not stored.", "Check the connection and send them again."),
    );
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/problem+json");
    sending.querySelector("[data-state]").textContent = "Sending";
    sending.hidden = false;
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    request.send(new FormData(form));
  });
}

for (const form of document.querySelectorAll("form[data-upload]")) setUp(form);
