import fc from 'fast-check';
import { boltRouteFormat } from '../../src/webhook/boltroute-format';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';
const USER_ID = '7d9f1c64-5717-4562-b3fc-2c963f66afa6';

const completion = { stats: { total: 3, completed: 2, failed: 1 }, jobs: [{}, {}, {}] };
const envelope = {
  event_type: 'email_verification_completed',
  task_id: TASK_ID,
  data: completion as unknown,
};

/** A completion webhook; what a test is about goes into `change`. */
const webhook = (change: Record<string, unknown> = {}) =>
  Buffer.from(JSON.stringify({ ...envelope, ...change }));
/** The same with one count as it is written in JSON. */
const withCount = (name: string, json: string) =>
  Buffer.from(
    JSON.stringify({ ...envelope, data: { stats: { [name]: 'COUNT' }, jobs: [] } }).replace(
      '"COUNT"',
      json,
    ),
  );
/** The same with so many objects and arrays in all. */
const withContainers = (count: number) =>
  webhook({ data: { ...completion, jobs: Array.from({ length: count - 4 }, () => ({})) } });

const userIdOf = (body: Buffer) => {
  const parsed = boltRouteFormat.parse(body);
  return 'event' in parsed ? parsed.event.userId : parsed;
};

const ENOUGH = 250_000;
const NOT_JSON = { malformed: 'Body is not JSON' };
const NOT_UTF8 = { malformed: 'Body is not UTF-8' };
const NOT_AN_OBJECT = { malformed: 'Body is not a JSON object' };
const TOO_MANY = { malformed: 'JSON has too many members' };

