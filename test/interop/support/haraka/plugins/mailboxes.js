// A plugin of Haraka: stores mails in files, and refuses or puts off some recipients.
/* global DENY, DENYSOFT, OK */
const { createWriteStream, existsSync, renameSync } = require('node:fs');
const { join } = require('node:path');
const DSN = require('haraka-dsn');

exports.register = function () {
  const { directory, replies, greylisted, sender } = this.config.get('mailboxes.json');

  this.mail = (next, connection, [from]) =>
    from.address === sender ? next() : next(DENY, DSN.addr_bad_from_system('not your address'));

  this.recipient = (next, connection, [to]) => {
    const reply = replies[to.address];
    if (reply) return next(reply.startsWith('4') ? DENYSOFT : DENY, dsnOf(reply));
    const waits = to.address === greylisted && !existsSync(join(directory, 'greylisting-is-over'));
    return waits ? next(DENYSOFT, DSN.create(450, 'Greylisted', 7, 1)) : next(OK);
  };

  this.store = (next, { transaction }) => {
    const file = join(directory, 'mail', transaction.uuid);
    const partial = join(directory, transaction.uuid);
    const output = createWriteStream(partial);
    output.once('close', () => {
      renameSync(partial, file);
      next(OK, 'stored');
    });
    transaction.message_stream.pipe(output);
  };

  this.register_hook('mail', 'mail');
  this.register_hook('rcpt', 'recipient');
  this.register_hook('queue', 'store');
  // An authenticated client's mail is outbound.
  this.register_hook('queue_outbound', 'store');
};

function dsnOf(reply) {
  const [, code, subject, detail, text] = /^(\d+) \d\.(\d+)\.(\d+) (.*)$/.exec(reply);
  return DSN.create(Number(code), text, Number(subject), Number(detail));
}
