import type { Finding } from '../../src/doctor/finding';
import { createReport, renderReport } from '../../src/doctor/report';

const finding = (change: Partial<Finding>): Finding => ({
  ...{ part: 'relay', check: 'AUTH', status: 'ok', what: 'logged in by PLAIN', ms: 12 },
  ...change,
});

const FAILED = finding({
  ...{ check: 'MAIL FROM', status: 'failure', what: '550 5.7.60 no', why: 'No email leaves.' },
  remedy: 'Set SMTP_FROM_EMAIL.',
});

describe('createReport', () => {
  it('gives a part the status of its worst finding', () => {
    const warned = finding({ part: 'dns', status: 'warning' });

    const { status, parts } = createReport([warned, finding({}), FAILED, finding({})], 1_234);

    expect(status).toBe('failure');
    expect(parts.map(({ part, status }) => `${part} ${status}`)).toEqual([
      'relay failure',
      'dns warning',
    ]);
  });

  it('passes over what nobody asked for, unless it is all that there is', () => {
    const { parts } = createReport(
      [
        ...[finding({ part: 'provider' }), finding({ part: 'provider', status: 'skipped' })],
        finding({ part: 'webhook', status: 'skipped' }),
      ],
      1_234,
    );

    expect(parts.map(({ status }) => status)).toEqual(['ok', 'skipped']);
  });

  it.each<[findings: Finding[], sentence: string]>([
    [[finding({})], 'All is well: 1 check in 1.2 s.'],
    [
      [finding({}), finding({ status: 'skipped' })],
      'All is well: 2 checks in 1.2 s (1 not judged).',
    ],
    [
      [finding({}), finding({ status: 'warning' })],
      'Nothing failed: 2 checks in 1.2 s (1 warning).',
    ],
    [
      [finding({}), FAILED, finding({ status: 'warning' })],
      '1 of 3 checks in 1.2 s failed (1 warning): relay: MAIL FROM.',
    ],
  ])('closes with one sentence', (findings, sentence) => {
    expect(createReport(findings, 1_234).sentence).toBe(sentence);
  });
});

describe('renderReport', () => {
  it('shows what, why and what to do', () => {
    const text = renderReport(createReport([finding({}), FAILED], 1_234));

    expect(text).toBe(
      [
        'Relay: failure',
        '  ok       AUTH       logged in by PLAIN (12 ms)',
        '  FAILURE  MAIL FROM  550 5.7.60 no (12 ms)',
        '                      why: No email leaves.',
        '                      do:  Set SMTP_FROM_EMAIL.',
        '',
        '1 of 2 checks in 1.2 s failed: relay: MAIL FROM.',
      ].join('\n'),
    );
  });

  it('shows escape sequences and bidi characters of others as text', () => {
    const text = renderReport(createReport([finding({ what: '\u001b[2J\u202eexe' })], 0));

    expect(text).toContain('\\u001b[2J\\u202eexe');
  });
});
