// A script of its own, read before the pages' own program: Verovio takes longest until a score stands there, so its worker begins
// first. The pages take it over (engraver.ts).
export {};

declare global {
  interface Window {
    engraver?: Worker;
  }
}

window.engraver = new Worker('engraver.js');
window.engraver.onerror = () => delete window.engraver; // it could not be read: the pages try again, and tell
