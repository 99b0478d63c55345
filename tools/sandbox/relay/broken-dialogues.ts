import type { FixedScript } from './scripted-relay';

/** The verdict of a sender that follows RFC 5321. */
export interface ExpectedVerdict {
  verdict: 'accepted' | 'refused' | 'deferred' | 'ambiguous';
  /** The step at which the attempt ended. */
  step?: string;
  code?: number;
  configuration?: boolean;
  /** Complete messages that the relay received; 0 by default. */
  messages?: number;
}

export type BrokenDialogue = [what: string, script: FixedScript, expected: ExpectedVerdict];

const ENDLESS = '550-no\r\n'.repeat(20_000);

export const say = (text: string) => ({ say: text });
const login = { ehlo: say('250-relay\r\n250 AUTH LOGIN'), auth: say('334 VXNlcm5hbWU6') };
export const deferred = (step: string, facts: Partial<ExpectedVerdict> = {}): ExpectedVerdict => ({
  verdict: 'deferred',
  step,
  configuration: false,
  ...facts,
});
export const broken = (step: string, code?: number): ExpectedVerdict => ({
  ...deferred(step, { configuration: true }),
  ...(code && { code }),
});
const refused = (step: string, code: number): ExpectedVerdict => ({
  verdict: 'refused',
  step,
  code,
});
const accepted = { verdict: 'accepted', messages: 1 } as const;
const ambiguous = { verdict: 'ambiguous', messages: 1 } as const;

