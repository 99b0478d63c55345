import { temporalFaultOf } from '../../src/temporal/diagnosis';

describe('temporalFaultOf', () => {
  it('masks an address before it cuts the message', () => {
    const details = `${'x'.repeat(180)} owner.of.the.upload@customer.example is refused`;
    const err = Object.assign(new Error('refused'), { code: 7, details, metadata: {} });

    const { status, message = '' } = temporalFaultOf(err) ?? {};

    expect(status).toBe('PERMISSION_DENIED');
    expect(message).toMatch(/^x{180} <address>/);
    expect(message).toHaveLength(200);
  });
});
