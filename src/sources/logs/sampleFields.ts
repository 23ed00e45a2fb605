/** The scalars of one field over the sample's lines. */
export interface SampleField {
  /** Path with dots. */
  readonly name: string;
  readonly values: readonly (string | number | boolean)[];
}

const DEEPEST = 3;

/** The scalar fields of the lines, nested ones by their path, in the order of their first appearance. "" and "-" say nothing and are left out. */
export function sampleFields(lines: readonly Readonly<Record<string, unknown>>[]): readonly SampleField[] {
  const fields = new Map<string, (string | number | boolean)[]>();
  const visit = (object: object, prefix: string, depth: number): void => {
    for (const [key, value] of Object.entries(object) as [string, unknown][]) {
      const name = prefix + key;
      if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < DEEPEST) visit(value, `${name}.`, depth + 1);
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue;
      const values = fields.get(name) ?? [];
      fields.set(name, values);
      if (value !== '' && value !== '-') values.push(value);
    }
  };
  for (const line of lines) visit(line, '', 1);
  return [...fields].map(([name, values]) => ({ name, values }));
}

/** `http.statusCode`, `status_code` and `Status-Code` are one name: last part, lower case, letters and digits only. */
const plain = (name: string): string => (name.split('.').at(-1) ?? name).toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * The field that bears the first of these names (plain: `statuscode`) and whose values pass; the whole name with its parents counts too
 * (`service.name` is `servicename`).
 */
export function fieldNamed(
  fields: readonly SampleField[],
  names: readonly string[],
  passes: (values: SampleField['values']) => boolean,
): SampleField | null {
  for (const name of names) {
    const found = fields.find((field) => {
      const whole = field.name.toLowerCase().replace(/[^a-z0-9]/g, '');
      return (plain(field.name) === name || whole === name) && field.values.length > 0 && passes(field.values);
    });
    if (found) return found;
  }
  return null;
}
