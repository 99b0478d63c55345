// Loaded before a program by --require: the program gets SIGTERM when it begins to listen.
const { Server } = require('node:net');

const { listen } = Server.prototype;
Server.prototype.listen = function (...args) {
  process.emit('SIGTERM', 'SIGTERM');
  return listen.apply(this, args);
};
