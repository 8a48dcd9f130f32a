// Runs before the first paint, so that a kept theme does not flash.
try {
  const kept = localStorage.getItem("theme");
  if (kept === "dark" || kept === "light") document.documentElement.dataset["theme"] = kept;
} catch {
  // A browser that keeps nothing follows the system's preference.
}
