"use strict";

// The page is marked as the current one, and the buttons of the first page send their requests.

for (const link of document.querySelectorAll("nav a")) {
  if (link.pathname === location.pathname || location.pathname.startsWith(link.pathname + "/")) {
    link.setAttribute("aria-current", "page");
  }
}

const LIMIT = 400;

/** An address of a block that belongs to nobody (RFC 5737), so that each run is a new client. */
const anyone = (block) => block + (1 + Math.floor(Math.random() * 254));

const ask = (path, client) =>
  fetch(path, { headers: { "X-Forwarded-For": client }, cache: "no-store" });

const verdict = (status, expected, text) => {
  const line = document.createDocumentFragment();
  const number = document.createElement("b");
  number.textContent = status;
  number.className = status === expected ? "good" : "bad";
  line.append(number, " " + text);
  return line;
};

const requestId = (response) => {
  const id = response.headers.get("X-Request-Id");
  return id ? "Request " + id : "No request id came with it.";
};

const trials = {
  async page(card) {
    const response = await ask("/", anyone("192.0.2."));
    card.outcome.replaceChildren(verdict(response.status, 200, requestId(response)));
  },

  async attack(card) {
    const response = await ask("/search?q=%3Cscript%3Ealert(1)%3C/script%3E", anyone("198.51.100."));
    card.outcome.replaceChildren(verdict(response.status, 403, requestId(response)));
  },

  async burst(card) {
    const client = anyone("203.0.113.");
    let passed = 0;
    let refused = 0;
    for (let n = 1; n <= LIMIT && refused < 20; n++) {
      const response = await ask("/api/items?n=" + n, client);
      if (response.status === 429) refused++;
      else passed++;
      const share = LIMIT / 100;
      card.meter.children[0].style.width = passed / share + "%";
      card.meter.children[1].style.width = refused / share + "%";
    }
    const status = refused > 0 ? 429 : 200;
    const text = refused > 0
      ? `after ${passed} answers; ${client} has to wait now, nobody else.`
      : `for all ${passed} requests.`;
    card.outcome.replaceChildren(verdict(status, 429, text));
  },
};

for (const button of document.querySelectorAll("[data-trial]")) {
  const card = {
    outcome: button.parentElement.querySelector(".outcome"),
    meter: button.parentElement.querySelector(".meter"),
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    card.outcome.textContent = "…";
    try {
      await trials[button.dataset.trial](card);
    } catch (failure) {
      card.outcome.textContent = "The request failed: " + failure.message;
    } finally {
      button.disabled = false;
    }
  });
}