export const beforeTheMessage: BrokenDialogue[] = [
  ['closes at once', { connect: 'close' }, deferred('greeting')],
  ['never greets', { connect: 'hang' }, deferred('greeting')],
  ['greets with half a line', { connect: [{ raw: '220 rel' }, 'close'] }, deferred('greeting')],
  ['trickles its greeting', { connect: { trickle: '220-x\r\n' } }, deferred('greeting')],
  ['greets with 421', { connect: say('421 busy') }, deferred('greeting', { code: 421 })],
  ['greets with 554', { connect: say('554 no service') }, broken('greeting', 554)],
  ['speaks HTTP', { connect: say('HTTP/1.1 400 Bad Request') }, broken('greeting')],
  ['closes at EHLO', { ehlo: 'close' }, deferred('ehlo')],
  ['hangs at EHLO', { ehlo: 'hang' }, deferred('ehlo')],
  ['greets twice', { connect: say('220 relay\r\n220 relay') }, broken('data', 250)],
  ['answers EHLO 421', { ehlo: say('421 later') }, deferred('ehlo', { code: 421 })],
  ['knows HELO only, refused', { ehlo: say('502 no'), helo: say('550 no') }, broken('ehlo', 550)],
  ['answers AUTH 535', { auth: say('535 5.7.8 bad credentials') }, broken('auth', 535)],
  ['answers AUTH 454', { auth: say('454 4.7.0 later') }, deferred('auth', { code: 454 })],
  ['answers AUTH 421', { auth: [say('421 bye'), 'close'] }, deferred('auth', { code: 421 })],
  ['answers AUTH with noise', { auth: say('hello there') }, broken('auth')],
  ['does not know AUTH', { ehlo: say('250 relay'), auth: say('502 what') }, broken('auth', 502)],
  ['refuses the name at AUTH LOGIN', { ...login, authAnswer: say('535 no') }, broken('auth', 535)],
  ['closes within AUTH LOGIN', { ...login, authAnswer: 'close' }, deferred('auth')],
  ['closes at AUTH', { auth: 'close' }, deferred('auth')],
  ['resets at AUTH', { auth: 'reset' }, deferred('auth')],
  ['hangs at AUTH', { auth: 'hang' }, deferred('auth')],
  ['refuses the sender 550', { mail: say('550 5.7.1 not you') }, broken('mail-from', 550)],
  ['wants AUTH at MAIL 530', { mail: say('530 5.7.0 auth first') }, broken('mail-from', 530)],
  ['answers MAIL 503', { mail: say('503 5.5.1 sequence') }, broken('mail-from', 503)],
  ['answers MAIL 501', { mail: say('501 5.1.7 bad sender') }, broken('mail-from', 501)],
  ['answers MAIL 451', { mail: say('451 later') }, deferred('mail-from', { code: 451 })],
  ['answers MAIL 421', { mail: say('421 bye') }, deferred('mail-from', { code: 421 })],
  ['closes at MAIL', { mail: 'close' }, deferred('mail-from')],
  ['hangs at MAIL', { mail: 'hang' }, deferred('mail-from')],
  ['answers RCPT 450', { rcpt: say('450 4.2.0 greylisted') }, deferred('rcpt-to', { code: 450 })],
  ['answers RCPT 452', { rcpt: say('452 4.2.2 full') }, deferred('rcpt-to', { code: 452 })],
  ['answers RCPT 421', { rcpt: say('421 bye') }, deferred('rcpt-to', { code: 421 })],
  ['answers RCPT with noise', { rcpt: say('no such user') }, broken('rcpt-to')],
  ['answers RCPT 5500', { rcpt: say('5500 no such user') }, broken('rcpt-to')],
  ['answers RCPT in two codes', { rcpt: say('550-no\r\n450 yes') }, broken('rcpt-to')],
  ['answers RCPT 503', { rcpt: say('503 5.5.1 sequence') }, broken('rcpt-to', 503)],
  ['wants AUTH at RCPT 530', { rcpt: say('530 5.7.0 auth first') }, broken('rcpt-to', 530)],
  ['does not know RCPT', { rcpt: say('500 5.5.2 what') }, broken('rcpt-to', 500)],
  ['cuts off RCPT 550', { rcpt: [{ raw: '550 no su' }, 'close'] }, broken('rcpt-to', 550)],
  ['cuts off RCPT 55', { rcpt: [{ raw: '55' }, 'close'] }, deferred('rcpt-to')],
  ['cuts off a long RCPT', { rcpt: [say('550-no'), 'close'] }, deferred('rcpt-to')],
  ['answers RCPT without end', { rcpt: say(ENDLESS) }, broken('rcpt-to')],
  ['closes at RCPT', { rcpt: 'close' }, deferred('rcpt-to')],
  ['resets at RCPT', { rcpt: 'reset' }, deferred('rcpt-to')],
  ['hangs at RCPT', { rcpt: 'hang' }, deferred('rcpt-to')],
  ['answers DATA 451', { data: say('451 4.3.0 later') }, deferred('data', { code: 451 })],
  ['answers DATA 421', { data: say('421 bye') }, deferred('data', { code: 421 })],
  ['answers DATA 550', { data: say('550 5.7.1 policy') }, broken('data', 550)],
  ['answers DATA 503', { data: say('503 5.5.1 sequence') }, broken('data', 503)],
  ['answers DATA 554', { data: say('554 5.5.1 no recipients') }, broken('data', 554)],
  ['answers DATA 250', { data: say('250 ok') }, broken('data', 250)],
  ['answers DATA 3540', { data: { raw: '3540 ok\r\n' } }, broken('data')],
  ['is one reply ahead', { rcpt: say('250 ok\r\n250 ok') }, broken('data', 250)],
  [
    'logs in twice, and refuses the sender',
    { auth: say('235 ok\r\n235 ok'), mail: say('550 no'), rcpt: say('503 no sender') },
    broken('rcpt-to', 550),
  ],
  ['closes at DATA', { data: 'close' }, deferred('data')],
  ['resets at DATA', { data: 'reset' }, deferred('data')],
  ['hangs at DATA', { data: 'hang' }, deferred('data')],
  ['trickles at DATA', { data: { trickle: '354-x\r\n' } }, deferred('data')],
];

