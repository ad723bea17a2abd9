"""A page of somebody else, which tries to make a visitor's browser give commands to the guarded site."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Each way in which a page can send something; what comes of it is seen at the site, and in its log.
ATTEMPTS = """async (site) => {
  const mutation = JSON.stringify({query: 'mutation {setNuxSeen}'});
  const graphql = `${site}/operate/graphql`;
  const told = {};
  const fetched = async (name, url, options) => {
    try {
      const answer = await fetch(url, {credentials: 'include', ...options});
      told[name] = answer.type === 'opaque' ? 'opaque' : answer.status;
    } catch (fault) { told[name] = 'failed'; }
  };
  const json = {'Content-Type': 'application/json'};
  await fetched('plain text', graphql, {method: 'POST', mode: 'no-cors', body: mutation});
  await fetched('json', graphql, {method: 'POST', headers: json, body: mutation});
  await fetched('get', `${graphql}?query=mutation{setNuxSeen}`, {mode: 'no-cors'});
  const report = `${site}/operate/report_asset_materialization/scores`;
  await fetched('report', report, {method: 'POST', mode: 'no-cors', body: '{}'});
  await fetched('log out', `${site}/logout`, {method: 'POST', mode: 'no-cors'});
  await fetched('read', `${site}/`, {});
  await fetched('delete', `${site}/`, {method: 'DELETE'});
  navigator.sendBeacon(graphql, new Blob([mutation], {type: 'text/plain'}));
  await new Promise((done) => {
    Object.assign(new Image(), {onload: done, onerror: done, src: `${graphql}?query=mutation{setNuxSeen}`});
  });
  told.socket = await new Promise((done) => {
    const socket = new WebSocket(graphql.replace('http', 'ws'), 'graphql-ws');
    socket.onopen = () => done('open');
    socket.onerror = () => done('failed');
  });
  const frames = [];
  const frame = (name) => {
    const made = Object.assign(document.createElement('iframe'), {name});
    frames.push(new Promise((done) => { made.onload = done; setTimeout(done, 2000); }));
    document.body.append(made);
    return made;
  };
  frame('shown').src = `${site}/`;
  for (const [name, path, fields] of [
    ['form', '/operate/graphql', {query: 'mutation {setNuxSeen}'}],
    ['form out', '/logout', {}],
    ['form in', '/login', {name: 'mallory', password: 'x', next: '/'}],
    ['form password', '/password', {old: 'x', new: 'y', again: 'y'}],
  ]) {
    frame(name);
    const form = Object.assign(document.createElement('form'), {method: 'post', action: site + path, target: name});
    for (const [field, value] of Object.entries(fields)) {
      form.append(Object.assign(document.createElement('input'), {name: field, value}));
    }
    document.body.append(form);
    form.submit();
  }
  await Promise.all(frames);
  return told;
}"""


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>elsewhere</title><link rel=icon href=data:,><body>")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def hostile_server() -> Iterator[int]:
    """Its port, on every loopback name."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
