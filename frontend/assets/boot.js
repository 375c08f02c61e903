// Starts the application, which takes the splash away, or says what to do when it cannot start.
import start from "{{app.js}}";

const splash = document.getElementById("boot");
try {
  await start({ module_or_path: "{{app.wasm}}" });
} catch (problem) {
  console.error(problem);
  splash.querySelector("[data-boot=wait]").hidden = true;
  splash.querySelector("[data-boot=failed]").hidden = false;
  splash.querySelector("button").addEventListener("click", () => location.reload());
}