/** For a relay that offers PIPELINING (RFC 2920). */
export const commandsTogether: BrokenDialogue[] = [
  ['takes the mail', {}, accepted],
  [
    'refuses the sender',
    { mail: say('550 no'), rcpt: say('503 no'), data: say('503 no') },
    broken('mail-from', 550),
  ],
  [
    'refuses the recipient',
    { rcpt: say('550 no'), data: say('554 none') },
    refused('rcpt-to', 550),
  ],
  ['refuses the recipient and takes DATA', { rcpt: say('550 no') }, refused('rcpt-to', 550)],
  [
    'defers the recipient',
    { rcpt: say('450 later'), data: say('554 none') },
    deferred('rcpt-to', { code: 450 }),
  ],
  [
    'closes with 421 at RCPT',
    { rcpt: [say('421 bye'), 'close'] },
    deferred('rcpt-to', { code: 421 }),
  ],
  ['closes after MAIL', { mail: [say('250 ok'), 'close'] }, deferred('rcpt-to')],
  ['answers DATA 250', { data: say('250 ok') }, broken('data', 250)],
  ['is silent at DATA', { data: 'hang' }, deferred('data')],
];

/** The same, for what cannot happen to a sender that sends one command after the other. */
export const onlyTogether: BrokenDialogue[] = [
  ['answers RCPT and DATA in one packet', { rcpt: [], data: say('250 ok\r\n354 go on') }, accepted],
  [
    'answers everything in one packet',
    { mail: [], rcpt: [], data: say('250 ok\r\n250 ok\r\n354 go on') },
    accepted,
  ],
  [
    'refuses the recipient and takes DATA in one packet',
    { rcpt: [], data: say('550 no\r\n354 go on') },
    refused('rcpt-to', 550),
  ],
  [
    'refuses the recipient, answers the lone dot and then nothing',
    { rcpt: say('550 no'), dot: [say('554 none'), 'hang'] },
    refused('rcpt-to', 550),
  ],
  [
    'refuses the recipient and does not answer the lone dot',
    { rcpt: say('550 no'), dot: 'hang' },
    deferred('data'),
  ],
];

export const afterTheMessage: BrokenDialogue[] = [
  ['answers 250', {}, accepted],
  ['answers 250 in two lines', { dot: say('250-2.0.0 ok\r\n250 queued') }, accepted],
  ['answers 250 and closes', { dot: [say('250 ok'), 'close'] }, accepted],
  ['answers 250, then more', { dot: say('250 ok\r\n421 bye') }, accepted],
  ['answers 252', { dot: say('252 will try') }, accepted],
  ['closes', { dot: 'close' }, ambiguous],
  ['resets', { dot: 'reset' }, ambiguous],
  ['hangs', { dot: 'hang' }, ambiguous],
  ['never ends its reply', { dot: { trickle: '250-wait\r\n' } }, ambiguous],
  ['never ends its line', { dot: { trickle: '2' } }, ambiguous],
  ['closes in 250', { dot: [{ raw: '250 ok' }, 'close'] }, ambiguous],
  ['hangs in 250', { dot: [{ raw: '250 ok' }, 'hang'] }, ambiguous],
  ['closes in 45', { dot: [{ raw: '45' }, 'close'] }, ambiguous],
  ['closes in 250-', { dot: [say('250-ok'), 'close'] }, ambiguous],
  ['closes in 550-', { dot: [say('550-no'), 'close'] }, ambiguous],
  ['answers noise', { dot: say('thank you') }, ambiguous],
  ['answers 2', { dot: say('2 ok') }, ambiguous],
  ['answers 2500', { dot: say('2500 ok') }, ambiguous],
  ['answers 250 and 550', { dot: say('250-ok\r\n550 no') }, ambiguous],
  ['answers without end', { dot: say(ENDLESS) }, ambiguous],
  ['answers 354 again', { dot: say('354 more') }, ambiguous],
  ['answers 650', { dot: say('650 what') }, ambiguous],
  [
    'answers 451',
    { dot: say('451 4.3.0 later') },
    { ...deferred('final-reply', { code: 451 }), messages: 1 },
  ],
  [
    'answers 421',
    { dot: [say('421 bye'), 'close'] },
    { ...deferred('final-reply', { code: 421 }), messages: 1 },
  ],
  [
    'closes in 451',
    { dot: [{ raw: '451 la' }, 'close'] },
    { ...deferred('final-reply', { code: 451 }), messages: 1 },
  ],
  ['answers 503', { dot: say('503 sequence') }, { ...broken('final-reply', 503), messages: 1 }],
  ['answers 500', { dot: say('500 what') }, { ...broken('final-reply', 500), messages: 1 }],
  ['answers 550', { dot: say('550 spam') }, { ...refused('final-reply', 550), messages: 1 }],
  [
    'answers 552',
    { dot: say('552 5.3.4 too big') },
    { ...refused('final-reply', 552), messages: 1 },
  ],
  ['answers 554', { dot: say('554 5.7.1 policy') }, { ...broken('final-reply', 554), messages: 1 }],
  [
    'closes in 550',
    { dot: [{ raw: '550 no' }, 'close'] },
    { ...refused('final-reply', 550), messages: 1 },
  ],
  ['resets at the message', { body: 'reset' }, { ...ambiguous, messages: 1 }],
];

