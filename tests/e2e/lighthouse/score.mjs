/* Lighthouse's mark for accessibility of pages: addresses come as lines, answers leave as lines of JSON.
   node score.mjs FOLDER-OF-NODE_MODULES PORT WIDTH < addresses */
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const [folder, port, width] = process.argv.slice(2);
const where = resolve(folder, "node_modules/lighthouse/core/index.js");
const { default: lighthouse } = await import(pathToFileURL(where));
const screen = { mobile: width < 800, width: Number(width), height: 740, deviceScaleFactor: 1, disabled: false };
const flags = {
  port: Number(port), output: "json", logLevel: "error", onlyCategories: ["accessibility"],
  formFactor: screen.mobile ? "mobile" : "desktop", screenEmulation: screen, throttlingMethod: "provided",
  disableStorageReset: true,
};
for await (const url of createInterface({ input: process.stdin })) {
  const { lhr } = await lighthouse(url, flags);
  const { score, auditRefs } = lhr.categories.accessibility;
  const asked = auditRefs.filter((one) => one.weight > 0 && lhr.audits[one.id].score !== null);
  const failed = asked.filter((one) => lhr.audits[one.id].score < 1).map((one) => `${one.id} (${one.weight})`);
  const said = { url, score, failed, asked: asked.length, version: lhr.lighthouseVersion, error: lhr.runtimeError?.code };
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
