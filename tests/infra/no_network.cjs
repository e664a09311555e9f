// Loaded by Node before anything else: shuts every way to the network, and writes down who tried one.
const fs = require("node:fs");

const record = (line) => fs.appendFileSync(process.env.NETWORK_RECORD, `${line}\n`);
const refuse = (what) => () => {
  record(`node: ${what}`);
  throw new Error(`${what} is shut`);
};

require("node:net").Socket.prototype.connect = refuse("net.connect");
require("node:dns").lookup = refuse("dns.lookup");
require("node:dgram").createSocket = refuse("dgram.createSocket");
globalThis.fetch = refuse("fetch");
record("node: watched");
