import { HIDDEN_CHARACTERS } from '../../../parse/hidden-characters';

/** Text from outside: isolated, so that it cannot turn what follows, with hidden characters by name. */
export function HostileText({ text }: { text: string }) {
  // Each second piece is the character between two others.
  const pieces = text.split(HIDDEN_CHARACTERS);
  return (
    <bdi>
      {pieces.map((piece, index) =>
        index % 2 === 0 ? piece : <HiddenCharacter character={piece} />,
      )}
    </bdi>
  );
}

function HiddenCharacter({ character }: { character: string }) {
  const code = character.codePointAt(0) ?? 0;
  return <span class="unseen">U+{code.toString(16).toUpperCase().padStart(4, '0')}</span>;
}