/** For a message that is longer than the buffers of the sockets. */
export const withinALongMessage: BrokenDialogue[] = [
  ['reads no further', { body: 'stall' }, deferred('body')],
  ['closes', { body: 'close' }, deferred('body')],
  ['resets', { body: 'reset' }, deferred('body')],
  ['answers 552 too early', { body: [say('552 too big'), 'stall'] }, broken('body', 552)],
  ['answers 451 too early', { body: [say('451 later'), 'stall'] }, deferred('body', { code: 451 })],
  ['answers 250 too early', { body: [say('250 ok'), 'stall'] }, broken('body', 250)],
];

/** For a relay with a certificate and a sender that requires TLS. */
export const behindTls: BrokenDialogue[] = [
  ['takes the mail', {}, accepted],
  ['answers STARTTLS 502', { starttls: say('502 no') }, broken('starttls', 502)],
  ['answers STARTTLS 454', { starttls: say('454 later') }, deferred('starttls', { code: 454 })],
  ['answers STARTTLS with noise', { starttls: say('maybe') }, broken('starttls')],
  ['answers EHLO 502', { ehlo: say('502 HELO only') }, broken('ehlo', 502)],
  ['closes at STARTTLS', { starttls: 'close' }, deferred('starttls')],
  ['closes at the handshake', { starttls: [say('220 go'), 'close'] }, deferred('starttls')],
  ['resets at the handshake', { starttls: [say('220 go'), 'reset'] }, deferred('starttls')],
  ['hangs at the handshake', { starttls: [say('220 go'), 'hang'] }, deferred('starttls')],
  [
    'goes on in plain text',
    { starttls: [say('220 go'), { trickle: '250 hello\r\n' }] },
    broken('starttls'),
  ],
  [
    'slips a reply in before TLS',
    { starttls: [{ raw: '220 go\r\n250 inject' }, 'secure'] },
    accepted,
  ],
  ['closes after the handshake', { ehloSecured: 'close' }, deferred('ehlo')],
  ['closes after the message', { dot: 'close' }, ambiguous],
  ['resets after the message', { dot: 'reset' }, ambiguous],
  ['hangs after the message', { dot: 'hang' }, ambiguous],
  ['refuses the recipient', { rcpt: say('550 no') }, refused('rcpt-to', 550)],
];

export const refusingTheRecipient: BrokenDialogue[] = [
  [
    'refuses the recipient and is late at QUIT',
    { rcpt: say('550 5.1.1 no'), quit: [{ wait: 1_500 }, say('221 bye')] },
    refused('rcpt-to', 550),
  ],
  ...[550, 551, 552, 553, 554, 556, 501, 555].map((code): BrokenDialogue => [
    `answers RCPT TO with ${code}`,
    { rcpt: say(`${code} 5.1.1 no`) },
    refused('rcpt-to', code),
  ]),
  [
    'answers in several lines',
    { rcpt: say('550-5.1.1 no\r\n550 5.1.1 such user') },
    refused('rcpt-to', 550),
  ],
];
