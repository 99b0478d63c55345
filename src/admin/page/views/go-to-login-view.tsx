import { Layout } from '../parts/layout';

/**
 * Browsers keep the cookie back when a link in a ticket or a chat is followed. This page asks again,
 * as a page of our own: the login page then gets the cookie, and leads on to where the link went.
 */
export function GoToLoginView({ path }: { path: string }) {
  return (
    <Layout title="Log in">
      <h1>Log in</h1>
      <p>
        <a href={path}>Continue to the login</a>
      </p>
    </Layout>
  );
}
