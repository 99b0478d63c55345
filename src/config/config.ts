import {
  createEnvironmentReader,
  type Environment,
  type EnvironmentReader,
} from './environment-reader';
import { readAdmin, readLookUps } from './read-admin';
import { readDatabase, readReaderDatabase, readRecipientSource } from './read-database';
import { readDelivery, readResendWindow } from './read-delivery';
import { doctorConfig, readDoctor } from './read-doctor';
import { readConnections, readPort } from './read-http';
import { readLogLevel } from './read-log-level';
import { readTaskApi } from './read-provider';
import { readRelay } from './read-relay';
import { readSender, readSenderIfGiven } from './read-sender';
import { readRetention, readTemporal, readTemporalMetricsPort } from './read-temporal';
import { readUpload } from './read-upload';
import { readUploadWatch } from './read-upload-watch';
import { readWebhook } from './read-webhook';

export type ApiConfig = ReturnType<typeof readApi>;
export type WorkerConfig = ReturnType<typeof readWorker>;
export type SetupConfig = ReturnType<typeof readSetup>;
export type OperatorConfig = ReturnType<typeof readOperator>;
export type WatchConfig = ReturnType<typeof readWatch>;

/** The commands that do not start if the environment has a fault. */
const STRICT_READERS = {
  api: readApi,
  worker: readWorker,
  setup: readSetup,
  'show, list, resend, bulk': readOperator,
  watch: readWatch,
  preview: readPreview,
};

/** What each command reads from the environment. */
export const READERS = { ...STRICT_READERS, doctor: readDoctor };

/** Each throws a ConfigurationError that names every fault. */
export const loadApiConfig = (environment?: Environment) => load(readApi, environment);
export const loadWorkerConfig = (environment?: Environment) => load(readWorker, environment);
export const loadSetupConfig = (environment?: Environment) => load(readSetup, environment);
export const loadOperatorConfig = (environment?: Environment) => load(readOperator, environment);
export const loadPreviewConfig = (environment?: Environment) => load(readPreview, environment);
export const loadWatchConfig = (environment?: Environment) => load(readWatch, environment);
/** Throws nothing: the faults are among what the doctor finds. */
export const loadDoctorConfig = (environment: Environment = process.env) =>
  doctorConfig(STRICT_READERS, environment);

function load<C>(
  read: (reader: EnvironmentReader) => C,
  environment: Environment = process.env,
): C {
  const reader = createEnvironmentReader(environment);
  const config = read(reader);
  reader.finish();
  return config;
}

function readApi(reader: EnvironmentReader) {
  const webhook = readWebhook(reader);
  return {
    logLevel: readLogLevel(reader),
    port: readPort(reader, 8080),
    ...readConnections(reader),
    ...readAdmin(reader),
    ...webhook,
    upload: readUpload(reader, webhook.publicBaseUrl),
    sender: readSenderIfGiven(reader),
    resendWindowMs: readResendWindow(reader),
    uploadWatch: readUploadWatch(reader),
    temporal: readTemporal(reader),
  };
}

function readWorker(reader: EnvironmentReader) {
  const sender = readSender(reader);
  return {
    logLevel: readLogLevel(reader),
    port: readPort(reader, 8081),
    temporal: readTemporal(reader),
    temporalMetricsPort: readTemporalMetricsPort(reader),
    database: readDatabase(reader),
    recipientSource: readRecipientSource(reader),
    taskApi: readTaskApi(reader),
    ...readRelay(reader, sender.from.address),
    sender,
    ...readDelivery(reader),
  };
}

function readSetup(reader: EnvironmentReader) {
  return {
    logLevel: readLogLevel(reader),
    temporal: readTemporal(reader),
    retentionMs: readRetention(reader),
    database: readDatabase(reader),
    readerDatabase: readReaderDatabase(reader),
    recipientSource: readRecipientSource(reader),
  };
}

/** For the commands that look notifications up or resend them. */
function readOperator(reader: EnvironmentReader) {
  return { ...readRuns(reader), ...readLookUps(reader) };
}

/** Emails are previewed with the sender and the templates of the worker. */
function readPreview(reader: EnvironmentReader) {
  return { ...readOperator(reader), sender: readSender(reader) };
}

function readWatch(reader: EnvironmentReader) {
  return { ...readRuns(reader), uploadWatch: readUploadWatch(reader) };
}

/** What starting a run needs. */
function readRuns(reader: EnvironmentReader) {
  return {
    logLevel: readLogLevel(reader),
    resendWindowMs: readResendWindow(reader),
    temporal: readTemporal(reader),
  };
}
