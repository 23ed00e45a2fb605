declare module 'murmurhash3js-revisited' {
  interface Murmur {
    readonly x86: { hash32(bytes: Uint8Array, seed?: number): number };
  }
  const murmur: Murmur;
  export default murmur;
}
