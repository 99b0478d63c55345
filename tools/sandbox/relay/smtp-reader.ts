interface SmtpReaderEvents {
  onCommand(line: string): void;
  /** The first bytes of a message. */
  onBody?(bytes: string): void;
  /** A complete message, without the line of the final dot. */
  onMessage(message: string): void;
}

/** Splits the bytes of an SMTP client into commands and messages. */
export function createSmtpReader({ onCommand, onBody, onMessage }: SmtpReaderEvents) {
  let buffer = '';
  let message: 'none' | 'expected' | 'begun' = 'none';
  let isStopped = false;

  function readMessage(): boolean {
    if (message === 'expected' && buffer) {
      message = 'begun';
      onBody?.(buffer);
    }
    const end = `\r\n${buffer}`.indexOf('\r\n.\r\n');
    if (end < 0 || isStopped) return false;
    const text = buffer.slice(0, end);
    buffer = buffer.slice(end + '.\r\n'.length);
    message = 'none';
    onMessage(text);
    return true;
  }

  function readCommand(): boolean {
    const end = buffer.indexOf('\r\n');
    if (end < 0) return false;
    const line = buffer.slice(0, end);
    buffer = buffer.slice(end + '\r\n'.length);
    onCommand(line);
    return true;
  }

  return {
    read(bytes: string): void {
      if (isStopped) return;
      buffer += bytes;
      let hasRead = true;
      while (hasRead && !isStopped) hasRead = message === 'none' ? readCommand() : readMessage();
    },
    /** Call after a 354. */
    expectMessage(): void {
      message = 'expected';
    },
    /** Ignores all further bytes. */
    stop(): void {
      isStopped = true;
    },
  };
}
