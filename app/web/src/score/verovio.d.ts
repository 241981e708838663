// The part of Verovio's JavaScript that is used here.
declare module 'verovio/wasm' {
  /** build.mjs puts `instantiate` in the place of Verovio's own loading. */
  export default function createVerovioModule(options: {
    instantiate(imports: WebAssembly.Imports): Promise<WebAssembly.WebAssemblyInstantiatedSource>;
  }): Promise<object>;
}
declare module 'verovio/esm' {
  export class VerovioToolkit {
    constructor(module: object);
    setOptions(options: Record<string, unknown>): void;
    loadData(data: string): boolean;
    getPageCount(): number;
    getPageWithElement(id: string): number;
    getLog(): string;
    renderToSVG(page: number): string;
  }
}
