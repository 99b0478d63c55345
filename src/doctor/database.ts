import { remedyFor } from '../../activities/failures/remedies';
import { stepFailureOf } from '../../workflows/core/step-failure';
import {
  connectDiagnosis,
  type DatabaseDiagnosis,
  type DatabaseServer,
} from '../clients/postgres/database-diagnosis';
import { faultOf } from '../clients/postgres/database-fault';
import { type DatabaseAddress, exposureOf } from '../clients/postgres/database-tls';
import type { Recipients } from '../clients/postgres/recipients';
import { judgeClock } from './clock';
import type { Check, Examination } from './examine';
import { failure, type Judgement, ok, warning } from './finding';

interface DatabaseQuestions {
  database: DatabaseAddress;
  /** The database as operators read it, with a login of its own. */
  adminDatabase?: DatabaseAddress;
  recipients: Pick<Recipients, 'check'>;
}

const NOTHING_SENT = 'Nothing is sent without the ledger; notifications wait.';
/** What follows for those who use the database of a variable. */
const CONSEQUENCES = {
  DATABASE_URL: { refused: NOTHING_SENT, replica: NOTHING_SENT },
  ADMIN_DATABASE_URL: {
    refused: 'Operators can look nothing up.',
    replica: 'Operators may see the ledger as it was some time ago.',
  },
};
const SETUP = 'Run `bulk-notify setup` of this version.';

/** The connection, what `setup` has installed, the rights of each role, and the look-up of recipients. */
export function databaseExamination(questions: DatabaseQuestions): Examination {
  const { adminDatabase } = questions;
  return {
    part: 'database',
    examine: (check) =>
      Promise.all([
        examineWorker(check, questions),
        ...(adminDatabase ? [examineReader(check, adminDatabase)] : []),
      ]),
  };
}

async function examineWorker(
  check: Check,
  { database, adminDatabase, recipients }: DatabaseQuestions,
): Promise<void> {
  await check('exposure', () => judgeExposure(database));
  await withDiagnosis(check, { name: 'connection', database }, async (diagnosis, server) => {
    await check('clock', () => judgeClock(server.ahead, 'the database'));
    const ledger = await check('ledger', () => judgeLedger(diagnosis, server));
    if (ledger.status === 'failure') return;
    await check('worker role', () => judgeWorkerRole(diagnosis, server));
    await check('recipients', () => judgeRecipients(recipients));
    if (!adminDatabase) await check('operator role', () => judgeSharedRole(diagnosis, server));
  });
}

async function examineReader(check: Check, database: DatabaseAddress): Promise<void> {
  await check('operator exposure', () => judgeExposure(database));
  await withDiagnosis(check, { name: 'operator login', database }, async (diagnosis, server) => {
    await check('operator role', () => judgeReaderRole(diagnosis, server));
  });
}

interface Login {
  name: string;
  database: DatabaseAddress;
}

/** Records the login as a check, and uses the connection if there is one. */
async function withDiagnosis(
  check: Check,
  { name, database }: Login,
  use: (diagnosis: DatabaseDiagnosis, server: DatabaseServer) => Promise<void>,
): Promise<void> {
  let diagnosis: DatabaseDiagnosis | undefined;
  let server: DatabaseServer | undefined;
  await check(name, async () => {
    try {
      diagnosis = await connectDiagnosis(database);
      server = await diagnosis.fetchServer();
    } catch (err) {
      return refused(err, database);
    }
    return judgeServer(server, database);
  });
  try {
    if (diagnosis && server) await use(diagnosis, server);
  } finally {
    await diagnosis?.close();
  }
}

function refused(err: unknown, { variable }: DatabaseAddress): Judgement {
  const { code } = faultOf(err);
  return failure({
    what: `the database does not admit us (${code})`,
    why: CONSEQUENCES[variable].refused,
    remedy:
      remedyFor('database', code, variable) ?? `Check ${variable} and that the database runs.`,
  });
}

function judgeServer(
  { role, version, replica }: DatabaseServer,
  { variable }: DatabaseAddress,
): Judgement {
  if (!replica) return ok(`Postgres ${version}, as ${role}`);
  return failure({
    what: `Postgres ${version} is a replica, which takes no writes`,
    why: CONSEQUENCES[variable].replica,
    remedy: remedyFor('database', '25006', variable) ?? '',
  });
}

