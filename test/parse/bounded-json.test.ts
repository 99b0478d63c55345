import { hasTooManyMembers, parseBoundedJson } from '../../src/parse/bounded-json';

const MIB = 2 ** 20;
const TOO_MANY = { fault: 'too_many_members' };

const listOf = (members: number, member: string, size: number): Buffer => {
  const body = Buffer.alloc(size, ' ');
  body.write(`[${Array.from({ length: members }, () => member).join()}]`);
  return body;
};

/** A file of 10,000 addresses, more than twice as rich as the provider's. */
function richFile(): Buffer {
  const details = { a: 1, b: true, c: null, d: 'text, with commas, and [brackets]', e: 'e', f: '' };
  const job = {
    ...Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`field_${i}`, 'value'])),
    ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`object_${i}`, details])),
    mx: ['mx1.customer.example', 'mx2.customer.example'],
  };
  return Buffer.from(JSON.stringify({ jobs: Array.from({ length: 10_000 }, () => job) }));
}

describe('parseBoundedJson', () => {
  it('returns the value for 10,000 addresses with 100 values each', () => {
    const body = richFile();

    const parsed = parseBoundedJson(body);

    expect(body.length).toBeGreaterThan(8 * MIB);
    expect(parsed).toMatchObject({ value: { jobs: { length: 10_000 } } });
  });

  it.each<[string, Buffer, object]>([
    ['nothing', Buffer.alloc(0), { fault: 'not_json' }],
    ['what is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), { fault: 'not_utf8' }],
    ['a byte order mark', Buffer.from('\ufeff{}'), { fault: 'not_json' }],
    ['250,001 objects and lists', listOf(250_000, '{}', MIB), TOO_MANY],
    ['250,001 brackets and no JSON', Buffer.alloc(250_001, '['), TOO_MANY],
    ['1,500,001 values in more than 8 MiB', listOf(1_500_001, '0', 8 * MIB + 1), TOO_MANY],
  ])('returns the fault of %s', (_what, body, expected) => {
    const parsed = parseBoundedJson(body);

    expect(parsed).toEqual(expected);
  });

  it.each<[string, Buffer, number]>([
    ['249,999 objects in a list', listOf(249_999, '{}', MIB), 249_999],
    ['1,500,000 values in more than 8 MiB', listOf(1_500_000, '0', 8 * MIB + 1), 1_500_000],
    ['1,500,001 values in 8 MiB', listOf(1_500_001, '0', 8 * MIB), 1_500_001],
  ])('returns the value of %s', (_what, body, length) => {
    const parsed = parseBoundedJson(body);

    expect(parsed).toMatchObject({ value: { length } });
  });

  it('accepts nesting as deep as the limit of lists', () => {
    const parsed = parseBoundedJson(Buffer.from('['.repeat(250_000) + ']'.repeat(250_000)));

    expect(parsed).toHaveProperty('value');
  });
});

describe('hasTooManyMembers', () => {
  it('also counts brackets and commas within strings', () => {
    const text = JSON.stringify('[{'.repeat(125_001));

    expect(hasTooManyMembers(Buffer.from(text))).toBe(true);
  });
});
