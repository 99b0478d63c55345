import { Layout } from '../parts/layout';

/** `next`: the path to go on to. */
export function LoginView({ next, fault }: { next: string; fault?: string }) {
  return (
    <Layout title="Log in">
      <div class="card login">
        <h1>Log in</h1>
        {fault && (
          <p class="fault" role="alert" id="fault">
            {fault}
          </p>
        )}
        <form method="post" action="/login">
          <input type="hidden" name="next" value={next} />
          {/* Password managers file the token under a name. */}
          <input name="username" value="bulk-notify" autocomplete="username" hidden readOnly />
          <label for="token">Admin token</label>
          <input
            id="token"
            type="password"
            name="token"
            required
            autocomplete="current-password"
            aria-describedby={fault ? 'fault hint' : 'hint'}
            aria-invalid={fault ? 'true' : undefined}
          />
          <p class="hint" id="hint">
            The value of <code>ADMIN_API_TOKEN</code>. You stay logged in for ten hours.
          </p>
          <button class="primary">Log in</button>
        </form>
      </div>
    </Layout>
  );
}
