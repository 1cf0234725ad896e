// Runs before the first paint: marks the page as one whose scripts work.
document.documentElement.classList.add("js");
