import { loadDoctorConfig } from '../../src/config/config';
import { configurationExamination } from '../../src/doctor/configuration';
import { workerEnvironment } from '../support/environment';
import { examine } from '../support/examine';

const examineEnvironment = (environment: Record<string, string | undefined>) =>
  examine(configurationExamination({ ...loadDoctorConfig(environment), outdatedCertificates: [] }));

describe('the doctor on the configuration', () => {
  it('finds every fault by its variable, without a value, and the commands that it stops', async () => {
    const findings = await examineEnvironment(
      workerEnvironment({ SMTP_PORT: 'planted-value', GIVE_UP_AFTER: 'planted-value' }),
    );

    expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual([
      'GIVE_UP_AFTER failure',
      'SMTP_PORT failure',
    ]);
    expect(findings[1]).toMatchObject({
      what: 'SMTP_PORT must be a whole number from 1 to 65535',
      why: 'These commands do not start: worker.',
      remedy: 'Correct SMTP_PORT; docs/configuration.md says what it takes.',
    });
    expect(JSON.stringify(findings)).not.toContain('planted-value');
  });

  it('finds nothing in one that is complete', async () => {
    const findings = await examineEnvironment(workerEnvironment());

    expect(findings).toMatchObject([{ check: 'environment', status: 'ok' }]);
  });
});

describe('loadDoctorConfig', () => {
  it('leaves out the sections whose variables have faults, and reads the others', () => {
    const { sections } = loadDoctorConfig(
      workerEnvironment({ SMTP_PORT: undefined, DATABASE_URL: undefined }),
    );

    expect(Object.entries(sections).flatMap(([name, it]) => (it ? [name] : []))).toEqual([
      'dns',
      'temporal',
      'provider',
      'webhook',
    ]);
  });

  it('reads the domains of Reply-To in ASCII, each once', () => {
    const { sections } = loadDoctorConfig(
      workerEnvironment({
        SMTP_REPLY_TO: '"a@b, c" <x@Sender.example>, y@sender.example, z@other.example',
      }),
    );

    expect(sections.dns?.replyToDomains).toEqual(['sender.example', 'other.example']);
  });
});
