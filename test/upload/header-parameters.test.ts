import { decodeExtendedValue, parseHeaderParameters } from '../../src/upload/header-parameters';

const parse = (header: string) => {
  const parsed = parseHeaderParameters(Buffer.from(header).toString('latin1'));
  return parsed && [parsed.value, Object.fromEntries(parsed.parameters)];
};

describe('parseHeaderParameters', () => {
  it.each<[string, [string, Record<string, string>] | undefined]>([
    ['', ['', {}]],
    ['Form-Data', ['form-data', {}]],
    ['form-data; NAME="a"', ['form-data', { name: 'a' }]],
    ['form-data ;name = a ; b=', ['form-data', { name: 'a', b: '' }]],
    ['form-data; name="ü;=\\"\\\\\\x"; b="" x; c', ['form-data', { name: 'ü;="\\\\x', b: '' }]],
    [
      'form-data; name="a"; filename*=UTF-8\'\'b',
      ['form-data', { name: 'a', 'filename*': "UTF-8''b" }],
    ],
    ['form-data; name="a"; Name=b', undefined],
    ['form-data; name="a', undefined],
    ['form-data; name="a\\"', undefined],
  ])('for %j returns %j', (header, expected) => {
    const parsed = parse(header);

    expect(parsed).toEqual(expected);
  });

  it.each([';', ';a=b', '="', '\\"', ' ', ';=a'])(
    'parses 500,000 times %j in little time',
    (piece) => {
      const parsed = () => parse(`form-data; x="${piece.repeat(500_000)}`);
      const unquoted = () => parse(`form-data; x=${piece.repeat(500_000)}`);

      expect(parsed).not.toThrow();
      expect(unquoted).not.toThrow();
    },
  );
});

describe('decodeExtendedValue', () => {
  it.each([
    ["UTF-8''a%20%C3%BC.csv", 'a ü.csv'],
    ["utf-8'de'a", 'a'],
    ["UTF-8''", ''],
    ["UTF-8''%E2%82", undefined],
    ["UTF-8''%", undefined],
    ["ISO-8859-1''%FC", undefined],
    ['a.csv', undefined],
  ])('for %j returns %j', (value, expected) => {
    const decoded = decodeExtendedValue(value);

    expect(decoded).toBe(expected);
  });
});
