// The newest of several questions about one place: what answers an older one is not to be shown there any more.
export class Newest {
  #asked = 0;

  // Begins a question; the answer tells whether it still is the newest.
  ask() {
    const number = ++this.#asked;
    return () => number === this.#asked;
  }
}
