/*
 * Send this Node program's calls to the vendor's hosts to a fake of emoji-mock. For Node 12 and newer.
 *
 * Node loads this file when it starts, as NODE_OPTIONS has `--require` with its path; `emoji-mock run` puts it there.
 * It does nothing unless the environment has EMOJI_MOCK_HOSTS. To switch it off, unset that variable or NODE_OPTIONS.
 *
 * It changes one function, net.Socket.prototype.connect, by which net, tls, http, https, http2, fetch and undici connect:
 *
 * - A connection to one of the vendor's hosts goes to the fake: to its plain port for port 80, to its TLS port for any
 *   other. TLS still names and checks the vendor's host. So does one to an address that the program has looked up itself
 *   (dns.resolve), if TLS names a vendor's host there; one without TLS cannot be recognised.
 * - Node trusts the fake by NODE_EXTRA_CA_CERTS. A `ca` that the program gives itself is left as it is: a program that
 *   pins the vendor's certificate fails the handshake, and the fake reports that.
 * - With EMOJI_MOCK_OFFLINE, connections to hosts other than the vendor's and this machine are refused (ECONNREFUSED).
 */
'use strict';

const net = require('net');
const os = require('os');

const LOOPBACK = '127.0.0.1';
const HTTP_PORT = 80;
const HERE = /^(localhost|.+\.localhost|127(\.\d+){3}|::ffff:127(\.\d+){3}|::1|0\.0\.0\.0|::)$/;

/* Return the options of a call of `connect`: (options), (port, host) or (path), or all of it in one array. */
function optionsOf(args) {
  const first = args[0];
  if (first !== null && typeof first === 'object') return first;
  if (typeof first === 'string' && !(Number(first) >= 0)) return { path: first };
  return { port: first, host: typeof args[1] === 'string' ? args[1] : undefined };
}

/* Look every name up as loopback. Node asks a function as this, an option of `connect`, in place of the system. */
function lookUpAsLoopback(name, options, callback) {
  if (typeof options === 'function') return lookUpAsLoopback(name, {}, options);
  const found = options && options.all ? [[{ address: LOOPBACK, family: 4 }]] : [LOOPBACK, 4];
  process.nextTick(callback, null, ...found);
}

function isHere(host) {
  return HERE.test(host) || host === os.hostname().toLowerCase();
}

function refusal(host, port) {
  const error = new Error('emoji-mock --offline refuses ' + host + ':' + port);
  return Object.assign(error, { code: 'ECONNREFUSED', syscall: 'connect', address: host, port });
}

function start(environment) {
  const vendor = new RegExp('^(?:' + environment.EMOJI_MOCK_HOSTS + ')$');
  const tlsPort = Number(environment.EMOJI_MOCK_TLS_PORT);
  const plainPort = Number(environment.EMOJI_MOCK_PORT);
  const isPort = (number) => Number.isInteger(number) && number > 0 && number < 65536;
  if (!(isPort(tlsPort) && isPort(plainPort))) throw new Error('EMOJI_MOCK_TLS_PORT or EMOJI_MOCK_PORT is no port');
  const offline = /^(1|true|yes|on)$/i.test(environment.EMOJI_MOCK_OFFLINE || '');
  const connect = net.Socket.prototype.connect;
  const plain = (host) => (typeof host === 'string' && host ? host.toLowerCase().replace(/\.$/, '') : 'localhost');
  const isVendor = (host) => vendor.test(plain(host));

  net.Socket.prototype.connect = function (...given) {
    const args = Array.isArray(given[0]) ? given[0] : given;
    const options = optionsOf(args);
    const host = plain(options.host);
    if (options.path || options.port === undefined) return connect.apply(this, given); // a local socket, or an error
    if (isVendor(host) || (net.isIP(host) && !isHere(host) && isVendor(options.servername))) {
      const port = Number(options.port) === HTTP_PORT ? plainPort : tlsPort;
      const name = net.isIP(host) ? options.servername : options.host; // as an address would not be looked up
      const turned = { host: name, port, lookup: lookUpAsLoopback, localAddress: undefined };
      const callback = args.slice(1).find((one) => typeof one === 'function');
      return connect.call(this, Object.assign({}, options, turned), callback);
    }
    if (offline && !isHere(host)) {
      process.nextTick(() => this.destroy(refusal(host, options.port)));
      return this;
    }
    return connect.apply(this, given);
  };
}

if (process.env.EMOJI_MOCK_HOSTS) {
  try {
    start(process.env);
  } catch (error) {
    // Whatever is wrong, the program must run.
    process.stderr.write('emoji-mock: calls of this Node are not sent to the fake: ' + error.message + '\n');
  }
}
