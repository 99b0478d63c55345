// Loaded before a program by --require: writes which packages the program has loaded when it ends.
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const names = Object.keys(require.cache)
    .filter((file) => file.includes('/node_modules/'))
    .map((file) => {
      const [first, second] = file.split('/node_modules/').at(-1).split('/');
      return first.startsWith('@') ? `${first}/${second}` : first;
    });
  writeFileSync(process.env.LOADED_PACKAGES_FILE, JSON.stringify([...new Set(names)]));
});
