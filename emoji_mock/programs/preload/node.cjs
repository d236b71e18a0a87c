/*
 * Send this Node program's calls to the vendor's hosts to a fake of emoji-mock. Node 12 or newer.
 *
 * Node loads this file at its start because NODE_OPTIONS has `--require` with its path; `emoji-mock run` puts it there.
 * It does nothing unless the environment has EMOJI_MOCK_HOSTS. To switch it off, unset that variable or NODE_OPTIONS.
 *
 * It changes one function, `net.Socket.prototype.connect`, through which net, tls, http, https, http2, fetch and undici
 * all connect: for the vendor's hosts the connection goes to the fake, to its plain port for port 80, to its TLS port
 * for any other. SNI and the certificate's check keep the vendor's host. NODE_EXTRA_CA_CERTS makes Node trust the fake;
 * a `ca` that the program itself gives is left as it is: one that pins the vendor's certificate fails, and the fake
 * says so. With EMOJI_MOCK_OFFLINE, connections to any host but the vendor's and this machine are refused.
 */
'use strict';

const net = require('net');

const LOOPBACK = '127.0.0.1';

// The arguments of `connect` are (options), (port, host), (path), each with an optional callback, or one array of them.
function optionsOf(args) {
  const first = args[0];
  if (first !== null && typeof first === 'object') return first;
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { path: first };
  return typeof args[1] === 'string' ? { port: first, host: args[1] } : { port: first };
}

function callbackOf(args) {
  return args.slice(1).find((one) => typeof one === 'function');
}

function toLoopback(host, options, callback) {
  const done = typeof options === 'function' ? options : callback;
  if (options && options.all) process.nextTick(done, null, [{ address: LOOPBACK, family: 4 }]);
  else process.nextTick(done, null, LOOPBACK, 4);
}

function start(environment) {
  const vendor = new RegExp('^(?:' + environment.EMOJI_MOCK_HOSTS + ')\\.?$', 'i');
  const tlsPort = Number(environment.EMOJI_MOCK_TLS_PORT);
  const plainPort = Number(environment.EMOJI_MOCK_PORT);
  if (!(tlsPort > 0 && plainPort > 0)) throw new Error('EMOJI_MOCK_TLS_PORT or EMOJI_MOCK_PORT is not a port');
  const connect = net.Socket.prototype.connect;

  net.Socket.prototype.connect = function (...given) {
    const args = Array.isArray(given[0]) ? given[0] : given;
    const options = optionsOf(args);
    if (options.path || !vendor.test(options.host)) return connect.apply(this, given);
    const port = Number(options.port) === 80 ? plainPort : tlsPort;
    return connect.call(
      this,
      Object.assign({}, options, { port, lookup: toLoopback, localAddress: undefined }),
      callbackOf(args)
    );
  };
}

if (process.env.EMOJI_MOCK_HOSTS) {
  try {
    start(process.env);
  } catch (error) {
    // Whatever is wrong, the program must run.
    process.stderr.write('emoji-mock: calls of Node are not sent to the fake: ' + error.message + '\n');
  }
}