describe('boltRouteFormat.parse', () => {
  it('returns the event of a completed task, with scalars only', () => {
    const body = webhook({ data: { ...completion, user_id: USER_ID }, upload_id: 'u' });

    const parsed = boltRouteFormat.parse(body);

    expect(parsed).toEqual({
      event: {
        taskId: TASK_ID,
        userId: USER_ID,
        stats: { total: 3, completed: 2, failed: 1 },
        jobCount: 3,
      },
    });
  });

  it('returns the event of a task without counts, jobs and user', () => {
    const body = webhook({ data: { stats: {}, jobs: [] } });

    const parsed = boltRouteFormat.parse(body);

    expect(parsed).toEqual({ event: { taskId: TASK_ID, stats: {}, jobCount: 0 } });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['another type', { event_type: 'email_verification_started' }, 'event_type_not_supported'],
    [
      'a type in capitals',
      { event_type: 'EMAIL_VERIFICATION_COMPLETED' },
      'event_type_not_supported',
    ],
    ['no type', { event_type: undefined }, 'event_type_not_supported'],
    ['a null type', { event_type: null }, 'event_type_not_supported'],
    ['a blank type', { event_type: '  ' }, 'event_type_not_supported'],
    [
      'a list of types',
      { event_type: ['email_verification_completed'] },
      'event_type_not_supported',
    ],
    ['a lone surrogate as type', { event_type: '\ud800' }, 'event_type_not_supported'],
    ['no task ID', { task_id: undefined }, 'task_id_missing'],
    ['a number as task ID', { task_id: 12 }, 'task_id_missing'],
    ['a blank task ID', { task_id: ' ' }, 'task_id_missing'],
    ['a path as task ID', { task_id: '../x' }, 'task_id_missing'],
    ['a path behind a task ID', { task_id: `${TASK_ID}/../x` }, 'task_id_missing'],
    ['a fragment behind a task ID', { task_id: `${TASK_ID}#x` }, 'task_id_missing'],
    ['a query behind a task ID', { task_id: `${TASK_ID}?x=1` }, 'task_id_missing'],
    ['a line behind a task ID', { task_id: `${TASK_ID}\nx` }, 'task_id_missing'],
    ['a line before a task ID', { task_id: `x\n${TASK_ID}` }, 'task_id_missing'],
    ['a NUL in the task ID', { task_id: `${TASK_ID}\0` }, 'task_id_missing'],
    ['a task ID in braces', { task_id: `{${TASK_ID}}` }, 'task_id_missing'],
    ['a task ID without dashes', { task_id: TASK_ID.replaceAll('-', '') }, 'task_id_missing'],
    ['a task ID of 64 KB', { task_id: 'a'.repeat(65_536) }, 'task_id_missing'],
    ['a lone surrogate in the task ID', { task_id: `${TASK_ID}\udc00` }, 'task_id_missing'],
    [
      'full-width digits in the task ID',
      { task_id: TASK_ID.replace('5', '５') },
      'task_id_missing',
    ],
    ['no data', { data: undefined }, 'not_task_completion'],
    ['null as data', { data: null }, 'not_task_completion'],
    ['a list as data', { data: [] }, 'not_task_completion'],
    ['the data of one address', { data: { job: {} } }, 'not_task_completion'],
    ['no stats', { data: { jobs: [] } }, 'not_task_completion'],
    ['null as stats', { data: { stats: null, jobs: [] } }, 'not_task_completion'],
    ['a list as stats', { data: { stats: [], jobs: [] } }, 'not_task_completion'],
    ['no jobs', { data: { stats: {} } }, 'not_task_completion'],
    ['null as jobs', { data: { stats: {}, jobs: null } }, 'not_task_completion'],
    ['an object as jobs', { data: { stats: {}, jobs: { length: 3 } } }, 'not_task_completion'],
  ])('ignores %s', (_what, change, reason) => {
    const body = webhook(change);

    const parsed = boltRouteFormat.parse(body);

    expect(parsed).toEqual({ ignored: reason });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['the type', { event_type: 'x', task_id: 'x', data: {} }, 'event_type_not_supported'],
    ['then the task ID', { task_id: 'x', data: {} }, 'task_id_missing'],
    ['then the data', { data: {} }, 'not_task_completion'],
  ])('returns the first of several reasons: %s', (_what, change, reason) => {
    const body = webhook(change);

    const parsed = boltRouteFormat.parse(body);

    expect(parsed).toEqual({ ignored: reason });
  });

  it.each<[string, Buffer, object]>([
    ['an empty body', Buffer.alloc(0), NOT_JSON],
    ['blanks', Buffer.from(' \n'), NOT_JSON],
    ['text', Buffer.from('hello'), NOT_JSON],
    ['a cut object', webhook().subarray(0, -1), NOT_JSON],
    ['two documents', Buffer.concat([webhook(), webhook()]), NOT_JSON],
    ['a trailing comma', Buffer.from('{"a":1,}'), NOT_JSON],
    ['a NaN', Buffer.from('{"a":NaN}'), NOT_JSON],
    ['an Infinity', Buffer.from('{"a":-Infinity}'), NOT_JSON],
    ['a raw line end in a string', Buffer.from('{"a":"\n"}'), NOT_JSON],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), NOT_UTF8],
    ['a surrogate as UTF-8', Buffer.from('{"a":"\u00ed\u00a0\u0080"}', 'latin1'), NOT_UTF8],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), NOT_JSON],
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), webhook()]), NOT_JSON],
    ['null', Buffer.from('null'), NOT_AN_OBJECT],
    ['a number', Buffer.from('12'), NOT_AN_OBJECT],
    ['a string', Buffer.from('"email_verification_completed"'), NOT_AN_OBJECT],
    ['a list', Buffer.concat([Buffer.from('['), webhook(), Buffer.from(']')]), NOT_AN_OBJECT],
  ])('rejects %s as malformed', (_what, body, expected) => {
    const parsed = boltRouteFormat.parse(body);

    expect(parsed).toEqual(expected);
  });

  it.each<[string, Buffer, object]>([
    ['nesting 300,000 deep', Buffer.from('['.repeat(300_000) + ']'.repeat(300_000)), TOO_MANY],
    ['300,000 brackets and nothing else', Buffer.from('{'.repeat(300_000)), TOO_MANY],
    ['250,001 objects and lists', withContainers(ENOUGH + 1), TOO_MANY],
  ])('rejects %s as malformed before parsing', (_what, body, expected) => {
    const parsed = boltRouteFormat.parse(body);

    expect(parsed).toEqual(expected);
  });

  it('accepts 250,000 objects and lists', () => {
    const body = withContainers(ENOUGH);

    const parsed = boltRouteFormat.parse(body);

    expect(parsed).toMatchObject({ event: { jobCount: ENOUGH - 4 } });
  });

  it('accepts nesting of 200,000 levels in a field that it ignores', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const body = Buffer.from(webhook({ extra: 'DEEP' }).toString().replace('"DEEP"', deep));

    const parsed = boltRouteFormat.parse(body);

    expect(parsed).toMatchObject({ event: { taskId: TASK_ID } });
  });

  it.each<[string, string, number | undefined]>([
    ['zero', '0', 0],
    ['an integer', '12', 12],
    ['an integer with a fraction of zero', '3.0', 3],
    ['an integer with an exponent', '1e3', 1_000],
    ['the largest safe integer', '9007199254740991', 9_007_199_254_740_991],
    ['more than 2^53', '9007199254740993', undefined],
    ['an overflow', '1e400', undefined],
    ['a fraction', '2.5', undefined],
    ['a negative number', '-1', undefined],
    ['true', 'true', undefined],
    ['false', 'false', undefined],
    ['digits in a string', '"12"', undefined],
    ['null', 'null', undefined],
    ['a list', '[12]', undefined],
    ['an object', '{"value":12}', undefined],
  ])('parses %s as a count or as absent', (_what, json, expected) => {
    for (const name of ['total', 'completed', 'failed']) {
      const parsed = boltRouteFormat.parse(withCount(name, json));

      expect(parsed).toEqual({
        event: {
          taskId: TASK_ID,
          stats: expected === undefined ? {} : { [name]: expected },
          jobCount: 0,
        },
      });
    }
  });

  const BLANKS = [
    ...['\t', '\n', '\v', '\f', '\r', '\x1c', '\x1d', '\x1e', '\x1f', ' ', '\x85', '\xa0'],
    ...['\u1680', '\u2000', '\u200a', '\u2028', '\u2029', '\u202f', '\u205f', '\u3000'],
  ].map((blank) => [`U+${blank.charCodeAt(0).toString(16).padStart(4, '0')}`, blank] as const);

  it.each(BLANKS)('strips %s from the type and the task ID', (_what, blank) => {
    const body = webhook({
      event_type: `${blank}${blank}email_verification_completed${blank}`,
      task_id: `${blank}${TASK_ID}${blank}${blank}`,
    });

    const parsed = boltRouteFormat.parse(body);

    expect(parsed).toMatchObject({ event: { taskId: TASK_ID } });
  });

  it.each([
    ['U+FEFF', '\ufeff'],
    ['U+200B', '\u200b'],
    ['U+2060', '\u2060'],
    ['U+0000', '\0'],
  ])('does not treat %s as a blank', (_what, invisible) => {
    const type = boltRouteFormat.parse(
      webhook({ event_type: `email_verification_completed${invisible}` }),
    );
    const id = boltRouteFormat.parse(webhook({ task_id: `${invisible}${TASK_ID}` }));

    expect([type, id]).toEqual([
      { ignored: 'event_type_not_supported' },
      { ignored: 'task_id_missing' },
    ]);
  });

  it('converts the task ID to lower case', () => {
    const body = webhook({ task_id: TASK_ID.toUpperCase() });

    const parsed = boltRouteFormat.parse(body);

    expect(parsed).toMatchObject({ event: { taskId: TASK_ID } });
  });

  it.each<[string, unknown, string | undefined]>([
    ['a UUID', USER_ID, USER_ID],
    ['a UUID with blanks around it', ` ${USER_ID}\n`, USER_ID],
    ['another short name', 'dev|42', 'dev|42'],
    ['64 characters', 'u'.repeat(64), 'u'.repeat(64)],
    ['65 characters', 'u'.repeat(65), undefined],
    ['a number', 42, undefined],
    ['null', null, undefined],
    ['a blank', ' ', undefined],
    ['two words', 'jane doe', undefined],
    ['two lines', `${USER_ID}\n${USER_ID}`, undefined],
    ['letters beyond ASCII', 'jäne', undefined],
    ['a control character', 'jane\x07', undefined],
    ['a lone surrogate', 'jane\ud800', undefined],
  ])('parses %s as a user ID or as absent', (_what, userId, expected) => {
    const body = webhook({ data: { ...completion, user_id: userId } });

    const parsed = userIdOf(body);

    expect(parsed).toBe(expected);
  });

  it('uses the last of two equal keys', () => {
    const other = '11111111-1111-1111-1111-111111111111';
    const body = Buffer.from(webhook().toString().replace('{', `{"task_id":"${other}",`));

    const parsed = boltRouteFormat.parse(body);

    expect(parsed).toMatchObject({ event: { taskId: TASK_ID } });
  });

  it.each([
    ['the envelope', `{"__proto__":${webhook().toString()}}`, 'event_type_not_supported'],
    [
      'the data',
      webhook({ data: 'DATA' })
        .toString()
        .replace('"DATA"', `{"__proto__":${JSON.stringify(completion)}}`),
      'not_task_completion',
    ],
  ])('inherits nothing from a __proto__ key in %s', (_what, json, reason) => {
    const parsed = boltRouteFormat.parse(Buffer.from(json));

    expect(parsed).toEqual({ ignored: reason });
    expect({}).not.toHaveProperty('event_type');
    expect({}).not.toHaveProperty('stats');
  });

  it('accepts an event with an additional __proto__ key', () => {
    const body = Buffer.from(webhook().toString().replace('{', '{"__proto__":{"task_id":"x"},'));

    const parsed = boltRouteFormat.parse(body);

    expect(parsed).toMatchObject({ event: { taskId: TASK_ID } });
  });

  it('never throws, whatever the bytes or the JSON', () => {
    const answers = ['event', 'ignored', 'malformed'];
    const anyData = fc.oneof(
      fc.jsonValue(),
      fc.record({ stats: fc.jsonValue(), jobs: fc.jsonValue(), user_id: fc.jsonValue() }),
    );
    const bodies = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.json().map((json) => Buffer.from(json)),
      anyData.map((data) => webhook({ data })),
    );

    const property = fc.property(bodies, (body) => {
      const [answer] = Object.keys(boltRouteFormat.parse(body));
      return answers.includes(answer ?? '');
    });

    expect(() => fc.assert(property, { numRuns: 500 })).not.toThrow();
  });
});
