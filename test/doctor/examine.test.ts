import { setTimeout as delay } from 'node:timers/promises';
import { examineAll, type Examination } from '../../src/doctor/examine';
import { ok } from '../../src/doctor/finding';

const stop = new AbortController().signal;

describe('examineAll', () => {
  it('keeps what was found before a part ran out of time, and names the check that hung', async () => {
    const slow: Examination = {
      part: 'relay',
      limitMs: 50,
      async examine(check) {
        await check('connect', () => ok('connected'));
        await check('AUTH', () => new Promise(() => {}));
      },
    };

    const findings = await examineAll([slow], stop);

    expect(findings).toMatchObject([
      { part: 'relay', check: 'connect', status: 'ok' },
      {
        part: 'relay',
        check: 'AUTH',
        status: 'failure',
        what: 'no end after 0.05 s',
        remedy: 'Check SMTP_SERVER and SMTP_PORT and the network between.',
      },
    ]);
  });

  it('examines the parts at the same time, and one that throws hides no other', async () => {
    const begun = performance.now();
    const sleeping = (part: Examination['part']): Examination => ({
      part,
      examine: (check) => check('sleep', () => delay(200, ok('slept'))),
    });
    const broken: Examination = {
      part: 'provider',
      examine: () => Promise.reject(new Error('secret-in-a-message')),
    };

    const findings = await examineAll([sleeping('relay'), broken, sleeping('database')], stop);

    expect(findings.map(({ part, status }) => `${part} ${status}`)).toEqual([
      'relay ok',
      'provider failure',
      'database ok',
    ]);
    expect(JSON.stringify(findings)).not.toContain('secret-in-a-message');
    expect(performance.now() - begun).toBeLessThan(390);
  });

  it('records a check that throws as a failure by its code', async () => {
    const examination: Examination = {
      part: 'temporal',
      async examine(check) {
        await check('odd', () => Promise.reject(Object.assign(new Error('x'), { code: 'EODD' })));
        await check('even', () => ok('still asked'));
      },
    };

    const findings = await examineAll([examination], stop);

    expect(findings.map(({ what }) => what)).toEqual([
      'the check itself failed (Error EODD)',
      'still asked',
    ]);
  });
});
