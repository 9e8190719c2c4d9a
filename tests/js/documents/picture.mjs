// The picture of the demo page that the READMEs show, in both languages: the built page after a run over a list, as Chromium
// draws it, kept as WebP.
//
//   node tests/js/documents/picture.mjs     once www/ is built; `cargo xtask docs --picture` does both
import { writeFile } from "node:fs/promises";
import { createSandbox, sampleCompanies, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
import { launch } from "../support/chromium.mjs";
import { openPage, startDemo } from "../support/demo.mjs";
import { root } from "./pages.mjs";

/** A README that loads slowly is not read. */
const MOST_BYTES = 200_000;
const SIZE = { width: 1280, height: 1600 };

const LANGUAGES = {
  en: { locale: "en-GB", names: "Company names, one per line", start: /^Find partnerships in/, done: "All done" },
  zh: { locale: "zh-CN", names: "企业名称，每行一个", start: /^查询，共/, done: "全部完成" },
};

/** What Chromium makes of a PNG when it is asked for WebP. */
async function webp(page, png) {
  const base64 = await page.evaluate(async (source) => {
    const image = await createImageBitmap(await (await fetch(source)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext("2d").drawImage(image, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: 0.82 })).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  }, `data:image/png;base64,${png.toString("base64")}`);
  return Buffer.from(base64, "base64");
}

const qcc = await createSandbox({ density: 0.03, seed: 3 }).listen();
const demo = await startDemo({ url: qcc.url, key: SANDBOX_KEY, secretKey: SANDBOX_SECRET_KEY });
const browser = await launch();
try {
  for (const [language, words] of Object.entries(LANGUAGES)) {
    const { page, close } = await openPage(browser, demo.url, { locale: words.locale, viewport: SIZE, colorScheme: "light" });
    await page.getByLabel(words.names).fill(sampleCompanies(100, 1).join("\n"));
    await page.getByRole("button", { name: words.start }).click();
    await page.getByText(words.done).waitFor();
    await page.locator("canvas[data-settled]").waitFor();
    const { y } = await page.locator("#plan").boundingBox();
    await page.evaluate((top) => scrollTo(0, top - 16), y);
    const empty = await browser.newPage();
    const bytes = await webp(empty, await page.screenshot());
    if (bytes.length > MOST_BYTES) throw new Error(`the picture has ${bytes.length} bytes`);
    const path = `docs/public/page.${language}.webp`;
    await writeFile(`${root}${path}`, bytes);
    console.log(`${path}: ${bytes.length} bytes`);
    await Promise.all([empty.close(), close()]);
  }
} finally {
  await browser.close();
  await demo.close();
  await qcc.close();
}
