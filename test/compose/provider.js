// The sandbox's provider, with tasks that the test knows. It listens on 127.0.0.1 only, so a forwarder
// opens it to the other containers.
const { createServer, connect } = require('node:net');
const { startProvider } = require('/app/dist/tools/sandbox/provider/provider.js');

const userId = '6f1f4c5e-8f0e-4a53-9d55-1f7a3c2b9e01';

startProvider().then(({ baseUrl, addTask }) => {
  for (let number = 1; number <= 50; number += 1) {
    const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    addTask({ id, user_id: userId, file: { filename: `file-${number}.csv` } });
  }
  const { port } = new URL(baseUrl);
  createServer((client) => {
    const upstream = connect(Number(port), '127.0.0.1');
    client.on('error', () => upstream.destroy()).pipe(upstream);
    upstream.on('error', () => client.destroy()).pipe(client);
  }).listen(8090, '0.0.0.0');
});
process.once('SIGTERM', () => process.exit(0));
