import { failure, type Judgement, ok, warning } from '../finding';
import { findAddresses, findExchanges, type Resolve } from './resolver';

/** What arrives at the domain, and which variable names it. */
interface Incoming {
  domain: string;
  variable: 'SMTP_FROM_EMAIL' | 'SMTP_REPLY_TO';
  /** What is lost if the domain takes no mail. */
  loss: string;
}

/** Whether a domain takes mail: by MX, else by its own addresses (RFC 5321 §5.1). */
export async function judgeMailExchange(
  resolve: Resolve,
  { domain, variable, loss }: Incoming,
): Promise<Judgement> {
  const remedy = `Set ${variable} to a domain that takes mail, or publish an MX record at ${domain}.`;
  const exchanges = await findExchanges(resolve, domain);
  if (exchanges.some(({ exchange }) => exchange === '' || exchange === '.')) {
    return failure({
      what: `${domain} declares that it takes no mail (null MX)`,
      why: loss,
      remedy,
    });
  }
  const [first] = exchanges;
  if (first) {
    const reachable = await findReachable(
      resolve,
      exchanges.map(({ exchange }) => exchange),
    );
    if (reachable) return ok(`${domain} takes mail at ${first.exchange}`);
    return failure({
      what: `the MX of ${domain}, ${first.exchange}, has no address`,
      why: loss,
      remedy: `Correct the MX record at ${domain}, or set ${variable} to a domain that takes mail.`,
    });
  }
  const addresses = await findAddresses(resolve, domain);
  if (addresses.length === 0) {
    return failure({ what: `${domain} has neither MX nor address`, why: loss, remedy });
  }
  return warning({
    what: `${domain} has no MX, so that mail goes to its own address ${addresses[0]}`,
    why: `If no mail server answers there: ${loss}`,
    remedy: `Publish an MX record at ${domain}.`,
  });
}

async function findReachable(resolve: Resolve, names: string[]): Promise<string | undefined> {
  for (const name of names.slice(0, 5)) {
    if ((await findAddresses(resolve, name)).length > 0) return name;
  }
  return undefined;
}
