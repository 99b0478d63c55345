import type { DoctorSections } from '../config/read-doctor';
import type { createTemporalClient } from '../temporal/client';
import { createDiagnosis, type Diagnosis, temporalFaultOf } from '../temporal/diagnosis';
import { compareAttributes } from '../temporal/namespace';
import { inDays } from '../operator/in-days';
import { createPollerCount, taskQueueNames } from '../temporal/task-queue-pollers';
import { judgeClock } from './clock';
import type { Check, Examination } from './examine';
import { failure, type Judgement, ok, skipped, warning } from './finding';

interface TemporalQuestions extends NonNullable<DoctorSections['temporal']> {
  client: ReturnType<typeof createTemporalClient>;
}

const REACH_MS = 4_000;
const NO_RUNS = 'Webhooks are answered 503, and no notification starts or goes on.';
const SETUP = 'Run `bulk-notify setup`.';

/** What `setup` prepares, who polls, and the server's clock. */
export function temporalExamination(questions: TemporalQuestions): Examination {
  const { client, temporal } = questions;
  const diagnosis = createDiagnosis(client);
  return {
    part: 'temporal',
    async examine(check) {
      const reached = await check('connection', () => judgeConnection(diagnosis, questions));
      if (reached.status === 'failure') return;
      const named = await check('namespace', () => judgeRetention(diagnosis, questions));
      if (named.status === 'failure') return;
      await Promise.all([
        check('search attributes', () => judgeAttributes(questions)),
        check('pollers', () => judgePollers(client, temporal.taskQueue)),
        check('order of sends', async () =>
          judgeOrder(await diagnosis.fetchServerVersion(), questions.sendsPerSecond),
        ),
        examineClock(check, diagnosis, temporal.taskQueue),
      ]);
    },
  };
}

async function judgeConnection(
  diagnosis: Diagnosis,
  { client, temporal }: TemporalQuestions,
): Promise<Judgement> {
  try {
    const version = await client.withDeadline(Date.now() + REACH_MS, () =>
      diagnosis.fetchServerVersion(),
    );
    const { address = '', tls } = temporal.connectionOptions;
    return ok(`${address} answers, server ${version}, ${tls ? 'TLS' : 'in clear'}`);
  } catch (err) {
    return unreachable(err);
  }
}

function unreachable(err: unknown): Judgement {
  const fault = temporalFaultOf(err);
  if (!fault) throw err;
  const { status, message } = fault;
  return failure({
    what: `${status}: ${message}`,
    why: NO_RUNS,
    remedy: remedyOf(status, message),
  });
}

function remedyOf(status: string, message: string): string {
  if (['PERMISSION_DENIED', 'UNAUTHENTICATED'].includes(status)) {
    return 'Correct TEMPORAL_API_KEY or TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH, and TEMPORAL_NAMESPACE.';
  }
  if (/certificate|tls|ssl/i.test(message)) {
    return 'Check TEMPORAL_TLS, TEMPORAL_TLS_SERVER_CA_CERT_PATH, TEMPORAL_TLS_SERVER_NAME and SSL_CERT_FILE.';
  }
  return 'Check that Temporal runs, that TEMPORAL_ADDRESS is right, and that TEMPORAL_TLS says what the server speaks.';
}

