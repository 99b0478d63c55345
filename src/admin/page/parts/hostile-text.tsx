/** Control, format and unassigned characters and line separators; joiners only shape letters. */
const UNSEEN = /([\p{C}\p{Zl}\p{Zp}])/u;
const JOINERS = /^[\u200c\u200d]$/;

/** Text from outside: isolated, so that it cannot turn what follows, with unseen characters by name. */
export function HostileText({ text }: { text: string }) {
  const pieces = text.split(UNSEEN);
  return (
    <bdi>
      {pieces.map((piece, index) =>
        index % 2 === 0 || JOINERS.test(piece) ? piece : <UnseenCharacter character={piece} />,
      )}
    </bdi>
  );
}

function UnseenCharacter({ character }: { character: string }) {
  const code = character.codePointAt(0) ?? 0;
  return <span class="unseen">U+{code.toString(16).toUpperCase().padStart(4, '0')}</span>;
}
