import { ApplicationFailure } from '@temporalio/common';
import type { LogLevel } from '../../src/telemetry/logger';
import { createTemporalLogger } from '../../src/temporal/temporal-logger';
import { capturedLogger } from '../support/captured-logger';

const withCode = (err: Error, code: unknown) => Object.assign(err, { code });

describe('createLogger', () => {
  it('writes one JSON line for an event, with its level by name and its time', () => {
    const { logger, text, lines } = capturedLogger();

    logger.warn({ port: 8080 }, 'api.listening');

    expect(text()).toMatch(/^\{[^\n]*\}\n$/);
    expect(lines()).toEqual([
      {
        level: 'warn',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
        event: 'api.listening',
        port: 8080,
      },
    ]);
  });

  it.each<[LogLevel, string[]]>([
    ['debug', ['debug', 'info', 'warn', 'error', 'fatal']],
    ['info', ['info', 'warn', 'error', 'fatal']],
    ['warning', ['warn', 'error', 'fatal']],
    ['error', ['error', 'fatal']],
    ['critical', ['fatal']],
  ])('at level %s writes %j', (level, expected) => {
    const { logger, events } = capturedLogger(level);

    for (const each of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) {
      logger[each](each);
    }

    expect(events()).toEqual(expected);
  });

  it.each([
    ['jane.doe@example.org', '<address>'],
    ['<jane.doe@example.org>: no such user', '<<address>>: no such user'],
    ['no user "jane@example.org", sorry', 'no user "<address>", sorry'],
    ['RCPT TO:<jane+tag@sub.example.org>', 'RCPT TO:<<address>>'],
    ['jane@example.org, joe@example.org; kim@x', '<address>, <address>; <address>'],
    ["o'brien@example.org", '<address>'],
    ['<"jane doe"@example.org> unknown', '<<address>> unknown'],
    ['"quoted" jane@example.org', '"quoted" <address>'],
    ['jane@bücher.example', '<address>'],
    ['jane@localhost', '<address>'],
    ['jane@[192.0.2.1]', '<address>'],
    ['user=jane@example.org', '<address>'],
    ['a@b@c', '<address>'],
    ['550 5.1.1 no address here', '550 5.1.1 no address here'],
    ['at 10:00 @ noon', 'at 10:00 @ noon'],
    ['', ''],
  ])('writes the message %j as %j', (message, expected) => {
    const { logger, lines } = capturedLogger();

    logger.info({ message, reply: message, err: new Error(message) }, 'event');

    expect(lines()).toMatchObject([
      { message: expected, reply: expected, err: { message: expected } },
    ]);
  });

  it('writes a long text without an address within seconds, not minutes', () => {
    const { logger, lines } = capturedLogger();
    const begun = performance.now();

    logger.info({ message: 'x'.repeat(1_000_000) }, 'event');

    expect(performance.now() - begun).toBeLessThan(15_000);
    expect(lines()).toHaveLength(1);
  });

  it('writes type, code and message of an error and its causes, without stacks', () => {
    const { logger, text, lines } = capturedLogger();
    const cause = withCode(new TypeError('jane@example.org refused'), 'ECONNREFUSED');
    const middle = new Error('for joe@example.org', { cause });
    const err = Object.assign(new Error('outer', { cause: middle }), { type: 'SendFailed' });

    logger.error({ err }, 'process.failed');

    expect(lines()).toMatchObject([
      {
        err: {
          type: 'SendFailed',
          message: 'outer',
          cause: {
            type: 'Error',
            message: 'for <address>',
            cause: { type: 'TypeError', code: 'ECONNREFUSED', message: '<address> refused' },
          },
        },
      },
    ]);
    expect(text()).not.toContain('@');
    expect(text()).not.toContain('logger.test.ts');
  });

  it('omits other properties of an error', () => {
    const { logger, lines } = capturedLogger();
    const err = withCode(new Error('refused'), 550);

    logger.error({ err: Object.assign(err, { envelope: { to: ['jane@example.org'] } }) }, 'event');

    expect(lines()[0]!.err).toEqual({ type: 'Error', message: 'refused', code: 550 });
  });

  it.each([
    ['a string', 'jane@example.org', '<address>'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    [
      'an error whose cause is a string',
      new Error('x', { cause: 'jane@example.org' }),
      { cause: '<address>' },
    ],
  ])('writes an error that is %s', (_what, err, expected) => {
    const { logger, lines } = capturedLogger();

    logger.error({ err }, 'event');

    const written = lines()[0]!.err ?? 'undefined';
    expect({ written }).toMatchObject({ written: expected });
  });
});

describe('createTemporalLogger', () => {
  const workflowId = 'bulk_upload_notification:550e8400-e29b-41d4-a716-446655440000:completed';
  const common = {
    namespace: 'default',
    taskQueue: 'bulk-upload-notifications',
    workflowId,
    workflowType: 'bulkUploadNotification',
    sdkComponent: 'activity',
  };

  it.each<[string, Record<string, unknown>]>([
    ['a workflow', { ...common, runId: 'the-run' }],
    [
      'an activity',
      {
        ...common,
        workflowRunId: 'the-run',
        activityId: '1',
        isLocal: false,
        taskToken: 'CiQ4',
      },
    ],
  ])('names the event, the workflow and the run in the lines of %s', (_what, metadata) => {
    const { logger, lines } = capturedLogger();

    createTemporalLogger(logger).info('bulk_upload_notification.email_sent', metadata);

    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.any(String) as string,
        event: 'bulk_upload_notification.email_sent',
        event_id: workflowId,
        workflow_id: workflowId,
        run_id: 'the-run',
        task_queue: 'bulk-upload-notifications',
      },
    ]);
  });

  it.each<[string, 'info' | 'warn', object]>([
    ['a state of the worker', 'info', { sdkComponent: 'worker', state: 'DRAINED' }],
    [
      'a failure that its activity has logged',
      'warn',
      { sdkComponent: 'worker', error: ApplicationFailure.retryable('no', 'SendDeferred') },
    ],
  ])('writes %s at level debug', (_what, level, metadata) => {
    const { logger, lines } = capturedLogger();

    createTemporalLogger(logger)[level]('what happened', metadata);

    expect(lines()).toMatchObject([{ level: 'debug' }]);
  });

  it('writes lines of the core with their fields masked and cut', () => {
    const { logger, lines } = capturedLogger();

    createTemporalLogger(logger).warn('Failed for jane@customer.example', {
      sdkComponent: 'core',
      target: 'temporalio_sdk_core',
      event: 'x',
      error: `to jane@customer.example ${'x'.repeat(10_000)}`,
    });

    const [line] = lines();
    expect(line).toMatchObject({ level: 'warn', event: 'temporal.core' });
    expect(JSON.stringify(line)).not.toContain('jane');
    expect(JSON.stringify(line).length).toBeLessThan(2_000);
  });

  it('logs an unexpected failure as a warning', () => {
    const { logger, lines } = capturedLogger();
    const error = new TypeError('x is not a function');

    createTemporalLogger(logger).warn('Activity failed', { sdkComponent: 'worker', error });

    expect(lines()).toMatchObject([{ level: 'warn', err: { message: 'x is not a function' } }]);
  });

  it('keeps the fields of the lines of activities and masks their texts', () => {
    const { logger, lines } = capturedLogger();

    createTemporalLogger(logger).warn('bulk_upload_notification.refused', {
      ...common,
      activityType: 'sendMail',
      attempt: 3,
      status_code: 550,
      reply: '550 <jane@example.org> unknown',
      error: new Error('no jane@example.org', { cause: new Error('joe@example.org') }),
    });

    expect(lines()).toMatchObject([
      {
        activity: 'sendMail',
        attempt: 3,
        status_code: 550,
        reply: '550 <<address>> unknown',
        err: { message: 'no <address>', cause: { message: '<address>' } },
      },
    ]);
    expect(lines()[0]).not.toHaveProperty('error');
  });

  it('writes a line without metadata', () => {
    const { logger, lines } = capturedLogger();

    createTemporalLogger(logger).info('Worker state changed');

    expect(lines()).toEqual([
      { level: 'info', time: expect.any(String) as string, event: 'Worker state changed' },
    ]);
  });

  it.each([
    ['debug', 'debug'],
    ['info', 'info'],
    ['warn', 'warn'],
    ['error', 'error'],
  ] as const)('writes lines that the SDK logs at level %s at that level', (method, level) => {
    const { logger, lines } = capturedLogger();
    const temporalLogger = createTemporalLogger(logger);

    temporalLogger[method]('an event');
    temporalLogger.log(method.toUpperCase() as 'DEBUG', 'an event');
    temporalLogger.trace('too much');

    expect(lines().map((line) => line.level)).toEqual([level, level]);
  });
});
