#!/usr/bin/env bash
# Writes a small static shop: pages, assets, a JSON interface, and a tour on which a browser visits them all.   site.sh DIR
set -euo pipefail
site=$1
mkdir -p "$site/api" "$site/img" "$site/assets"
page() { # file, title, body
  cat >"$site/$1.html" <<HTML
<!doctype html><html lang="en"><meta charset="utf-8"><title>$2</title><link rel="icon" href="/img/lamp.svg">
<link rel="stylesheet" href="/assets/site.css?v=3"><script defer src="/assets/site.js?v=3"></script>
<nav><a href="/">Home</a> <a href="/shop">Shop</a> <a href="/search?q=lamp">Search</a> <a href="/contact">Contact</a></nav>
<h1>$2</h1>$3</html>
HTML
}
cards=
for i in 1 2 3 4 5 6; do
  echo "<svg xmlns='http://www.w3.org/2000/svg' width='80' height='80'><circle cx='40' cy='40' r='$((10 + 5 * i))' fill='#e90'/></svg>" >"$site/img/lamp-$i.svg"
  cards+="<a href='/item?id=$i'><img src='/img/lamp-$i.svg' alt='Lamp $i'>Lamp $i</a> "
  echo "{\"id\":$i,\"price\":$((i * 7))}" >"$site/api/item-$i.json"
done
cp "$site/img/lamp-1.svg" "$site/img/lamp.svg"
echo 'body{font:16px/1.5 sans-serif;margin:2rem}nav a{margin-right:1rem}' >"$site/assets/site.css"
echo 'fetch("/api/item-1").then(r => r.json()).then(i => document.body.append(" from " + i.price))' >"$site/assets/site.js"
page index Home "<p>Lamps.</p>$cards"
page shop Shop "$cards<form action='/search'><input name='q'><input name='sort' value='price'><button>Search</button></form>"
page item "A lamp" "<p>It shines.</p><form method='post' action='/item'><input name='id' value='1'><button>Buy</button></form>"
page search Results "$cards"
page contact Contact "<form action='/contact'><input name='name'><textarea name='text'></textarea><button>Send</button></form>"
page about About "<p>Since 1901.</p>"
mkdir -p "$site/blog"
page blog/index Blog "<p>News.</p>"
for post in summer-sale new-lamps how-to-clean-glass; do page "blog/$post" "$post" "<p>Text.</p>$cards"; done
# The tour: pages open in a frame one after the other, at a person's pace.
cat >"$site/tour.html" <<'HTML'
<!doctype html><html lang="en"><meta charset="utf-8"><title>Tour</title><link rel="icon" href="/img/lamp.svg"><iframe name="page" width="1000" height="700"></iframe><script>
const visitor = Number(new URLSearchParams(location.search).get("visitor"));
const stops = ["/", "/shop", "/item?id=1", "/item?id=4", "/search?q=lamp", "/search?q=desk+lamp&sort=price", "/search?q=caf%C3%A9%20%26%20bar", "/about",
  "/blog/", "/blog/summer-sale", "/blog/new-lamps?utm_source=mail&utm_medium=web", "/blog/how-to-clean-glass", "/contact",
  "/contact?name=Ann+O%27Neil&text=Is+it+brighter+than+40+watts%3F", "/shop", "/item?id=6", "/"];
const frame = document.querySelector("iframe");
const pause = ms => new Promise(done => setTimeout(done, ms));
(async () => {
  for (let i = 0; i < stops.length; i++) {
    frame.src = stops[(i * (visitor % 3 * 2 + 1)) % stops.length];
    await new Promise(done => frame.onload = done);
    await pause(300 + 200 * ((i * 7 + visitor * 3) % 9));
  }
  fetch("/tour-done-" + visitor);
})();
</script></html>
HTML
