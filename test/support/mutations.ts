type Mutation = (bytes: Buffer) => Buffer;

const splice = (bytes: Buffer, from: number, to: number, insert: Uint8Array = Buffer.alloc(0)) =>
  Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(to)]);

/** `words` are what means something in the format at hand. */
export function createMutate(words: readonly string[], random: (bound: number) => number) {
  const word = () => Buffer.from(words[random(words.length)] ?? '', 'latin1');
  const noise = (most: number) =>
    Buffer.from(Array.from({ length: random(most) }, () => random(256)));
  const range = (bytes: Buffer): [number, number] => {
    const from = random(bytes.length + 1);
    return [from, Math.min(bytes.length, from + random(60))];
  };

  const mutations: Mutation[] = [
    (bytes) => splice(bytes, random(bytes.length), bytes.length),
    (bytes) => splice(bytes, ...range(bytes)),
    (bytes) => splice(bytes, ...range(bytes), noise(40)),
    (bytes) => splice(bytes, ...range(bytes), word()),
    (bytes) => {
      const at = random(bytes.length + 1);
      return splice(bytes, at, at, word());
    },
    (bytes) => {
      const [from, to] = range(bytes);
      const at = random(bytes.length + 1);
      return splice(bytes, at, at, bytes.subarray(from, to));
    },
    (bytes) => {
      const copy = Buffer.from(bytes);
      for (let i = random(8); i >= 0; i -= 1) copy[random(copy.length)] = random(256);
      return copy;
    },
    (bytes) =>
      Buffer.from(
        bytes.toString('latin1').replace(/\r\n/g, () => (random(4) ? '\r\n' : '\n')),
        'latin1',
      ),
    (bytes) => {
      // One word becomes another wherever it stands.
      const [from, to] = [word().toString('latin1'), word().toString('latin1')];
      return from ? Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1') : bytes;
    },
  ];

  return function mutate(bytes: Buffer): Buffer {
    let mutated = bytes;
    for (let i = random(3); i >= 0; i -= 1) {
      mutated = mutations[random(mutations.length)]?.(mutated) ?? mutated;
    }
    return mutated;
  };
}
