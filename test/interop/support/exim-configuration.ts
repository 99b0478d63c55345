import {
  FULL,
  FULL_FOR_NOW,
  GREYLISTED,
  linesOf,
  PASSWORD,
  type RelaySettings,
  SENDER,
  UNKNOWN,
  USERNAME,
} from './real-relay';

interface Exim {
  exim: string;
  directory: string;
  user: string;
  port: number;
  settings: RelaySettings;
}

/** Exim's replies carry no enhanced status code unless its administrator writes one. */
export function eximConfiguration({ exim, directory, user, port, settings }: Exim): string {
  return `${linesOf(settings)}exim_path = ${exim}
primary_hostname = relay.example
spool_directory = ${directory}/spool
log_file_path = ${directory}/spool/%slog
pid_file_path = ${directory}/spool/pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
deliver_drop_privilege = true
keep_environment =
add_environment =
tls_advertise_hosts = *
tls_certificate = ${directory}/cert.pem
tls_privatekey = ${directory}/key.pem
auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}
# By default it leaves the eleventh mail of a connection to the queue runner, which comes once a minute.
smtp_accept_queue_per_connection = 0
acl_smtp_mail = sender
acl_smtp_rcpt = recipient

begin acl
sender:
  accept
    senders = ${SENDER}
  deny
    message = sender address is not yours
recipient:
  require
    message = relay not permitted
    authenticated = *
  deny
    message = Unrouteable address
    recipients = ${UNKNOWN}
  deny
    message = 552 5.2.2 Mailbox quota exceeded
    recipients = ${FULL}
  defer
    message = 452 Mailbox quota exceeded
    recipients = ${FULL_FOR_NOW}
  defer
    message = Greylisted, please try again in 300 seconds
    recipients = ${GREYLISTED}
    condition = \${if !exists{${directory}/greylisting-is-over}}
  accept

begin routers
all:
  driver = accept
  transport = store

begin transports
store:
  driver = appendfile
  directory = ${directory}/mail
  maildir_format
  user = ${user}

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${USERNAME}}}{eq{$auth3}{${PASSWORD}}}}}
  server_set_id = $auth2
`;
}
