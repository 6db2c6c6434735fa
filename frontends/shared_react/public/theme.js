// Before the first paint, so that a page never flashes in the other theme. A file, because no script may be inline.
try {
  const theme = JSON.parse(localStorage.getItem("theme") ?? "null");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {}
