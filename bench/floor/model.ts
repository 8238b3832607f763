// A write-only ONNX encoder just large enough for the hand-written steps. The benchmark's lower bound must not depend on the
// library it bounds, hence a second, smaller writer. Field numbers are those of onnx.proto.

export type ElementType = "float32" | "int32" | "int64" | "bool";
const ELEMENT = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

/** An attribute value: an integer, integers, a float (wrapped, for JavaScript has one number type), or a graph. */
export type Attribute =
  | number
  | readonly number[]
  | { readonly float: number }
  | { readonly string: string }
  | { readonly graph: GraphBuilder };

export interface Shaped {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
}

interface NodeRecord {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly domain: string;
}

/** Collects nodes, initializers, inputs and outputs; names are made up in order. */
export class GraphBuilder {
  private readonly nodes: NodeRecord[] = [];
  private readonly names = new Map<string, string>();
  private readonly initializers: Uint8Array[] = [];
  private readonly inputs: Shaped[] = [];
  private readonly outputs: Shaped[] = [];
  private readonly constants = new Map<string, string>();
  private count = 0;

  constructor(private readonly prefix = "n") {}

  get nodeCount(): number {
    return this.nodes.length;
  }

  input(name: string, shape: readonly number[], type: ElementType = "float32"): string {
    this.inputs.push({ name, shape, type });
    return name;
  }

  output(name: string, value: string, shape: readonly number[], type: ElementType = "float32"): void {
    // A graph output takes over the name of the value it shows; an input or constant needs a node in between.
    const made = this.nodes.some((node) => node.outputs.includes(value)) && !this.names.has(value);
    this.names.set(made ? value : this.node("Identity", [value]), name);
    this.outputs.push({ name, shape, type });
  }

  node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}, domain = ""): string {
    return this.nodeMany(op, inputs, 1, attributes, domain)[0]!;
  }

  nodeMany(
    op: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = "",
  ): string[] {
    const names = Array.from({ length: outputs }, () => `${this.prefix}${this.count++}`);
    this.nodes.push({ op, inputs, outputs: names, attributes, domain });
    return names;
  }

  scalar(value: number): string {
    return this.floats([value], []);
  }

  floats(values: readonly number[], shape: readonly number[]): string {
    return this.initializer(new Float32Array(values), "float32", shape);
  }

  ints(values: readonly number[], type: "int32" | "int64" = "int64", shape: readonly number[] = [values.length]): string {
    const array = type === "int32" ? new Int32Array(values) : BigInt64Array.from(values, BigInt);
    return this.initializer(array, type, shape);
  }

  graph(): Uint8Array {
    return message([
      ...this.nodes.map((node) => bytes(1, this.encode(node))),
      text(2, "step"),
      ...this.initializers.map((tensor) => bytes(5, tensor)),
      ...this.inputs.map((value) => bytes(11, valueInfo(value))),
      ...this.outputs.map((value) => bytes(12, valueInfo(value))),
    ]);
  }

  model(): Uint8Array {
    const opset = (domain: string, version: number) => message([text(1, domain), integer(2, version)]);
    return message([integer(1, 10), bytes(7, this.graph()), bytes(8, opset("", 21)), bytes(8, opset("com.microsoft", 1))]);
  }

  private initializer(data: Float32Array | Int32Array | BigInt64Array, type: ElementType, shape: readonly number[]): string {
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = `${type}(${shape}) ${raw}`;
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = `${this.prefix}c${this.constants.size}`;
    this.constants.set(key, name);
    this.initializers.push(
      message([...shape.map((size) => integer(1, size)), integer(2, ELEMENT[type]), text(8, name), bytes(9, raw)]),
    );
    return name;
  }

  private encode({ op, inputs, outputs, attributes, domain }: NodeRecord): Uint8Array {
    const shown = (name: string) => this.names.get(name) ?? name;
    return message([
      ...inputs.map((name) => text(1, shown(name))),
      ...outputs.map((name) => text(2, shown(name))),
      text(4, op),
      ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
      ...(domain === "" ? [] : [text(7, domain)]),
    ]);
  }
}

function attribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === "number") return message([text(1, name), integer(3, value), integer(20, 2)]);
  if ("string" in value) return message([text(1, name), text(4, value.string), integer(20, 3)]);
  if ("float" in value) return message([text(1, name), float(2, value.float), integer(20, 1)]);
  if ("graph" in value) return message([text(1, name), bytes(6, value.graph.graph()), integer(20, 5)]);
  return message([text(1, name), ...value.map((item) => integer(8, item)), integer(20, 7)]);
}

function valueInfo({ name, shape, type }: Shaped): Uint8Array {
  const dimensions = message(shape.map((size) => bytes(1, integer(1, size))));
  const tensor = message([integer(1, ELEMENT[type]), bytes(2, dimensions)]);
  return message([text(1, name), bytes(2, bytes(1, tensor))]);
}

const utf8 = new TextEncoder();
const text = (field: number, value: string) => bytes(field, utf8.encode(value));
const integer = (field: number, value: number) => message([varint(field * 8), varint(value)]);
const bytes = (field: number, value: Uint8Array) => message([varint(field * 8 + 2), varint(value.length), value]);

function float(field: number, value: number): Uint8Array {
  return message([varint(field * 8 + 5), new Uint8Array(new Float32Array([value]).buffer)]);
}

function varint(value: number): Uint8Array {
  const out: number[] = [];
  // Negative integers are ten bytes of two's complement; BigInt keeps that readable.
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    out.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(out);
}

function message(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}
