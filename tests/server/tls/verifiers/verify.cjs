// Print for each host whether its certificate is accepted: PROXY_PORT CA_PEM HOST...
const [proxyPort, caFile, ...hosts] = process.argv.slice(2);
const net = require("net"), tls = require("tls"), fs = require("fs");
const ca = fs.readFileSync(caFile);
const attempt = (host) => new Promise((resolve) => {
  const raw = net.connect(proxyPort, "127.0.0.1", () => raw.write(`CONNECT ${host.includes(":") ? `[${host}]` : host}:443 HTTP/1.1\r\n\r\n`));
  raw.once("data", () => {
    const secure = tls.connect({socket: raw, host, ca, servername: net.isIP(host) ? "" : host});
    secure.on("secureConnect", () => { resolve("accepted"); secure.destroy(); });
    secure.on("error", (error) => resolve(`${error.code}: ${error.message}`));
  });
});
(async () => { for (const host of hosts) console.log(`${host}\t${await attempt(host)}`); })();
