import { isIPv4, isIPv6 } from 'node:net';

const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;
const MAX_NAME_LENGTH = 253;
const ADDRESS_LITERAL = /^\[(IPv6:)?([\da-f:.]{2,45})\]$/i;
const LOOPBACK = /^127\.|^(?:0*:)+0*1$/;

/** A fully qualified name or an address literal (RFC 5321 §4.1.1.1), which relays require. */
export function isEhloName(name: string): boolean {
  return isQualifiedName(name) || isAddressLiteral(name);
}

/**
 * The host name if it is fully qualified, else the domain of the sender's address if that is.
 * nodemailer's default is `[127.0.0.1]`, which Google's relay answers with 421.
 */
export function defaultEhloName(hostName: string, fromAddress: string): string | undefined {
  const domain = fromAddress.slice(fromAddress.lastIndexOf('@') + 1);
  return [hostName, domain].find((name) => isQualifiedName(name) && !/^localhost\./i.test(name));
}

function isQualifiedName(name: string): boolean {
  const labels = name.split('.');
  return (
    name.length <= MAX_NAME_LENGTH &&
    labels.length > 1 &&
    labels.every((label) => LABEL.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '')
  );
}

function isAddressLiteral(name: string): boolean {
  const [, ipv6, address = ''] = ADDRESS_LITERAL.exec(name) ?? [];
  return (ipv6 ? isIPv6(address) : isIPv4(address)) && !LOOPBACK.test(address);
}
