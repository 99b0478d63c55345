import { DOMAIN, FULL, FULL_FOR_NOW, linesOf, type RelaySettings, UNKNOWN } from './real-relay';

/** access(5): what Postfix says to a recipient. */
export const POSTFIX_RECIPIENTS = `${UNKNOWN} 550 5.1.1 User unknown
${FULL} 552 5.2.2 Mailbox is full
${FULL_FOR_NOW} 452 4.2.2 Mailbox is full
`;

/** The services beside smtpd that it takes to store a mail; none of them in a chroot. */
export const POSTFIX_MASTER = `cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
`;

interface Postfix {
  directory: string;
  owner: { uid: number; gid: number };
  authPort: number;
  policyPort: number;
  settings: RelaySettings;
}

/** A submission server as its manuals describe one: TLS, then AUTH, then only the login's sender. */
export function postfixMain({ directory, owner, authPort, policyPort, settings }: Postfix): string {
  return `${linesOf(settings)}compatibility_level = 3.6
queue_directory = ${directory}/queue
data_directory = ${directory}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = /dev/stdout
myhostname = relay.example
mydestination =
mynetworks =
alias_maps =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4

virtual_mailbox_domains = ${DOMAIN}
virtual_mailbox_base = ${directory}/mail
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:${owner.uid}
virtual_gid_maps = static:${owner.gid}
virtual_minimum_uid = 1

smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = ${directory}/cert.pem
smtpd_tls_key_file = ${directory}/key.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:${authPort}
smtpd_sender_login_maps = texthash:${directory}/senders

smtpd_helo_required = yes
# Many relays refuse a client that names itself by an address.
smtpd_helo_restrictions = check_helo_access regexp:{{/^\\[/ 450 4.7.1 Name yourself}},
  reject_non_fqdn_helo_hostname
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_recipient_restrictions = check_recipient_access texthash:${directory}/recipients,
  check_policy_service inet:127.0.0.1:${policyPort},
  permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
`;
}
