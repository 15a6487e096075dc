// A person at a browser, as far as a program can be one: follows links, fills in forms, searches, writes pages, goes back.
//   node --experimental-websocket click.mjs DEBUG_PORT SECONDS SEED OUT NAME=URL …
// Talks to a Chromium that runs with --remote-debugging-port. Writes OUT: JSON with requests by site and status, and each blocked one in full.
import { writeFileSync } from "node:fs";

const [debugPort, seconds, seed, out, ...named] = process.argv.slice(2);
const sites = named.map(text => ({ name: text.slice(0, text.indexOf("=")), url: text.slice(text.indexOf("=") + 1), steps: 0, statuses: {}, requests: 0 }));

let state = Number(seed) >>> 0;
function random(n) { // mulberry32
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}
const pause = ms => new Promise(done => setTimeout(done, ms));

// What people write. Some of it looks a little like something else.
const texts = ["lamp", "Harbour", "copper & brass", "O'Neil and Sons", "5 < 6, isn't it?", "50% off!", "C++ (2nd edition)", "select the best one from the list",
  "https://example.com/lamps?id=7&sort=price", "naïve café – señor Nuñez", "drop the table lamp off at 9; call me", "\"quiet\" inside", "ann@example.com",
  "1/2 l, 3-4 days", "-- see below --", "a = b or c = d", "Straße 7, 2. Stock", "+351 912 345 678", "what is an order by phone?", "print(total) gives 12",
  "union of two sets, and where they meet", "../ means one folder up", "#lamp @harbour", "日本語のランプ", "🙂 thanks!", "A lamp\n\n* one\n* two\n\nMore: [[Harbour]] 'n' [[Meadow]]"];
const text = () => texts[random(texts.length)];

const page = await (await fetch(`http://127.0.0.1:${debugPort}/json/new?about:blank`, { method: "PUT" })).json();
const socket = new WebSocket(page.webSocketDebuggerUrl);
await new Promise((done, failed) => { socket.onopen = done; socket.onerror = failed; });
let serial = 0;
const waiting = new Map();
const send = (method, params = {}) => new Promise((done, failed) => {
  const id = ++serial;
  const timer = setTimeout(() => { waiting.delete(id); failed(new Error(`${method}: no answer`)); }, 20000);
  waiting.set(id, { done, failed, timer });
  socket.send(JSON.stringify({ id, method, params }));
});
const sent = new Map(); // by the browser's number of the request
const fromCache = new Set();
const blocked = [];
socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  const call = waiting.get(message.id);
  if (call) {
    waiting.delete(message.id);
    clearTimeout(call.timer);
    message.error ? call.failed(new Error(message.error.message)) : call.done(message.result);
  } else if (message.method === "Network.requestWillBeSent") {
    if (message.params.redirectResponse) answered(message.params.requestId, message.params.redirectResponse);
    sent.set(message.params.requestId, message.params.request);
    if (sent.size > 5000) sent.delete(sent.keys().next().value);
  } else if (message.method === "Network.requestServedFromCache") {
    fromCache.add(message.params.requestId);
  } else if (message.method === "Network.responseReceived") {
    answered(message.params.requestId, message.params.response);
  } else if (message.method === "Page.javascriptDialogOpening") {
    send("Page.handleJavaScriptDialog", { accept: true }).catch(() => {});
  }
};
function answered(id, response) {
  const site = sites.find(s => response.url.startsWith(new URL(s.url).origin + "/"));
  if (!site || response.fromDiskCache || fromCache.delete(id)) return;
  site.requests++;
  site.statuses[response.status] = (site.statuses[response.status] ?? 0) + 1;
  // The proxy writes Via into what it passes on; what lacks it, it answered itself.
  const passedOn = Object.keys(response.headers).some(name => name.toLowerCase() === "via");
  if (!passedOn && response.status >= 400) {
    const request = sent.get(id) ?? {};
    blocked.push({ site: site.name, status: response.status, method: request.method, url: response.url, body: request.postData ?? "", headers: request.headers ?? {} });
  }
}
const evaluate = async expression => (await send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true })).result?.value;
async function settle() {
  for (let i = 0; i < 40; i++) {
    await pause(150);
    if (await evaluate("document.readyState").catch(() => "") === "complete") break;
  }
  await pause(200 + random(700));
}
async function open(url) {
  await send("Page.navigate", { url });
  await settle();
}

