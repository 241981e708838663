// The network between a browser and its room: a port that passes everything on, and can be cut and joined again.
import { connect, createServer } from 'node:net';

export class Cable {
  /** @param address of the room, "http://127.0.0.1:PORT" */
  static open(address) {
    const cable = new Cable();
    const to = new URL(address);
    cable.ends = new Set();
    cable.whole = true;
    cable.server = createServer((near) => {
      if (!cable.whole) return near.destroy();
      const far = connect(Number(to.port), to.hostname);
      for (const [a, b] of [[near, far], [far, near]]) {
        cable.ends.add(a);
        a.on('data', (bytes) => b.write(bytes));
        a.on('error', () => a.destroy());
        a.on('close', () => (cable.ends.delete(a), b.destroy()));
      }
      return undefined;
    });
    cable.server.unref(); // a test that failed before it closed its cable does not keep the whole file waiting
    return new Promise((done) =>
      cable.server.listen(0, '127.0.0.1', () => {
        cable.address = `http://127.0.0.1:${cable.server.address().port}`;
        done(cable);
      }),
    );
  }

  cut() {
    this.whole = false;
    for (const end of this.ends) end.destroy();
  }

  join() {
    this.whole = true;
  }

  async close() {
    this.cut();
    await new Promise((done) => this.server.close(done));
  }
}
