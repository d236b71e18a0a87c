// Call the vendor's host by everything that Node itself brings; print what each got, in JSON. Nothing here knows a fake.
import { spawnSync } from 'child_process';
import http from 'http';
import https from 'https';
import { createRequire } from 'module';
import net from 'net';
import tls from 'tls';
import { Worker } from 'worker_threads';

const HOST = 'dashscope.aliyuncs.com';
const REQUEST = `GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`;

function text(stream) {
  return new Promise((resolve, reject) => {
    let got = '';
    stream.on('data', (part) => (got += part));
    stream.on('end', () => resolve(got));
    stream.on('error', reject);
  });
}

function get(module, options) {
  return new Promise((resolve, reject) => module.get(options, (response) => resolve(text(response))).on('error', reject));
}

function raw(socket) {
  socket.write(REQUEST);
  return text(socket);
}

async function twice(module, agent) {
  const got = [await get(module, { host: HOST, agent }), await get(module, { host: HOST, agent })];
  agent.destroy();
  return got[1];
}

const IN_WORKER = `
  require('https').get('https://${HOST}/', (response) =>
    response.on('data', (part) => require('worker_threads').parentPort.postMessage(String(part))));`;
const IN_CHILD = `require('https').get('https://${HOST}/', (response) => response.pipe(process.stdout));`;

const clients = {
  https: () => get(https, `https://${HOST}/`),
  http: () => get(http, `http://${HOST}/`),
  https_required: () => get(createRequire(import.meta.url)('https'), `https://${HOST}/`),
  https_frozen_options: () => get(https, Object.freeze({ hostname: `${HOST.toUpperCase()}.`, headers: { host: HOST }, port: '443', family: 6 })),
  https_own_lookup: () => get(https, { host: HOST, lookup: () => { throw new Error('the lookup was called'); } }),
  https_kept_alive: () => twice(https, new https.Agent({ keepAlive: true })),
  http_kept_alive: () => twice(http, new http.Agent({ keepAlive: true })),
  tls_options: () => raw(tls.connect({ host: HOST, port: 443, servername: HOST })),
  tls_arguments: () => raw(tls.connect(443, HOST, { servername: HOST })),
  tls_by_address: () => raw(tls.connect({ host: '203.0.113.7', port: 443, servername: HOST })),
  net_arguments: () => raw(net.connect('80', HOST)),
  net_callback: () => new Promise((resolve) => { const socket = net.connect(80, HOST, () => resolve(raw(socket))); }),
  net_socket: () => raw(new net.Socket().connect({ port: 80, host: HOST })),
  worker: () => new Promise((resolve, reject) => new Worker(IN_WORKER, { eval: true }).on('message', resolve).on('error', reject)),
  child: () => String(spawnSync(process.execPath, ['-e', IN_CHILD]).stdout),
};
if (typeof fetch === 'function') {
  clients.fetch = () => fetch(`https://${HOST}/`).then((response) => response.text());
  clients.fetch_http = () => fetch(`http://${HOST}/`).then((response) => response.text());
}

(async () => {
  const answers = {};
  for (const name of Object.keys(clients)) {
    try {
      answers[name] = JSON.parse((await clients[name]()).split('\r\n\r\n').pop()).output;
    } catch (error) {
      answers[name] = String(error.cause || error);
    }
  }
  console.log(JSON.stringify(answers));
})();