// Fills the form and sends it; what the form holds already stays.
const submit = (which, values) => evaluate(`(() => {
  const form = [...document.forms][${which}], values = ${JSON.stringify(values)};
  if (!form) return;
  let n = 0;
  for (const field of form.elements) {
    if (field.disabled || field.readOnly) continue;
    if (field.tagName === "TEXTAREA") field.value = (field.value + "\\n\\n" + values[n++ % values.length]).slice(-4000);
    else if (field.tagName === "SELECT") field.selectedIndex = Math.min(field.options.length - 1, n++ % 3);
    else if (["text", "search", "email", "url", "tel", ""].includes(field.getAttribute("type") ?? "") && !/token|user|password|antispam|^id$/i.test(field.name)) field.value = values[n++ % values.length].split("\\n")[0];
    else if (field.type === "number") field.value = 7;
  }
  const buttons = [...form.querySelectorAll("button, input[type=submit]")].filter(b => !/delete|cancel|reset/i.test(b.name + b.value + b.textContent));
  buttons.length ? buttons[${random(3)} % buttons.length].click() : form.requestSubmit();
})()`);
const follow = n => evaluate(`(() => {
  const links = [...document.querySelectorAll("a[href]")].filter(a => a.origin === location.origin && !/logout|action=delete|do=logout|install|Special:Log[Oo]ut|Special:UserLogout/.test(a.href) && !a.href.endsWith("#"));
  if (links.length) { const a = links[${n} % links.length]; a.removeAttribute("target"); a.click(); }
  return links.length;
})()`);
// Both wikis have a form with a password; the account is the one that apps.sh makes.
const logIn = name => evaluate(`(() => {
  const password = document.querySelector("input[type=password]");
  if (!password) return false;
  const user = password.form.querySelector("input[type=text], input:not([type])");
  user.value = ${JSON.stringify(name)}; password.value = "Lamp-and-quay-7";
  const button = password.form.querySelector("button[type=submit], input[type=submit], button");
  button ? button.click() : password.form.requestSubmit();
  return true;
})()`);

async function step(site) {
  const kind = random(20);
  const writing = await evaluate("[...document.forms].findIndex(form => form.querySelector('textarea:not([readonly])'))");
  if (writing >= 0 && random(4) > 0) { // where there is something to write, people are there to write
    await submit(writing, [text(), text(), text()]);
  } else if (kind < 9) {
    await follow(random(1000));
  } else if (kind < 15) {
    const forms = await evaluate("document.forms.length");
    if (forms) await submit(random(forms), [text(), text(), text()]);
  } else if (kind < 16) {
    await evaluate("history.back()");
  } else if (kind < 19 && site.pages) {
    await open(new URL(site.pages[random(site.pages.length)].replace("{}", encodeURIComponent(text())), site.url).href);
  } else {
    await open(site.url);
  }
  await settle();
  const here = await evaluate("location.href").catch(() => "");
  if (!here.startsWith(new URL(site.url).origin)) await open(site.url);
}

// Addresses that a person types or has as bookmarks.
const pages = {
  dokuwiki: ["/doku.php?id=harbour&do=edit", "/doku.php?id=care:glass&do=edit", "/doku.php?id=start&do=revisions", "/doku.php?do=search&id=start&q={}", "/doku.php?id=start&do=media",
    "/doku.php?id=start&do=index", "/doku.php?id=meadow&do=diff", "/feed.php", "/doku.php?id=start&do=profile", "/doku.php?id=start&do=admin"],
  mediawiki: ["/index.php?title=Harbour&action=edit", "/index.php?title=Meadow&action=edit", "/index.php?title=Special:Search&search={}", "/index.php?title=Harbour&action=history",
    "/index.php/Special:RecentChanges?limit=50&days=30", "/index.php/Special:Preferences", "/api.php?action=opensearch&search={}", "/index.php/Special:AllPages", "/index.php/Special:Upload",
    "/rest.php/v1/search/page?q={}&limit=5"],
  demo: ["/lamps/2?utm_source=mail&utm_campaign={}", "/api/items?n=3", "/contact"],
};
await send("Page.enable");
await send("Network.enable", { maxPostDataSize: 65536 });
const until = Date.now() + 1000 * Number(seconds);
let steps = 0, failures = 0;
for (const site of sites) {
  site.pages = pages[site.name];
  const login = { dokuwiki: "/doku.php?id=start&do=login", mediawiki: "/index.php?title=Special:UserLogin" }[site.name];
  if (login) {
    await open(new URL(login, site.url).href);
    await logIn(site.name === "dokuwiki" ? "ann" : "Ann");
    await settle();
  }
}
while (Date.now() < until) {
  for (const site of sites) {
    await open(site.url).catch(() => failures++);
    for (let i = 0; i < 12 && Date.now() < until; i++) {
      try {
        await step(site);
        site.steps++;
        steps++;
      } catch (stuck) { // a page that went away under the step
        failures++;
      }
    }
  }
}
for (const site of sites) delete site.pages;
writeFileSync(out, JSON.stringify({ seconds: Number(seconds), steps, failures, sites, blocked }, null, 2) + "\n");
const requests = sites.reduce((sum, site) => sum + site.requests, 0);
for (const site of sites) console.log(`${site.name}: ${site.steps} steps, ${site.requests} requests, answers by status ${JSON.stringify(site.statuses)}`);
console.log(`${requests} requests in ${seconds} s, ${blocked.length} answered by the proxy itself`);
for (const b of blocked) console.log(`  ${b.status} ${b.site} ${b.method} ${b.url} ${b.body.slice(0, 200)}`);
socket.close();
process.exit(blocked.length === 0 && requests > 0 ? 0 : 1);
