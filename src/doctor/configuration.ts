import type { CommandFault, DoctorConfig } from '../config/read-doctor';
import type { Examination } from './examine';
import { failure, type Judgement, ok, warning } from './finding';

interface ConfigurationQuestions extends Pick<DoctorConfig, 'faults' | 'variablesSet'> {
  /** What of SSL_CERT_FILE is not valid now. */
  outdatedCertificates: readonly string[];
}

/** Every fault of the environment, by variable and without values. */
export function configurationExamination(questions: ConfigurationQuestions): Examination {
  const { faults, variablesSet, outdatedCertificates } = questions;
  return {
    part: 'configuration',
    async examine(check) {
      for (const fault of faults) await check(fault.variable, () => judgeFault(fault));
      for (const certificate of outdatedCertificates) {
        await check('SSL_CERT_FILE', () => judgeCertificate(certificate));
      }
      if (faults.length > 0) return;
      await check('environment', () => ok(`${variablesSet} variables are set, without a fault`));
    },
  };
}

function judgeFault({ variable, fault, commands }: CommandFault): Judgement {
  return failure({
    what: fault,
    why: `These commands do not start: ${commands.join(', ')}.`,
    remedy: `Correct ${variable}; docs/configuration.md says what it takes.`,
  });
}

function judgeCertificate(certificate: string): Judgement {
  return warning({
    what: `not valid now: ${certificate}`,
    why: 'A relay is not trusted if such a CA has issued its certificate.',
    remedy: 'Replace it in the file of SSL_CERT_FILE.',
  });
}
