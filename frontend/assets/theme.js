// Sets the theme before the first paint. The choice is kept under this key as a
// theme's name; without one the system decides.
(() => {
  const root = document.documentElement;
  let chosen = null;
  try {
    chosen = localStorage.getItem("conexao.theme");
  } catch {
    // Storage may be blocked; the system's preference still works.
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const known = chosen === "conexao" || chosen === "conexao-dark";
  root.dataset.theme = known ? chosen : dark ? "conexao-dark" : "conexao";
})();
