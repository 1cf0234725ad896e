// Keeps relative times and running clocks true without asking the server.
const steps = [
  [3600, 60, "min"],
  [86400, 3600, "h"],
  [86400 * 14, 86400, "d"],
];

export function ago(gone) {
  if (gone < 45) return "just now";
  for (const [limit, divisor, unit] of steps) {
    if (gone < limit) return `${Math.max(1, Math.round(gone / divisor))} ${unit} ago`;
  }
  return null;
}

export function duration(total) {
  const whole = Math.floor(total);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function set(node, text) {
  if (text !== null && node.textContent !== text) node.textContent = text;
}

function tick() {
  for (const node of document.querySelectorAll("time[data-ago]")) {
    set(node, ago((Date.now() - Date.parse(node.dateTime)) / 1000));
  }
  for (const node of document.querySelectorAll("time[data-running]")) {
    set(node, duration(Math.max(0, (Date.now() - Date.parse(node.dateTime)) / 1000)));
  }
  for (const node of document.querySelectorAll("time[data-until]")) {
    const left = Math.round((Date.parse(node.dateTime) - Date.now()) / 1000);
    set(node, left > 0 ? `in ${duration(left)}` : "now");
  }
}

setInterval(tick, 1000);
