/** What is wrong with a form, in one place that is announced. */
export function Faults({ faults }: { faults: string[] }) {
  if (faults.length === 0) return null;
  return (
    <div class="fault" role="alert">
      <p>This does not work yet:</p>
      <ul>
        {faults.map((fault) => (
          <li>{fault}</li>
        ))}
      </ul>
    </div>
  );
}
