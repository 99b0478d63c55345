import { visible, visibleJson } from '../../src/terminal/visible';

const HOSTILE = 'a\u001b[31mb\u202egpj.exe\u0000\u009b2J\u2028\r\n\u{e0041}\ud800';

describe('visible', () => {
  it('writes controls, escape sequences, line breaks and bidi controls as their escapes', () => {
    expect(visible(HOSTILE)).toBe(
      'a\\u001b[31mb\\u202egpj.exe\\u0000\\u009b2J\\u2028\\r\\n\\u{e0041}\\ud800',
    );
  });

  it.each(['Größe – 100 %.csv', '顧客リスト.xlsx', '👩‍👩‍👧 ❤️.csv', 'C:\\temp\\"x".csv'])(
    'keeps what is seen anyway: %s',
    (name) => {
      expect(visible(name)).toBe(name);
    },
  );

  it('isolates a right-to-left name', () => {
    expect(visible('לקוחות.csv')).toBe('\u2068לקוחות.csv\u2069');
  });
});

describe('visibleJson', () => {
  it('is one line without a character that a terminal obeys, and the same value', () => {
    const text = visibleJson({ file_name: HOSTILE, count: 2 });

    expect(text).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\p{Cs}\u{e0041}]/u);
    expect(JSON.parse(text)).toEqual({ file_name: HOSTILE, count: 2 });
  });
});
