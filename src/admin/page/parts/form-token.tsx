import type { Session } from '../sessions';

export function FormToken({ session }: { session: Session }) {
  return <input type="hidden" name="form_token" value={session.formToken} />;
}