async function judgeRetention(
  diagnosis: Diagnosis,
  { temporal: { namespace }, resendWindowMs, retentionMs }: TemporalQuestions,
): Promise<Judgement> {
  const found = await diagnosis.fetchRetentionMs().catch((err: unknown) => {
    const { status } = temporalFaultOf(err) ?? {};
    if (status === 'NOT_FOUND') return undefined;
    // Temporal Cloud answers an API key of a single namespace so.
    if (status === 'PERMISSION_DENIED' || status === 'UNIMPLEMENTED') return NaN;
    throw err;
  });
  if (found === undefined) {
    return failure({
      what: `there is no namespace ${namespace}`,
      why: NO_RUNS,
      remedy: `Correct TEMPORAL_NAMESPACE, or: ${SETUP}`,
    });
  }
  if (Number.isNaN(found)) return skipped(`the retention of ${namespace} may not be read`);
  const text = `${namespace} keeps closed runs for ${inDays(found)}`;
  if (found < resendWindowMs) {
    return warning({
      what: `${text}, less than RESEND_WINDOW (${inDays(resendWindowMs)})`,
      why: 'A run that has closed is gone from the Temporal UI while its neighbours can still be resent there.',
      remedy: `Set TEMPORAL_RETENTION above RESEND_WINDOW. ${SETUP}`,
    });
  }
  if (found >= retentionMs) return ok(text);
  return warning({
    what: `${text}, and TEMPORAL_RETENTION says ${inDays(retentionMs)}`,
    why: 'Runs are gone from the Temporal UI earlier than you expect; the ledger keeps them.',
    remedy: `${SETUP} On Temporal Cloud set the retention there.`,
  });
}

async function judgeAttributes({ client }: TemporalQuestions): Promise<Judgement> {
  const found = await compareAttributes(client).catch((err: unknown) => {
    if (temporalFaultOf(err)) return 'unknown' as const;
    throw err;
  });
  if (!found || found === 'unknown') return skipped('the search attributes may not be read');
  const { missing, wrong } = found;
  const why = 'Temporal refuses to start a run with an attribute that it does not know.';
  if (missing.length > 0) {
    const remedy = `${SETUP} On Temporal Cloud add them there (type Keyword).`;
    return failure({ what: `missing: ${missing.join(', ')}`, why, remedy });
  }
  if (wrong.length > 0) {
    const remedy =
      'Remove them from the namespace of TEMPORAL_NAMESPACE, then run `bulk-notify setup`.';
    return failure({ what: `not of type Keyword: ${wrong.join(', ')}`, why, remedy });
  }
  return ok('all there');
}

async function judgePollers(
  client: TemporalQuestions['client'],
  taskQueue: string,
): Promise<Judgement> {
  const names = taskQueueNames(taskQueue);
  const queues = (await createPollerCount(client, taskQueue)()).map((it) => ({
    pollers: it.pollers,
    text: `${names[it.taskQueue]} (${it.type})`,
  }));
  const deserted = queues.filter(({ pollers }) => pollers === 0);
  if (deserted.length === 0) {
    return ok(`${Object.values(names).join(', ')} are polled`);
  }
  return failure({
    what: `nobody polls ${deserted.map(({ text }) => text).join(', ')}`,
    why: 'Notifications start and nothing happens with them until a worker polls.',
    remedy:
      'Start `bulk-notify worker` with this TEMPORAL_TASK_QUEUE, TEMPORAL_NAMESPACE and TEMPORAL_ADDRESS.',
  });
}

/** Of a newer server only its operator knows: the API does not say how a task queue is ordered. */
export function judgeOrder(version: string, sendsPerSecond: number | undefined): Judgement {
  if (sendsPerSecond === undefined) {
    return skipped(
      'does not matter: SMTP_MAX_PER_SECOND is not set, so that no mail waits its turn',
    );
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < 1 || (major === 1 && minor < 29);
  const remedy = `${isOld ? 'Upgrade Temporal to 1.31 or newer, and set' : 'Set'} matching.enableFairness, as deploy/temporal/dynamic-config.yaml does. On Temporal Cloud, fairness is a paid option of the namespace.`;
  if (!isOld)
    return skipped('the server does not say whether matching.enableFairness is on', remedy);
  return warning({
    what: `server ${version} sends mails in the order in which they came`,
    why: "Because of SMTP_MAX_PER_SECOND, a user's many mails or a bulk resend delay everybody else's.",
    remedy,
  });
}

/** On a task queue of its own, which has no tasks. */
async function examineClock(check: Check, diagnosis: Diagnosis, taskQueue: string) {
  await check('clock', async () =>
    judgeClock(await diagnosis.measureClock(`${taskQueue}-doctor`), 'Temporal'),
  );
}
