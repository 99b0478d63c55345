import { examineAll, type Examination } from '../../src/doctor/examine';
import { ok } from '../../src/doctor/finding';

const stop = new AbortController().signal;

/** Each call resolves when there have been so many. */
function createBarrier(calls: number): () => Promise<void> {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  let left = calls;
  return () => {
    if (--left === 0) open();
    return opened;
  };
}

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
    const bothHaveBegun = createBarrier(2);
    const waiting = (part: Examination['part']): Examination => ({
      part,
      examine: (check) => check('wait for the other', () => bothHaveBegun().then(() => ok('met'))),
    });
    const broken: Examination = {
      part: 'provider',
      examine: () => Promise.reject(new Error('secret-in-a-message')),
    };

    const findings = await examineAll([waiting('relay'), broken, waiting('database')], stop);

    expect(findings.map(({ part, status }) => `${part} ${status}`)).toEqual([
      'relay ok',
      'provider failure',
      'database ok',
    ]);
    expect(JSON.stringify(findings)).not.toContain('secret-in-a-message');
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
