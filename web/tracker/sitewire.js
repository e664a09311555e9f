// Counts visits without cookies. docs/tracker.md says what is sent and how it is set. What a site serves is this file
// minified, below 2 KB gzipped. It never throws into the page: whatever the browser calls is guarded.
((document) => {
  const FILES = /\.(csv|dmg|docx?|epub|exe|gz|mp[34]|pdf|pptx?|rar|xlsx?|zip)$/i;

  const settings = document.currentScript.dataset;
  const vitals = {};

  let pending = []; // events that are in no batch yet, with their time `t`
  let outbox = []; // batches that nobody has confirmed: [id, events]
  let patience = 2e3; // ms until a failed batch is sent again, doubled by each failure
  let timer; // of the next attempt
  let sending; // the batch that is under way
  let page; // address of the present page
  let view; // its page view
  let depth; // how many quarters of it were seen; NaN once that was told
  let landing; // address of the page that was loaded, until its vitals are told
  let shifts = 0, shiftedFirst = 0, shiftedLast = 0; // a burst of layout shifts

  const guarded = (action) => (...given) => {
    try {
      return action(...given);
    } catch {}
  };
  const listen = (type, action) => addEventListener(type, guarded(action), true);
  const wants = (name) => settings.auto?.includes(name) ?? true;

  // One line as the API takes it: no control characters, no half of a surrogate pair.
  const line = (text, length) => `${text}`.slice(0, length).replace(/[\p{Cc}\p{Cs}]/gu, " ").trim();

  // UUIDv7: the time, and 72 random bits.
  const batchId = () =>
    `0${Date.now().toString(16)}-7xxx-8xxx-xxxxxxxxxxxx`
      .replace(/x/g, () => ((Math.random() * 16) | 0).toString(16))
      .replace(/.{8}/, "$&-");

  // Clocks may be wrong: only an event that waited tells its time.
  const body = ([id, events]) =>
    JSON.stringify({
      id,
      events: events.map(({ t, ...event }) => {
        if (Date.now() - t > 1e4) event.occurred_at = new Date(t);
        return event;
      }),
    });

  const keep = guarded((batches) => {
    outbox = batches.slice(-10);
    sessionStorage["sitewire.outbox"] = JSON.stringify(outbox);
  });

  const confirmed = (batch) => keep(outbox.filter((other) => other != batch));

  const later = (delay) => {
    timer ||= setTimeout(flush, delay);
  };

  const add = (event, url = page) => {
    pending.push(Object.assign(event, { url: url.slice(0, 2048), t: Date.now() }));
    later(1e3);
  };

  const addEvent = (name, props, url) => {
    const cleaned = Object.entries(props)
      .map(([key, value]) => [line(key, 64), line(value, 200)])
      .filter(([key]) => key);
    add({ type: "event", name: line(name, 64), props: Object.fromEntries(cleaned.slice(0, 20)) }, url);
  };

  // A browser sends 64 KiB after its page is gone: 18,000 characters have 54 kB at most.
  const seal = () => {
    view.title = line(document.title, 300);
    while (pending[0]) {
      let count = 100;
      while (count > 1 && JSON.stringify(pending.slice(0, count)).length > 18e3) count >>= 1;
      pending[0].screen = screen.width + "x" + screen.height;
      pending[0].language = navigator.language;
      keep([...outbox, [batchId(), pending.splice(0, count)]]);
    }
  };

  // One batch after the other; a failed one is sent again with its id.
  const flush = async () => {
    timer = 0;
    seal();
    const [batch] = outbox;
    if (sending || !batch) return;
    sending = batch;
    let status;
    try {
      ({ status } = await fetch(settings.api + "/api/analytics", { method: "POST", body: body(batch), keepalive: true }));
    } catch {}
    sending = 0;
    if (status < 500 && status != 429) {
      confirmed(batch);
      patience = 2e3;
      if (outbox[0]) later(100);
    } else later((patience *= 2));
  };

  const tellDepth = () => {
    if (depth) addEvent("scroll", { depth: depth * 25 });
    depth = NaN;
  };

  // The page may never be seen again. A beacon's answer can't be read: while the API fails, its batch is kept too.
  const leave = () => {
    tellDepth();
    if (landing) addEvent("web-vitals", vitals, landing);
    landing = 0;
    seal();
    for (const batch of outbox)
      if (
        batch != sending &&
        navigator.onLine &&
        navigator.sendBeacon(settings.api + "/api/analytics", body(batch)) &&
        patience == 2e3
      )
        confirmed(batch);
  };

  const visit = () => {
    // With data-hash, routes in the fragment are pages of their own: /app#/team is /app/team.
    const path = location.pathname + ("hash" in settings ? location.hash : "");
    const address = location.origin + path.replace(/\/?#[!/]*/, "/") + location.search;
    if (address == page) return;
    const referrer = view ? "" : document.referrer.slice(0, 2048);
    if (view) {
      tellDepth();
      seal();
    }
    page = address;
    depth = 0;
    view = { type: "pageview", referrer: referrer || undefined };
    add(view);
  };

  const clicked = ({ target, button }) => {
    const link = target.closest("a[href]");
    if (button > 1 || !/^http/.test(link.protocol)) return;
    const outside = link.host != location.host;
    const place = (outside ? link.host : "") + link.pathname;
    if (wants("downloads") && (link.hasAttribute("download") || FILES.test(place))) addEvent("download", { file: place });
    else if (outside && wants("outbound")) addEvent("outbound", { url: place });
  };

  // The worst value counts. Which are good and which are poor: https://web.dev/articles/vitals
  const measure = (name, good, poor, type, value) => {
    let worst = 0;
    guarded(() =>
      new PerformanceObserver((list) =>
        list.getEntries().map((entry) => {
          const measured = value(entry);
          if (measured >= worst) {
            worst = measured;
            vitals[name] = worst > poor ? "poor" : worst > good ? "needs-improvement" : "good";
          }
        }),
      ).observe({ type, buffered: true, durationThreshold: 16 }),
    )();
  };

  const shifted = ({ hadRecentInput, startTime, value }) => {
    if (hadRecentInput) return 0;
    if (startTime - shiftedLast > 1e3 || startTime - shiftedFirst > 5e3) {
      shiftedFirst = startTime;
      shifts = 0;
    }
    shiftedLast = startTime;
    return (shifts += value);
  };

  const start = (prerendered) => {
    const queued = window.sitewire?.q || [];
    window.sitewire = guarded((command, name, props = {}) => {
      if (command == "event" && /\S/.test(name)) addEvent(name, props);
    });

    const excluded = guarded(() => {
      const [, choice] = location.search.match(/[?&]sitewire=(in|ex)clude/) || [];
      if (choice) localStorage["sitewire.exclude"] = choice == "ex" ? 1 : "";
      return localStorage["sitewire.exclude"];
    })();
    if (excluded || "exclude" in settings) return;
    if ("respectDnt" in settings && (navigator.globalPrivacyControl || navigator.doNotTrack == 1)) return;

    guarded(() => {
      outbox = JSON.parse(sessionStorage["sitewire.outbox"]);
    })();
    visit();
    queued.map((given) => window.sitewire(...given));

    for (const name of ["pushState", "replaceState"]) {
      const original = history[name];
      history[name] = (...given) => {
        original.apply(history, given);
        guarded(visit)();
      };
    }
    listen("popstate", visit);
    listen("online", flush);
    listen("pagehide", leave);
    listen("visibilitychange", () => document.hidden && leave());
    // Back from the browser's cache, a page is seen again.
    listen("pageshow", ({ persisted }) => {
      if (persisted) {
        page = 0;
        visit();
      }
    });
    listen("click", clicked);
    listen("auxclick", clicked);
    if (wants("scroll"))
      listen("scroll", () => {
        const seen = (scrollY + innerHeight + 1) / document.documentElement.scrollHeight;
        depth = Math.max(depth, Math.min(4, seen * 4) | 0);
      });
    if (wants("vitals") && !document.hidden && !prerendered) {
      landing = page;
      if (window.LayoutShift) vitals.CLS = "good";
      measure("TTFB", 800, 1800, "navigation", ({ responseStart }) => responseStart);
      measure("FCP", 1800, 3000, "paint", ({ startTime }) => startTime);
      measure("LCP", 2500, 4000, "largest-contentful-paint", ({ startTime }) => startTime);
      measure("CLS", 0.1, 0.25, "layout-shift", shifted);
      measure("INP", 200, 500, "event", ({ interactionId, duration }) => (interactionId ? duration : -1));
    }
  };

  if (document.prerendering) listen("prerenderingchange", start);
  else guarded(start)();
})(document);
