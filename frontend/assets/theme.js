// Sets theme and language before the first paint. The person's choices are kept
// under these keys; without a theme the system decides.
(() => {
  const root = document.documentElement;
  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      // Storage may be blocked; the defaults still work.
      return null;
    }
  };
  const theme = kept("conexao.theme");
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "conexao-dark" : "conexao";
  if (kept("conexao.locale") === "en") {
    root.lang = "en";
  }
})();
