import { defaultPayloadConverter, type PayloadConverter } from '@temporalio/common';

/**
 * The arguments of signals, queries and starts come from whoever may reach Temporal, in encodings that
 * its UI offers and we do not read (json/protobuf, binary/encrypted) or broken. A failure to decode one
 * would fail the run's workflow task for ever, so there it counts as absent. Everything else, the
 * results of activities first, is ours, and has to be read as it was written.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value, context, hint) => defaultPayloadConverter.toPayload(value, context, hint),
  fromPayload<T>(...[payload, context, hint]: Parameters<PayloadConverter['fromPayload']>): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload, context, hint as never);
    } catch (err) {
      if (context?.type !== 'workflow') throw err;
      return undefined as T;
    }
  },
};
