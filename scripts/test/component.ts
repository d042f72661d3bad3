/** The smallest file that says that it is a component which exports these functions. */
export function componentOf(...functions: string[]): Buffer {
  const exports = functions.map((name) => {
    const text = Buffer.from(name);
    const content = Buffer.from([1, 0, text.length, ...text, 1, 0, 0]);
    return Buffer.from([11, content.length, ...content]);
  });
  return Buffer.concat([Buffer.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), ...exports]);
}