function judgeExposure(database: DatabaseAddress): Judgement {
  const exposure = exposureOf(database);
  if (!exposure) return ok(database.ssl ? 'TLS with a checked certificate' : 'local, in clear');
  const [what = '', remedy = ''] = exposure.split(': ');
  return warning({
    what,
    why: 'Addresses of users and the password can be read, or answers forged, on the way.',
    remedy: `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}.`,
  });
}

/** The functions are installed in the transaction that migrates, so they tell the state of both. */
async function judgeLedger(
  diagnosis: DatabaseDiagnosis,
  { prepared }: DatabaseServer,
): Promise<Judgement> {
  if (!prepared) {
    return failure({ what: 'there is no schema bulk_notify', why: NOTHING_SENT, remedy: SETUP });
  }
  const { missing, outdated } = await diagnosis.compareFunctions();
  if (missing.length > 0) {
    return failure({
      what: `functions are missing: ${missing.join(', ')}`,
      why: NOTHING_SENT,
      remedy: SETUP,
    });
  }
  if (outdated.length === 0) return ok('migrations and functions are those of this version');
  return failure({
    what: `functions are of another version: ${outdated.join(', ')}`,
    why: 'The worker and the ledger may not mean the same.',
    remedy: SETUP,
  });
}

async function judgeWorkerRole(
  diagnosis: DatabaseDiagnosis,
  { role, usage, superuser }: DatabaseServer,
): Promise<Judgement> {
  const { refused: functions } = await diagnosis.compareFunctions();
  if (!usage || functions.length > 0) {
    const what = usage
      ? `${role} may not call ${functions.join(', ')}`
      : `${role} may not use the schema bulk_notify`;
    return failure({ what, why: NOTHING_SENT, remedy: remedyFor('database', '42501') ?? '' });
  }
  if (!superuser) return ok(`${role} may call every function of the ledger`);
  return warning({
    what: `${role} is a superuser`,
    why: 'Whoever takes over a worker has the whole database.',
    remedy:
      "Put the login of the worker's role into DATABASE_URL; docs/ledger.md says what it needs.",
  });
}

async function judgeReaderRole(
  diagnosis: DatabaseDiagnosis,
  { role, prepared }: DatabaseServer,
): Promise<Judgement> {
  const { lacking, excessive } = prepared
    ? await diagnosis.checkReaderRights()
    : { lacking: ['schema bulk_notify'], excessive: [] };
  if (lacking.length > 0) {
    return failure({
      what: `${role} may not use ${lacking.join(', ')}`,
      why: 'Operators can look nothing up.',
      remedy: `Grant ${role} what docs/ledger.md names for the role of ADMIN_DATABASE_URL. ${SETUP}`,
    });
  }
  if (excessive.length === 0) return ok(`${role} reads the ledger and changes nothing`);
  return warning({
    what: `${role} may change the ledger: ${excessive.join(', ')}`,
    why: 'Whoever takes over the admin listener can change the ledger.',
    remedy:
      'Put the login of a role that only reads into ADMIN_DATABASE_URL; docs/ledger.md says how.',
  });
}

/** Of the worker's login, which operators use if they have none of their own. */
async function judgeSharedRole(
  diagnosis: DatabaseDiagnosis,
  { role }: DatabaseServer,
): Promise<Judgement> {
  const { lacking } = await diagnosis.checkReaderRights();
  if (lacking.length === 0) return ok(`operators look up as ${role}, which may read the ledger`);
  return warning({
    what: `operators look up as ${role}, which may not read the ledger`,
    why: 'Whoever looks up a notification with these variables gets an error (42501).',
    remedy:
      'Put the login of a role that only reads into ADMIN_DATABASE_URL; docs/ledger.md says how.',
  });
}

async function judgeRecipients(recipients: Pick<Recipients, 'check'>): Promise<Judgement> {
  const remedy = remedyFor('database', 'NO_RECIPIENTS') ?? '';
  try {
    const { faults, usable } = await recipients.check();
    if (faults.length === 0) return ok('public.profiles and auth.users can be read');
    const what = faults.join('; ');
    if (usable) {
      return warning({ what, why: 'Users whose address is only there get no email.', remedy });
    }
    return failure({ what, why: 'No address can be looked up; notifications wait.', remedy });
  } catch (err) {
    const { message, remedy: given } = stepFailureOf(err);
    return failure({ what: message, why: NOTHING_SENT, remedy: given ?? remedy });
  }
}
