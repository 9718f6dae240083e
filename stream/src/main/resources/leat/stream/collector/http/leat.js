/* leat.js: a page's events to a Leat collector, in batches, each taken once. No cookies. */
(() => {
  'use strict';
  const script = document.currentScript;
  const early = (window.leat || {}).q || [];
  const set = { url: '', key: '', view: '', time: '', batch: 50, linger: 1000, queue: 1000, fields: {} };
  // What a page may send without asking first.
  const TYPE = 'text/plain;as=cloudevents-batch';
  // Bytes of a request; browsers take 64 KiB of beacons.
  const CHUNK = 60000;
  let queue = [], busy = false, wait = 0, timer = 0;

  const warn = text => console.warn('leat.js: ' + text);
  const size = text => new Blob([text]).size;
  // Pages without TLS have no randomUUID.
  const uuid = () => crypto.randomUUID ? crypto.randomUUID()
    : Array.from(crypto.getRandomValues(new Uint8Array(16)), b => (b + 256).toString(16).slice(1)).join('');
  const address = contract => set.url + 'v1/events/' + encodeURIComponent(contract) + '?ids=false'
    + (set.key ? '&key=' + encodeURIComponent(set.key) : '');
  const body = part => '[' + part.map(e => e.text).join() + ']';

  // The first events of one contract that go into one request.
  function cut(events) {
    const part = [];
    let bytes = 2;
    for (const e of events) {
      if (e.contract !== events[0].contract) continue;
      bytes += e.size + 1;
      if (part.length >= set.batch || bytes > CHUNK) break;
      part.push(e);
    }
    return part;
  }

  function later(millis) {
    timer = timer || setTimeout(flush, millis);
  }

  // An event leaves the queue only when the collector has answered for it.
  async function flush() {
    clearTimeout(timer);
    timer = 0;
    if (busy || !queue.length || !set.url) return;
    busy = true;
    const part = cut(queue);
    let status = 0, pause = 0, text = '';
    try {
      const answer = await fetch(address(part[0].contract),
        { method: 'POST', body: body(part), headers: { 'content-type': TYPE }, credentials: 'omit' });
      status = answer.status;
      pause = 1000 * answer.headers.get('retry-after');
      text = await answer.text();
    } catch (e) {
      // Away, or the answer was cut off: the ids tell what is sent twice.
    }
    busy = false;
    if (!status || status === 408 || status === 429 || status >= 500) {
      wait = Math.min(wait * 2 || 500, 30000);
      later(Math.max(wait * (0.5 + Math.random() / 2), pause));
      return;
    }
    wait = 0;
    queue = queue.filter(e => !part.includes(e));
    if (status !== 202) warn(status + ' ' + text);
    if (queue.length) later(queue.length >= set.batch ? 0 : set.linger);
  }

  // The page may end now: all goes out once more, also what waits for its answer.
  function hide() {
    for (let rest; (rest = queue.filter(e => !e.gone)).length && set.url;) {
      const part = cut(rest);
      if (!navigator.sendBeacon(address(part[0].contract), new Blob([body(part)], { type: TYPE }))) return;
      part.forEach(e => e.gone = true);
    }
  }

  function track(contract, fields) {
    const data = Object.assign({}, set.fields, fields);
    const id = uuid(), time = new Date().toISOString();
    if (set.time) data[set.time] = time;
    const text = JSON.stringify(
      { specversion: '1.0', id, source: location.origin, type: contract, time, data });
    const e = { contract, text, size: size(text) };
    if (queue.length >= set.queue || e.size > CHUNK - 3) {
      warn('dropped an event of ' + contract + ': the queue is full, or it is too large');
      return '';
    }
    queue.push(e);
    if (document.visibilityState === 'hidden') hide();
    if (queue.length >= set.batch && !wait) flush(); else later(set.linger);
    return id;
  }

  // Queries may hold what is personal.
  const plain = url => url.split(/[?#]/)[0];
  const view = () => set.view && track(set.view,
    { url: plain(location.href), referrer: plain(document.referrer), title: document.title });

  function init(options) {
    Object.assign(set, options);
    for (const name of ['batch', 'linger', 'queue']) set[name] = +set[name];
    if (queue.length) later(0);
  }

  addEventListener('pagehide', hide);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') hide(); else queue.forEach(e => e.gone = false);
  });
  addEventListener('online', () => { wait = 0; flush(); });
  window.leat = { init, track, view, flush };
  if (script) init(Object.assign({ url: new URL('.', script.src).href }, script.dataset));
  early.forEach(call => track(...call));
  view();
})();
