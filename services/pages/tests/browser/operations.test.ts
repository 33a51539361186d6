// The page of on-call in a real browser, on a real core, by keyboard alone. PAGES_BASE is the address, PAGES_USER, PAGES_PASSWORD and PAGES_CODE
// what a person types, PAGES_SHOTS a folder for pictures. The core has a message in its error queue and some trades.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { chromium, type Browser, type Page } from "playwright-core";

const { PAGES_BASE: base = "", PAGES_USER: user = "", PAGES_PASSWORD: password = "", PAGES_CODE: code = "", PAGES_SHOTS: shots = "", PAGES_CHROMIUM: chrome = "/usr/bin/chromium" } = process.env;
const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const bound = 30_000; // milliseconds, of anything that is waited for

let browser: Browser, page: Page;
const faults: string[] = [];

before(async () => {
  assert.ok(base && user && password && code, "PAGES_BASE, PAGES_USER, PAGES_PASSWORD and PAGES_CODE say where, and as whom");
  browser = await chromium.launch({ executablePath: chrome, args: ["--no-sandbox"] });
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1440, height: 900 }, colorScheme: "dark" });
  page = await context.newPage();
  page.setDefaultTimeout(bound);
  page.on("pageerror", (fault) => faults.push(fault.message));
  page.on("console", (m) => { if (m.type() === "error" && !/401|favicon/.test(m.text())) faults.push(m.text()); });
});
after(() => browser?.close());

const press = async (...keys: string[]) => { for (const key of keys) await page.keyboard.press(key); };
const goTo = async (key: string) => { await page.locator("main").focus(); await press("g", key); };
const shot = (name: string) => (shots ? page.screenshot({ path: `${shots}/${name}.png` }) : Promise.resolve());
const sees = (text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: bound });

/** No finding of axe that keeps somebody from using the page. */
async function accessible(view: string): Promise<void> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> } }).axe.run();
    return violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => `${v.id}: ${v.nodes[0]?.html}`);
  });
  assert.deepEqual(found, [], view);
}

test("a person signs in and sees how the core is", async () => {
  await page.goto(base);
  await page.getByLabel("User").waitFor();
  await page.keyboard.type(user);
  await press("Tab");
  await page.keyboard.type(password);
  await press("Tab");
  await page.keyboard.type(code);
  await press("Enter");
  await sees(/live/);
  await page.locator(".verdict").waitFor();
  await page.locator(".tile", { hasText: "Services" }).getByText(/^(■ )?\d+\/\d+$/).waitFor();
  await shot("now");
  await accessible("now");
});

test("a message that failed is found, read, replayed and discarded, by keyboard", async () => {
  await goTo("e");
  const groups = page.getByRole("grid", { name: "Groups" });
  await groups.getByRole("row").nth(1).waitFor();
  await groups.focus();
  await press("Enter");
  await page.getByRole("button", { name: /^Replay the whole group/ }).waitFor();
  await page.getByRole("grid", { name: "Entries" }).focus();
  await press("ArrowDown", "Enter");
  await page.getByRole("textbox", { name: /^Content/ }).waitFor();
  await shot("entry");
  await accessible("entry");
  await page.getByRole("button", { name: "Replay", exact: true }).focus();
  await press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type("the test tries it again");
  await press("Enter");
  await sees(/the test tries it again/);
  await sees(/2 times/); // it has failed again, and is open again
  await page.getByRole("button", { name: "Discard", exact: true }).focus();
  await press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type("nobody can read it");
  await press("Enter");
  await sees(/● ?discarded|○ discarded/);
});

test("the way of a trade is seen with its messages, its logs and the provider's own bytes", async () => {
  await goTo("t");
  const traces = page.getByRole("grid", { name: "Traces" });
  await page.getByLabel("What").selectOption("trades");
  await page.getByLabel("Outcome").selectOption("registered");
  await page.getByRole("button", { name: "Search" }).focus();
  const searched = page.waitForResponse((r) => r.url().includes("outcome=registered"));
  await press("Enter");
  await searched;
  await page.waitForFunction(() => [...document.querySelectorAll(".grid .rows .row:not([hidden])")].every((row) => row.textContent?.includes("registered")));
  await traces.getByText("registered").first().waitFor();
  await traces.focus();
  await press("ArrowDown", "Enter");
  const way = page.getByRole("listbox");
  await way.getByRole("option").nth(4).waitFor();
  await way.focus();
  await press("ArrowDown");
  await page.getByRole("heading", { name: /trade\.authorized by auth/ }).waitFor();
  await sees(/35=[DAE]/);
  await shot("trace");
  await accessible("trace");
});

test("every view is reached by keyboard, and is accessible on a phone in the light", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "light" });
  for (const [key, label] of [["i", "Instances"], ["p", "Sessions"], ["w", "Queues"], ["l", "Lines"]] as const) {
    await goTo(key);
    const table = page.getByRole("grid", { name: label, exact: true });
    await table.getByRole("row").nth(1).waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${label}: nothing is cut off`);
    await shot(`phone-${label}`);
    await accessible(label);
  }
  await goTo("s");
  await page.getByRole("grid", { name: "Groups", exact: true }).waitFor();
  await sees(/waits? for the mainframe/);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "Settlement: nothing is cut off");
  await shot("phone-Settlement");
  await accessible("Settlement");
  assert.deepEqual(faults, [], "faults of the page");
});
